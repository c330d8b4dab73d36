import ArgumentParser
import DaxConfig
import DaxDevices
import DaxHost
import DaxModel
import DaxMutants
import DaxReport
import DaxSystem
import DaxText
import DaxTorture

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
        abstract: "List the configs that there are, each with its first comment line.",
        discussion: """
            They are those that come with the program ($DAXTORTURE_DATA/configs, \
            PREFIX/share/daxtorture/configs), or those of a directory. --config takes them by name.

            Without --bugs it lists workloads, with it the configs that reproduce known bugs, which \
            are in the directory's own directory bugs.
            """)

    @Argument(help: "Where they are, if not those that come with the program.")
    var directory: String?

    @Flag(help: "List those that reproduce known bugs.")
    var bugs = false

    @Option(
        help: ArgumentHelp(
            "Print the names of those alone that can be run on this filesystem.", valueName: "name"),
        completion: .list(FilesystemType.allCases.map(\.rawValue)))
    var fs: String?

    @Flag(help: "Of these leave out what kernels as they are shipped are known to fail.")
    var sound = false

    mutating func run() throws {
        let place = try directory ?? ShippedConfigs.directory()
        let directory = bugs ? "\(place)/bugs" : place
        var rows: [[String]] = []
        var complaints: [String] = []
        for name in try Files.names(in: directory) where name.hasSuffix(".toml") {
            let path = "\(directory)/\(name)"
            // To be listed it must be there now: a pipe may be waited for.
            if let kind = Files.kind(path), kind != .regular {
                complaints.append("\(path) is not a file")
                continue
            }
            do {
                let text = try Files.inputText(path, limit: Config.mostBytes)
                if let fs, try !suits(text, fs, name: path) { continue }
                rows.append([path, Config.title(of: text) ?? "-"])
            } catch { complaints.append("\(error)") }
        }
        if fs == nil {
            Console.text(Layout.table(["config", "what it is"], rows, left: [0, 1]))
        } else {
            let names = rows.compactMap {
                $0[0].split(separator: "/").last?.dropLast(".toml".count)
            }
            Console.text(names.map { "\($0)\n" }.joined())
        }
        if !complaints.isEmpty { throw UsageError(complaints.joined(separator: "\ndaxtorture: ")) }
    }

    /// Whether a run of `text` on filesystem `fs` is none that the config's own rules refuse.
    private func suits(_ text: String, _ fs: String, name: String) throws -> Bool {
        var resolver = Resolver(schema: .daxtorture)
        try resolver.read(text, name: name)
        // What is wrong anywhere is not what does not suit here.
        _ = try resolver.resolved()
        try resolver.set(flag: "--fs", "fs.type", fs)
        if sound, let known = resolver.knownFailure, known.concerns(fs) { return false }
        return (try? resolver.resolved()) != nil
    }
}

struct Mutants: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the kernels that can be broken on purpose (run --mutant NAME).",
        discussion: """
            With --break it breaks one instead, on disk, for whoever boots it himself: the module in a copy \
            of a kernel's /lib/modules/RELEASE, where links to the sound one may lie.
            """)

    @Option(
        name: .customLong("break"), help: ArgumentHelp("Break a module so.", valueName: "name"),
        completion: .list(Mutant.all.map(\.name)))
    var broken: String?

    @Option(
        help: ArgumentHelp(
            "--break: where, a directory called as its kernel is.", valueName: "dir"),
        completion: .directory)
    var modules: String?

    func validate() throws {
        guard (broken == nil) == (modules == nil) else {
            throw ValidationError("--break and --modules: there must be both")
        }
    }

    mutating func run() throws {
        if let broken, let modules {
            guard let mutant = Mutant.named(broken) else {
                let hint = nearest(to: broken, among: Mutant.all.map(\.name))
                throw UsageError(
                    "--break: there is no \(broken)" + (hint.map { "; the nearest is \($0)" } ?? "")
                )
            }
            do { return Console.line(try mutant.breakModule(in: modules)) } catch {
                throw RunError(error)
            }
        }
        for mutant in Mutant.all {
            Console.text("\(mutant.name): \(mutant.bug.rawValue)\n")
            var facts = [("", mutant.harm), ("kernels", mutant.kernels.joined(separator: ", "))]
            if let reason = mutant.equivalent {
                facts.append(("equivalent", reason))
            } else {
                facts.append(("may break", mutant.rules.map(\.name).joined(separator: ", ")))
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
