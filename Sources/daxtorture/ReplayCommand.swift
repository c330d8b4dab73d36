import ArgumentParser
import DaxConfig
import DaxHost
import DaxProve
import DaxReport
import DaxSystem
import DaxText
import DaxTorture

struct Replay: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run again what a report says was run, and say whether it comes to the same.",
        discussion: """
            Of a deterministic machine's run the same report must come, to the byte; where it does not, the \
            first line that differs is told. Of any other run, or of a config of rounds, it is told how \
            often a violation shows: of so many seeds (--seeds), or of so many rounds in one machine \
            (--rounds), with the interval of the rate. --against runs the same on another kernel.

            Exit status: 0 it came to the same, or a violation showed in any run, 1 it did not, 2 bad \
            usage, 125 could not test.
            """)

    @Argument(help: "A report directory, or a config such as minimised.toml.")
    var source: String

    @Option(help: ArgumentHelp("Runs from so many seeds, that of the run first.", valueName: "n"))
    var seeds: UInt64 = 1

    @Option(help: ArgumentHelp("Rounds in one machine (run.rounds).", valueName: "n"))
    var rounds: UInt64?

    @Option(
        help: ArgumentHelp("A kernel to compare with: a bzImage or vmlinuz.", valueName: "file"),
        completion: .file())
    var against: String?

    @Option(help: ArgumentHelp("Where the runs' reports go.", valueName: "dir"))
    var report: String?

    func validate() throws {
        guard (1...10_000).contains(seeds) else { throw ValidationError("--seeds: 1 to 10000") }
    }

    mutating func run() throws {
        let isReport = Files.kind(source) == .directory
        let path = isReport ? "\(source)/resolved.toml" : source
        var resolver = Resolver(schema: .daxtorture)
        try resolver.read(Files.input(path, limit: Config.mostBytes), name: path)
        let config = try resolver.resolved { Seed(1) }
        try Interrupts.count()
        let place = report ?? ReportDirectory.defaultPath()
        try Files.makeDirectories(place)
        if isReport && config.vm.deterministic && seeds == 1 && rounds == nil && against == nil {
            return try compare(path, in: "\(place)/again")
        }
        var shown = try rate(path, config, in: place, [])
        if let against {
            Console.line("against \(against):")
            // Modules that belong to the kernel of the run do not fit another.
            let other = try rate(
                path, config, in: "\(place)/against", ["--kernel", against], without: true)
            shown = shown || other
        }
        if !shown { throw ExitStatus.violation }
    }

    /// Runs a deterministic machine again, and compares its report with the one that is there.
    private func compare(_ path: String, in directory: String) throws {
        _ = try run(path, in: directory, [])
        let before = try Files.read("\(source)/report.json")
        let now = try Files.read("\(directory)/report.json")
        if before == now {
            return Console.line("identical: \(now.count) bytes of report.json (\(directory))")
        }
        func lines(_ bytes: [UInt8]) -> [Substring] {
            String(decoding: bytes, as: UTF8.self).split(
                separator: "\n", omittingEmptySubsequences: false)
        }
        let pairs = zip(lines(before), lines(now)).enumerated()
        if let parted = pairs.first(where: { $0.element.0 != $0.element.1 }) {
            Console.line(
                "parted at line \(parted.offset + 1) of report.json:\n- \(parted.element.0)\n+ "
                    + "\(parted.element.1)")
        } else {
            Console.line("parted: one report.json goes on where the other ends")
        }
        throw ExitStatus.violation
    }

    /// Tells in how many rounds or runs a violation shows; whether it did in any.
    private func rate(
        _ path: String, _ config: ResolvedConfig, in place: String, _ more: [String],
        without modules: Bool = false
    ) throws -> Bool {
        var (hits, trials) = (UInt64(0), UInt64(0))
        for number in 0..<seeds {
            if Interrupts.seen > 0 { break }
            var arguments = more + ["--seed", "\(Seed(config.seed.value &+ number))"]
            if let rounds { arguments += ["--set", "run.rounds=\(rounds)"] }
            if rounds != nil || config.run.rounds != nil {
                arguments += ["--set", "run.until=duration"]
            }
            let found = try run(path, in: "\(place)/\(number + 1)", arguments, dropping: modules)
            if let rounds = found.rounds {
                (hits, trials) = (hits + rounds.violated, trials + rounds.done)
            } else {
                (hits, trials) = (hits + (found.violationsTotal > 0 ? 1 : 0), trials + 1)
            }
            Console.line(found.verdictLine)
        }
        guard trials > 0 else { throw RunError.untested("interrupted") }
        let what = rounds != nil || config.run.rounds != nil ? "rounds" : "runs"
        Console.line("a violation in \(Proportion(hits, of: trials)) \(what)")
        return hits > 0
    }

    private func run(
        _ path: String, in directory: String, _ more: [String], dropping modules: Bool = false
    ) throws -> Report {
        var config = path
        if modules {
            // The kernel that the config names, and its modules, make room for the other.
            let text = try Files.inputText(path, limit: Config.mostBytes)
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
                .filter { !$0.hasPrefix("kernel = ") && !$0.hasPrefix("modules = ") }
            config = "\(directory).toml"
            try Files.makeDirectories(Files.parent(of: directory))
            try Files.write(Array(lines.joined(separator: "\n").utf8), to: config)
        }
        let program = try Files.canonical("/proc/self/exe")
        let end = try ReportedRun.run(
            [program, "--config", config, "--report", directory] + more, in: directory,
            isStopped: { Interrupts.seen > 0 })
        switch end {
        case .report(let report):
            guard report.kernel != nil else {
                throw RunError.untested(report.vacuity.first ?? "the machine never came up")
            }
            return report
        case .stopped: throw RunError.untested("interrupted")
        case .none(let reason): throw RunError.untested(reason)
        }
    }
}
