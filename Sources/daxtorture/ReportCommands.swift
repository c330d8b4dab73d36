import ArgumentParser
import DaxConfig
import DaxHost
import DaxReport
import DaxSystem
import DaxText
import DaxTorture

struct ShowReport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Print what a report directory says.",
        discussion: """
            Of a directory that `exec` left: how the program ended, and what was found.

            --field prints what report.json says at one place, for scripts: verdict, machine.qemu, \
            operations.punch; of counters (operations) their sum, of a list (violations.rule) a line \
            for each, none twice; null where there is none.

            --mail prints the first violation as a mail to those who maintain the filesystem. Read it \
            before you send it.

            --html makes report.html of it, one page with drawings of the violations whose episodes are \
            there, and prints its path.
            """)

    @Argument(help: "The report directory.")
    var directory: String

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp("Print this alone; may be repeated, a line each.", valueName: "name"))
    var field: [String] = []

    @Flag(help: "Print the first violation as a mail to the filesystem's maintainers.")
    var mail = false

    @Flag(help: "Write the report as a page, report.html, into the directory.")
    var html = false

    mutating func run() throws {
        let path = "\(directory)/report.json"
        if html {
            guard field.isEmpty && !mail else {
                throw UsageError("--html, --mail and --field exclude each other")
            }
            return try writePage(of: ShowReport.read(path))
        }
        if mail { return try printMail(ShowReport.read(path)) }
        if field.isEmpty, !Files.exists(path), let end = ProgramEnd(reportIn: directory) {
            for complaint in end.complaints { Console.text("kernel: \(complaint)\n") }
            Console.text(end.check ?? "")
            Console.line("exec: \(end.line)")
            return
        }
        let report = try ShowReport.read(path)
        if field.isEmpty { return Console.text(report.summary()) }
        let values = try field.map { name in
            guard let value = report.field(name) else {
                throw UsageError("--field: a report has no \(name)")
            }
            return value
        }
        Console.text(values.map { "\($0)\n" }.joined())
    }

    private func printMail(_ report: Report) throws {
        let resolved = "\(directory)/resolved.toml"
        var config: Config?
        if Files.exists(resolved) {
            var resolver = Resolver(schema: .daxtorture)
            try resolver.read(Files.input(resolved, limit: Config.mostBytes), name: resolved)
            config = try resolver.resolved()
        }
        let mail = Mail(
            report, config: config, command: HostFigures.command(in: "\(directory)/host.json"),
            fixes: ShippedConfigs.fixes, version: version)
        guard let mail else { throw UsageError("--mail: the report has no violation") }
        Console.text(mail.text)
    }

    private func writePage(of report: Report) throws {
        do {
            let place = try Directory(directory)
            guard try place.lock() else { throw UsageError("\(directory): in use by a run") }
            Console.line(try PictureFile.write(report, in: place))
        } catch let error as SystemError {
            throw UsageError(error.description)
        } catch let error as PictureError {
            throw UsageError(error.description)
        }
    }

    static func read(_ path: String) throws -> Report {
        do {
            return try Report(json: JSON(Files.input(path, limit: 256 << 20)))
        } catch let error as SystemError {
            throw UsageError(error.description)
        } catch {
            throw UsageError("\(path): \(error)")
        }
    }
}
