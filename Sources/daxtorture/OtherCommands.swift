import ArgumentParser
import DaxConfig
import DaxDevices
import DaxMutants
import DaxReport
import DaxSystem
import DaxText

struct Devices: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the pmem devices and DAX mounts of this machine.")

    @Flag(help: "Print JSON.")
    var json = false

    mutating func run() throws {
        let devices = try Device.all()
        Console.text(json ? Device.json(devices).text : Device.listing(devices))
    }
}

struct Configs: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the configs of a directory, each with its first comment line.",
        discussion: """
            Without --bugs it lists workloads, with it the configs that reproduce known bugs, which \
            are in the directory's own directory bugs.
            """)

    @Argument(help: "Where they are.")
    var directory = "configs"

    @Flag(help: "List those that reproduce known bugs.")
    var bugs = false

    mutating func run() throws {
        let directory = bugs ? "\(directory)/bugs" : directory
        let rows = try Files.names(in: directory).filter { $0.hasSuffix(".toml") }.map { name in
            let path = "\(directory)/\(name)"
            return [path, Config.title(of: try Files.text(path)) ?? "-"]
        }
        Console.text(Layout.table(["config", "what it is"], rows, left: [0, 1]))
    }
}

struct Mutants: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the kernels that can be broken on purpose (run --mutant NAME).")

    mutating func run() throws {
        for mutant in Mutant.all {
            Console.text("\(mutant.name): \(mutant.bug.rawValue)\n")
            var facts = [("", mutant.harm), ("kernels", mutant.kernels.joined(separator: ", "))]
            if let reason = mutant.equivalent {
                facts.append(("equivalent", reason))
            } else {
                facts.append(("may break", mutant.rules.map(RuleName.of).joined(separator: ", ")))
            }
            if !mutant.settings.isEmpty {
                let settings = mutant.settings.map { "--set \($0)" }
                facts.append(("needs", settings.joined(separator: " ")))
            }
            for (title, text) in facts {
                let first = title.isEmpty ? "    " : "    \(title): "
                let rest = title.isEmpty ? "    " : "      "
                Console.text(Layout.wrapped(text, first: first, rest: rest))
            }
        }
    }
}

struct ShowReport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Print what a report directory says.")

    @Argument(help: "The report directory.")
    var directory: String

    mutating func run() throws {
        let path = "\(directory)/report.json"
        do {
            Console.text(try Report(json: JSON(Files.read(path))).summary())
        } catch let error as SystemError {
            throw UsageError(error.description)
        } catch {
            throw UsageError("\(path): \(error)")
        }
    }
}
