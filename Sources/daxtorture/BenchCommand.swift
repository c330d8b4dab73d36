import ArgumentParser
import DaxBench
import DaxConfig
import DaxHost
import DaxMachine
import DaxMutants
import DaxPicture
import DaxReport
import DaxSystem
import DaxText
import DaxTorture

struct BenchFaults: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure what page faults cost, alone and beside punches and truncates.",
        discussion: """
            Measures faults per second and their latencies, by what they find, by how many threads, and by \
            who changes the file meanwhile; then counts the instructions of faults and calls in the \
            deterministic machine, which gives the same numbers on any host. --against takes a mutant or \
            a kernel, measures both by turns, and gives ratios and differences. docs/price.md says what \
            the numbers mean.

            Exit status: 0 measured, 2 bad usage, 125 could not be measured, or was interrupted.
            """)

    @OptionGroup var options: RunOptions

    @Flag(help: "A third of the passes.")
    var quick = false

    @Option(help: ArgumentHelp("The most threads.", valueName: "n"))
    var threads = 2

    @Option(help: ArgumentHelp("faults, instructions, or all.", valueName: "what"))
    var only: String = "all"

    @Option(
        help: ArgumentHelp("Compare with a mutant, or with a kernel's file.", valueName: "name"))
    var against: String?

    @Option(
        help: ArgumentHelp("The modules of the kernel of --against.", valueName: "dir"),
        completion: .directory)
    var againstModules: String?

    @Option(help: ArgumentHelp("Pairs of machines that --against boots.", valueName: "n"))
    var pairs = 3

    func validate() throws {
        guard (1...64).contains(threads) else { throw ValidationError("--threads: 1 to 64") }
        guard (1...100).contains(pairs) else { throw ValidationError("--pairs: 1 to 100") }
        guard ["faults", "instructions", "all"].contains(only) else {
            throw ValidationError("--only: faults or instructions, not \(only)")
        }
    }

    mutating func run() throws {
        let base = try options.resolve(.daxtorture, drawing: { Seed(1) })
        guard base.fs.device == nil else {
            throw UsageError("bench: runs in a machine, or in a directory (--mount)")
        }
        let passes: UInt64 = quick ? 3 : 9
        let config = base.changing {
            ($0.bench.kind, $0.bench.passes, $0.bench.threads) = (.faults, passes, UInt64(threads))
        }
        try Interrupts.count()
        let directory = try ReportDirectory(options.report ?? ReportDirectory.defaultPath())
        Console.line("report in \(directory.path)")
        if let place = config.fs.mount {
            guard against == nil else { throw UsageError("--against: takes a machine") }
            let report = try Bench(config.config, in: place).run { Console.error("\($0)\n") }
            return try finish([report], in: directory)
        }
        guard let against else {
            let report = try measure(config, in: directory, "machine", counting: true)
            return try finish([report], in: directory)
        }
        let other = config.changing {
            if Mutant.named(against) != nil {
                $0.vm.mutant = against
            } else {
                ($0.vm.kernel, $0.vm.modules) = (against, againstModules)
            }
        }
        var (first, second): ([BenchReport], [BenchReport]) = ([], [])
        for pair in 1...(only == "instructions" ? 1 : pairs) {
            first.append(try measure(config, in: directory, "a\(pair)", counting: pair == 1))
            second.append(try measure(other, in: directory, "b\(pair)", counting: pair == 1))
        }
        // What the speed is worth: whether the data stay right under the default workload.
        let verdicts = [
            try torture(config, in: directory, "a-verdict"),
            try torture(other, in: directory, "b-verdict"),
        ]
        let name = Mutant.named(against) == nil ? second[0].kernel : against
        let comparison = BenchComparison(names: (first[0].kernel, name), first, second)
        let called = [first[0].kernel, name]
        try finish(
            first + second, comparison,
            Array(zip(called, verdicts)).map { (name: $0, verdict: $1) },
            in: directory)
        Console.text("\n" + comparison.text + "\n")
        for (name, verdict) in zip(called, verdicts) {
            Console.line("\(name): \(verdict)")
        }
    }

    /// Measures in a machine that runs free, for rates, and in a deterministic one of one CPU, whose clock
    /// counts instructions, and which comes to the same each time.
    private func measure(
        _ config: ResolvedConfig, in directory: borrowing ReportDirectory, _ name: String,
        counting: Bool
    ) throws -> BenchReport {
        var report: BenchReport?
        if only != "instructions" {
            report = try boot(config, in: directory, name)
        }
        if counting && only != "faults" {
            let counts = try boot(
                config.changing {
                    ($0.bench.kind, $0.vm.deterministic, $0.vm.cpus) = (.instructions, true, 1)
                    $0.vm.acceleration = .tcg
                }, in: directory, "\(name)-instructions")
            report = report ?? counts
            report?.instructions = counts.instructions
            report?.curves = counts.curves
        }
        guard let report else { throw UsageError("--only: nothing is left to measure") }
        return report
    }

    private func boot(
        _ config: ResolvedConfig, in directory: borrowing ReportDirectory, _ name: String
    ) throws -> BenchReport {
        if Interrupts.seen > 0 { throw RunError.untested("interrupted") }
        let session = try MachineSession(config, cache: CacheDirectory.path)
        let place = try ReportDirectory(name, in: directory)
        return try session.bench(in: place) { Console.error("\($0)\n") }
    }

    /// Runs the default workload for twenty seconds; the verdict.
    private func torture(
        _ config: ResolvedConfig, in directory: borrowing ReportDirectory, _ name: String
    ) throws -> String {
        if Interrupts.seen > 0 { throw RunError.untested("interrupted") }
        let session = try MachineSession(
            config.changing { ($0.bench.kind, $0.run.duration) = (nil, .seconds(20)) },
            cache: CacheDirectory.path)
        let place = try ReportDirectory(name, in: directory)
        let report = try session.run(in: place) { Console.error("\($0)\n") }.report
        place.keep(report)
        return report.verdictLine
    }

    /// Keeps what was measured, and prints the first.
    private func finish(
        _ reports: [BenchReport], _ comparison: BenchComparison? = nil,
        _ verdicts: [(name: String, verdict: String)] = [],
        in directory: borrowing ReportDirectory
    ) throws {
        let all = JSON.array(reports.map(\.json))
        directory.keep(Array(all.text.utf8), as: "bench.json")
        let rows = "kernel,fs,what,unit,value\n" + reports.map(\.csv).joined()
        directory.keep(Array(rows.utf8), as: "bench.csv")
        let picture = BenchPicture(reports, comparison: comparison, verdicts: verdicts)
        directory.keep(Array(picture.html.utf8), as: "bench.html")
        if reports.count == 1, let report = reports.first { Console.text(report.text) }
        directory.tellWhatIsMissing()
    }
}
