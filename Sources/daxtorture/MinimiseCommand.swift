import ArgumentParser
import DaxConfig
import DaxHost
import DaxMachine
import DaxMinimise
import DaxModel
import DaxReport
import DaxSystem
import DaxText
import DaxTorture

struct Minimise: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make the smallest script that shows a violation of an earlier run.",
        discussion: """
            Takes the report directory of a run that found a violation, and tries in a machine of the same \
            kernel how little of the epoch still shows it: fewer actors, fewer orders, smaller ranges and \
            files, no waits. A config of scripts can be minimised, too. The result is minimised.toml in \
            the new report directory, a script config that runs by itself.

            Exit status: 0 a smaller script shows it, 1 nothing showed it again, 2 bad usage, 125 could \
            not test.
            """)

    @Argument(help: "A report directory, or a config of scripts.")
    var source: String

    @Option(help: ArgumentHelp("How long it may take in the machine.", valueName: "time"))
    var budget = "10m"

    @Option(
        help: ArgumentHelp(
            "Which episode of the report is minimised, if not the first about a file under test.",
            valueName: "n"))
    var episode: Int?

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp(
            "What it is to show, in place of all signatures of the report; may be repeated.",
            valueName: "text"))
    var signature: [String] = []

    @Option(help: ArgumentHelp("The new report directory.", valueName: "dir"))
    var report: String?

    func validate() throws {
        guard let span = TimeSpan(budget), span >= .seconds(1), span <= .hours(24) else {
            throw ValidationError("--budget: \(budget) is no time from 1s to 24h")
        }
    }

    mutating func run() throws {
        let started = Stopwatch()
        let isReport = Files.kind(source) == .directory
        let path = isReport ? "\(source)/resolved.toml" : source
        var resolver = Resolver(schema: .daxtorture)
        try resolver.read(Files.input(path, limit: Config.mostBytes), name: path)
        let base = try resolver.resolved { Seed(1) }
        guard base.fs.mount == nil && base.fs.device == nil else {
            throw UsageError("\(path): scripts are made smaller in a virtual machine alone")
        }
        var signatures = signature
        let starts: [Witness]
        if isReport {
            let one = try chosenEpisode()
            let report = try Report(
                json: JSON(Files.input("\(source)/report.json", limit: 1 << 28)))
            if signatures.isEmpty { signatures = report.violations.map(\.signature) }
            starts = EpisodePart.allCases.compactMap { Witness(of: one, $0, in: base.config) }
        } else {
            starts = [try Witness(of: base.config)]
        }
        if signatures.isEmpty {
            throw UsageError("--signature says what a config of scripts shows")
        }
        signatures = Set(signatures).sorted()
        guard !starts.isEmpty else {
            throw RunError.untested("no script can do what the episode's actors did")
        }
        try Interrupts.count()
        let directory = try ReportDirectory(report ?? ReportDirectory.defaultPath())
        Console.line("report in \(directory.path)")
        for (number, start) in starts.enumerated() {
            Console.line(
                "\(start.steps.count) orders of \(Set(start.steps.map(\.actor)).count) actors, "
                    + "file-size \(ByteSize(bytes: start.limit))")
            let handed = start.handedOver(in: base.config)
            let whole = TimeSpan(budget)!.nanoseconds
            let left = whole - min(started.nanoseconds, whole)
            let config = base.changing {
                $0 = handed
                ($0.run.differential, $0.oracle.compare, $0.oracle.check) = (false, 0, true)
                ($0.minimise.signatures, $0.minimise.budget) = (
                    signatures, TimeSpan(nanoseconds: max(1_000_000_000, left))
                )
            }
            let shown = try MachineSession(config, cache: CacheDirectory.path).minimise(
                in: directory
            ) { Console.line($0) }
            if let text = shown {
                Console.text(text)
                return directory.tellWhatIsMissing()
            }
            if Interrupts.seen > 0 { break }
            if number + 1 < starts.count { Console.line("not shown; more of the epoch is tried") }
        }
        throw ExitStatus.violation
    }

    /// The episode that is to be minimised. What an actor did to files of its own no script can do.
    private func chosenEpisode() throws -> Episode {
        func read(_ number: Int) throws -> Episode? {
            let place = "\(source)/episode-\(number).json"
            guard Files.exists(place) else { return nil }
            return try Episode(json: JSON(Files.input(place, limit: 1 << 28)))
        }
        if let episode {
            guard let one = try read(episode) else {
                throw UsageError("--episode: there is no \(source)/episode-\(episode).json")
            }
            return one
        }
        var first: Episode?
        var number = 1
        while let one = try read(number) {
            if one.files.contains(where: { $0.name == one.violation.file }) { return one }
            first = first ?? one
            number += 1
        }
        guard let first else {
            throw UsageError(
                "\(source) has no episode: a run keeps epochs whose violation a quiet point found, and "
                    + "not those that an actor never came back from")
        }
        return first
    }

}
