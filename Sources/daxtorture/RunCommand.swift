import ArgumentParser
import DaxConfig
import DaxHost
import DaxReport
import DaxSystem
import DaxTorture

struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Torture a filesystem and give a verdict (the default).")

    @OptionGroup var options: RunOptions
    @OptionGroup var fetching: FetchOption

    /// Whatever keeps a run from being one, the last line on stdout is a verdict.
    mutating func run() throws {
        let started = Stopwatch()
        let config = try options.resolve(.daxtorture)
        do { try run(config, started) } catch RunError.untested(let reason) {
            var report = Report(of: config)
            report.conclude(obstacles: [reason])
            Console.line(report.verdictLine)
            throw RunError.untested(reason)
        }
    }

    /// Checks everything that can be checked before anything is touched, then runs.
    private func run(_ config: ResolvedConfig, _ started: Stopwatch) throws {
        if options.format && config.fs.device == nil {
            throw UsageError("--format: there is no --device to format")
        }
        try Session.checkPaths(of: config)
        // From here on something is there that must not be left half done.
        try Interrupts.count()
        let directory = try ReportDirectory(options.report ?? ReportDirectory.defaultPath())
        let session: Session
        do {
            session = try fetching.supplying(config) {
                try Session(config, format: options.format) { Console.error($0 + "\n") }
            }
        } catch {
            directory.discard()
            throw error
        }
        Console.line(config.config.summary())
        for choice in session.choices { Console.line(choice) }
        Console.line("report in \(directory.path)")
        var printer = ProgressPrinter(
            isTerminal: Console.isTerminal, width: Console.width, write: Console.commands)
        var isTableShown = false
        let report = try session.run(
            in: directory, started,
            half: { first in
                printer.finish()
                Console.text(first.coverageTable)
                isTableShown = true
                printer.note(first.verdictLine)
                printer.note("now the second half: the same, seed \(first.seed), without DAX")
            },
            progress: { printer.show($0, now: Clock.monotonicNanoseconds()) })
        printer.finish()
        if !isTableShown { Console.text(report.coverageTable) }
        for line in report.knownLines { Console.line(line) }
        if let differential = report.differential { Console.line(differential.line) }
        Console.line(report.verdictLine)
        directory.tellWhatIsMissing()
        throw report.verdict.exitStatus
    }
}
