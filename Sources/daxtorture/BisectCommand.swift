import ArgumentParser
import DaxConfig
import DaxHost
import DaxProve
import DaxSystem
import DaxText
import DaxTorture

struct Bisect: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find the kernel that brought a bug which shows in some runs alone.",
        discussion: """
            daxtorture bisect --kernels DIR --config move
            daxtorture bisect --good v6.1 --bad v6.2 --config move -- make -j8 bzImage

            The first takes the kernels of a directory in the order of their names. The second checks \
            commits out by git bisect and runs the command behind --, which leaves the kernel that \
            --kernel names (arch/x86/boot/bzImage). The bad end is run until the bug has shown --hits \
            times; that tells how many runs without it make a kernel a good one. All other options are \
            a run's. docs/bisect.md has the rules.

            daxtorture bisect --measure --kernel BAD measures the bad end alone; with the rate that it \
            prints, --step judges one kernel, for git bisect run: 0 good, 1 bad, 125 it cannot be \
            tested, 128 bad usage or interrupted.

            Exit status otherwise: 0 found (--measure: measured); 1 the good end is bad, too; 2 bad \
            usage; 125 an end could not be tested, did not show the bug, or no single kernel is left.
            """)

    @OptionGroup var options: RunOptions

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "A directory of kernels, the first good, the last bad; or kernels in that order.",
            valueName: "path"),
        completion: .file())
    var kernels: [String] = []

    @Option(help: ArgumentHelp("A commit without the bug.", valueName: "rev"))
    var good: String?

    @Option(help: ArgumentHelp("A commit with it.", valueName: "rev"))
    var bad: String?

    @Option(
        help: ArgumentHelp(
            "The bug, by a signature of report.json or its first parts, such as a rule; else what the bad "
                + "end shows in most runs.",
            valueName: "text"))
    var signature: String?

    @Option(
        help: ArgumentHelp("How often it is to show at the bad end.", valueName: "n"))
    var hits = 8

    @Option(
        help: ArgumentHelp("Runs of the bad end after which it is not there.", valueName: "n"))
    var most = 300

    @Option(
        help: ArgumentHelp("With what probability the answer is right, at least.", valueName: "p"))
    var confidence = 0.99

    @Flag(help: "Judge --kernel alone, for git bisect run.")
    var step = false

    @Flag(help: "Measure how often --kernel, which is bad, shows the bug.")
    var measure = false

    @Option(help: ArgumentHelp("--step: how often it shows, as --measure says.", valueName: "n/n"))
    var rate: ShownRate?

    @Option(help: ArgumentHelp("--step: how many steps there are at most.", valueName: "n"))
    var steps = 15

    @Argument(parsing: .postTerminator, help: "What builds a commit's kernel, behind --.")
    var build: [String] = []

    /// Whether these arguments are for `git bisect run`, which takes 2 for a bad commit.
    static func isStep(_ arguments: [String]) -> Bool {
        let own = arguments.dropFirst().prefix { $0 != "--" }
        return own.first == "bisect" && own.contains("--step")
    }

    func validate() throws {
        guard (1...1000).contains(hits) else { throw ValidationError("--hits: 1 to 1000") }
        guard most >= hits, most <= 100_000 else {
            throw ValidationError("--most: as many as --hits at least, 100000 at most")
        }
        guard confidence >= 0.5, confidence <= 0.999999 else {
            throw ValidationError("--confidence: 0.5 to 0.999999")
        }
        guard (1...1000).contains(steps) else { throw ValidationError("--steps: 1 to 1000") }
        let forms = [!kernels.isEmpty, good != nil || bad != nil, step, measure]
        guard forms.count(where: { $0 }) == 1 else {
            throw ValidationError("one of --kernels, --good and --bad, --step, or --measure")
        }
        guard (good == nil) == (bad == nil) else {
            throw ValidationError("--good and --bad: there must be both")
        }
        guard good == nil || !build.isEmpty else {
            throw ValidationError("--good, --bad: what builds a kernel must stand behind --")
        }
        guard kernels.isEmpty || build.isEmpty else {
            throw ValidationError("--kernels: there is nothing to build")
        }
        guard step == (rate != nil) else {
            throw ValidationError("--step: takes the --rate that --measure prints, as 8/27")
        }
        guard !step || signature != nil else {
            throw ValidationError("--step: takes a --signature, as --measure prints it")
        }
    }

    mutating func run() throws {
        let status: ExitStatus
        do { status = try bisect() } catch let error as KernelsError {
            if Interrupts.seen > 0 { throw stopped }
            throw UsageError(error.description)
        }
        throw status
    }

    private var terms: Bisector.Terms {
        var terms = Bisector.Terms()
        terms.sought = signature.map { SoughtSignature($0) }
        (terms.hits, terms.confidence, terms.most) = (hits, confidence, most)
        return terms
    }

    private func bisect() throws -> ExitStatus {
        let report = options.report ?? "daxtorture-bisect"
        let earlier = step ? nil : try BisectPlace.earlier(report)
        let config = try options.resolve(.daxtorture) {
            earlier?.seed ?? Seed(.random(in: 0...(.max)))
        }
        guard config.fs.mount == nil && config.fs.device == nil else {
            throw UsageError("bisect: boots kernels in a machine; no --mount, no --device")
        }
        guard !config.run.differential else { throw UsageError("bisect: no --differential") }
        guard kernels.isEmpty || config.vm.kernel == nil else {
            throw UsageError("--kernels: no --kernel beside them")
        }
        let row = kernels.isEmpty ? nil : try KernelDirectory(kernels)
        let image = config.vm.kernel ?? "arch/x86/boot/bzImage"
        let tree = good == nil ? nil : try GitTree()
        try Interrupts.count()
        let place = try BisectPlace(report, config, isStep: step)
        let builder =
            build.isEmpty
            ? nil : try KernelBuilder(build, image: image, directory: place.path, in: tree)
        let runner = try KernelRunner(
            program: try Files.canonical("/proc/self/exe"), directory: place.path,
            config: place.config, plan: config.config.run, seed: place.seed)
        Console.line("seed \(place.seed); a line for each run in \(place.path)/bisect.log")
        let isStopped = { Interrupts.seen > 0 }
        let files = { (kernel: String) in
            row?[kernel] ?? KernelFiles(image: image, modules: nil)
        }
        var bisector = Bisector(terms) { kernel, number in
            try runner.run(
                kernel, files(kernel), number: number, isStopped: isStopped,
                prepare: { try builder?.build(kernel, isStopped: isStopped) })
        }
        bisector.tell = { Console.line($0) }
        if let rate, let sought = terms.sought {
            return try judge(&bisector, rate, sought)
        }
        if measure { return try measure(&bisector) }
        let conclusion: Bisector.Conclusion
        if let row {
            var history = KernelRow(row.names)
            conclusion = try bisector.bisect(&history)
        } else if let good, let bad, let tree {
            var history = try GitHistory(tree, good: good, bad: bad)
            let end = Result { try bisector.bisect(&history) }
            let log = try tree.endBisection()
            try Files.write(Array(log.utf8), to: "\(place.path)/git-bisect.log")
            conclusion = try end.get()
        } else {
            preconditionFailure("no form of bisection")
        }
        Console.text(bisector.table)
        if let (kernel, number) = bisector.proof(conclusion) {
            let title = try tree?.title(of: kernel) ?? kernel
            let arguments = runner.arguments(kernel, files(kernel), number: number)
            Console.line("\(title) showed it in daxtorture \(arguments.joined(separator: " "))")
            Console.line("whose report is in \(runner.report(kernel, number: number))")
        }
        return try status(bisector, conclusion)
    }

    /// One kernel, by the rate that is known.
    private func judge(
        _ bisector: inout Bisector, _ rate: ShownRate, _ sought: SoughtSignature
    ) throws -> ExitStatus {
        var risk = RiskBudget(confidence: confidence)
        var runs = KernelRuns("kernel")
        let needed = rate.runsWithout(risk: risk.share(of: steps))
        switch try bisector.judge(&runs, needed: needed) {
        case .good: return .clean
        case .bad: return .violation
        case .untestable: return .untested
        // Another commit would be tried next.
        case nil: return .abort
        }
    }

    private func measure(_ bisector: inout Bisector) throws -> ExitStatus {
        if let conclusion = try bisector.measure("kernel") {
            return try status(bisector, conclusion)
        }
        guard let rate = bisector.rate, let sought = bisector.sought else { return .untested }
        Console.line(
            "for each step: daxtorture bisect --step --rate \(rate) --signature '\(sought)'")
        return .clean
    }

    /// Tells the conclusion.
    private func status(
        _ bisector: Bisector, _ conclusion: Bisector.Conclusion
    ) throws -> ExitStatus {
        let text = bisector.text(conclusion)
        switch conclusion {
        case .interrupted: throw stopped
        case .found(let suspects):
            Console.line(text)
            return suspects.count == 1 ? .clean : .untested
        case .goodEndIsBad:
            Console.line(text)
            return .violation
        case .badEndIsGood, .endUntestable:
            Console.line(text)
            return .untested
        }
    }

    private var stopped: RunError { .untested("stopped; the same command goes on from here") }
}

/// `--rate 8/27`.
extension ShownRate: ExpressibleByArgument {}
