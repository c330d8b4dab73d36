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
            "Which episode of the report is minimised, in place of all in turn.",
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
        var starts: [Start]
        // What counts, too, for those of `starts` that are trials.
        var ofTrials: [String] = []
        if isReport {
            let report = try Report(
                json: JSON(Files.input("\(source)/report.json", limit: 1 << 28)))
            // Wrong data says more than a warning, which many bugs share.
            let all = report.violations.map(\.signature)
            let data = all.filter { !$0.hasPrefix("\(Rule.kernel) ") }
            let chosen = try chosenEpisodes()
            let ofData = chosen.filter { $0.violation.rule != .kernel }
            let episodes = ofData.isEmpty || !signature.isEmpty ? chosen : ofData
            let trials = episodes.compactMap { Witness(trial: $0) }
            if signatures.isEmpty {
                signatures = data.isEmpty ? all : data
                // The same wrong word is another's stamp where a script wrote it.
                ofTrials = [Rule.provenance, .freshness].map { "\($0)" }
            }
            // The likeliest first, and of each sort one before there are two. Of a warning nobody knows the page.
            let storms = episodes.prefix(1).compactMap { Witness(storm: $0, in: base.config) }
            func parts(_ part: EpisodePart) -> [Witness] {
                episodes.compactMap { Witness(of: $0, part, in: base.config) }
            }
            let pages = parts(.page)
            let sorts = [
                trials.map { Start(witness: $0, isTrial: true) },
                (data.isEmpty ? storms : pages).map { Start(witness: $0) },
                (data.isEmpty ? pages : storms).map { Start(witness: $0) },
            ]
            starts = sorts.compactMap(\.first) + sorts.flatMap { $0.dropFirst() }
            starts += (parts(.neighbourhood) + parts(.everything)).map { Start(witness: $0) }
        } else {
            starts = [Start(witness: try Witness(of: base.config))]
        }
        if signatures.isEmpty {
            throw UsageError("--signature says what a config of scripts shows")
        }
        guard !starts.isEmpty else {
            throw RunError.untested("no script can do what the episode's actors did")
        }
        try Interrupts.count()
        let directory = try ReportDirectory(report ?? ReportDirectory.defaultPath())
        Console.line("report in \(directory.path)")
        for (number, start) in starts.enumerated() {
            if number > 0 {
                guard started.nanoseconds < TimeSpan(budget)!.nanoseconds else {
                    Console.line("not shown, and the budget is used up")
                    break
                }
                Console.line("not shown; more of what was done is tried")
                // Each machine has a console of its own.
                try directory.held.rename("console.log", to: "console-\(number).log")
            }
            var each = start.witness
            each.pace = .free
            Console.line("\(each.told), file-size \(ByteSize(bytes: each.limit))")
            let handed = start.witness.handedOver(in: base.config)
            let whole = TimeSpan(budget)!.nanoseconds
            let left = whole - min(started.nanoseconds, whole)
            let meant = Set(signatures + (start.isTrial ? ofTrials : [])).sorted()
            let config = base.changing {
                $0 = handed
                ($0.run.differential, $0.oracle.compare, $0.oracle.check) = (false, 0, true)
                ($0.minimise.signatures, $0.minimise.budget) = (
                    meant, TimeSpan(nanoseconds: max(1_000_000_000, left))
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
        }
        throw ExitStatus.violation
    }

    /// What may show it.
    private struct Start {
        var witness: Witness
        /// Whether it was done to a file of an actor's own.
        var isTrial = false
    }

    /// The episodes that are to be minimised, those about files under test first: what an actor did to
    /// other files a script can do in part alone.
    private func chosenEpisodes() throws -> [Episode] {
        func read(_ number: Int) throws -> Episode? {
            let place = "\(source)/episode-\(number).json"
            guard Files.exists(place) else { return nil }
            return try Episode(json: JSON(Files.input(place, limit: 1 << 28)))
        }
        if let episode {
            guard let one = try read(episode) else {
                throw UsageError("--episode: there is no \(source)/episode-\(episode).json")
            }
            return [one]
        }
        var episodes: [Episode] = []
        while let one = try read(episodes.count + 1) { episodes.append(one) }
        guard !episodes.isEmpty else {
            throw UsageError(
                "\(source) has no episode: a run keeps epochs whose violation a quiet point found, and "
                    + "not those that an actor never came back from")
        }
        let isUnderTest = { (one: Episode) in one.files.contains { $0.name == one.violation.file } }
        return episodes.filter(isUnderTest) + episodes.filter { !isUnderTest($0) }
    }
}
