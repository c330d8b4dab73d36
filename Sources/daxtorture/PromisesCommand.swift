import ArgumentParser
import DaxConfig
import DaxHost
import DaxProve
import DaxSystem
import DaxText
import DaxTorture

struct Promises: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Hold the configs of known bugs to what they promise.",
        discussion: """
            Each says by its tables [promise.NAME] on which kernels and mutants it finds its bug, by \
            which rules, and which kernels come out clean. Every promise is run, in a machine of its \
            own; TAP goes to stdout, every run's report into the report directory. ci/known-bugs \
            brings the kernels.

            Exit status: 0 all promises kept, those marked todo aside, else 1; 125 it was interrupted.
            """)

    @Argument(help: "Configs as `daxtorture configs --bugs` lists them; all if none is named.")
    var names: [String] = []

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp(
            "Where a kernel is that promises name: a directory with boot and lib/modules, called as "
                + "its release is; may be repeated.", valueName: "name=dir"))
    var kernel: [String] = []

    @Flag(help: "Print the kernels that are named, a line each, and run nothing.")
    var kernels = false

    @Option(help: ArgumentHelp("Runs in which a bug may show, from seeds 1 to n.", valueName: "n"))
    var seeds: UInt64 = 3

    @Option(help: ArgumentHelp("How long actors run at most.", valueName: "time"))
    var duration = "20s"

    @Option(
        help: ArgumentHelp("Where the configs are, if not with the program's.", valueName: "dir"),
        completion: .directory)
    var configs: String?

    @Option(
        help: ArgumentHelp("Where reports go, and where they are found again.", valueName: "dir"))
    var report = "daxtorture-promises"

    func validate() throws {
        guard (1...99).contains(seeds) else { throw ValidationError("--seeds: 1 to 99") }
        guard TimeSpan(duration) != nil else {
            throw ValidationError("--duration: \(duration) is not a time, such as 20s")
        }
    }

    mutating func run() throws {
        let promises = try plan()
        if kernels {
            let named = Set(promises.compactMap(\.promise.kernel))
            return Console.text(named.sorted().map { "\($0)\n" }.joined())
        }
        let found = try places()
        try Interrupts.count()
        try Files.makeDirectories(report)
        let directory = try Directory(report)
        guard try directory.lock() else {
            throw UsageError("--report \(report): others are at work there")
        }
        Console.line("TAP version 13\n1..\(promises.count)")
        let prover = Prover(
            program: try Files.canonical("/proc/self/exe"), directory: report,
            terms: Trial.Terms(duration: duration, isDeterministic: false))
        var (told, broken) = (0, 0)
        prover.hold(
            promises, to: seeds, on: found, isInterrupted: { Interrupts.seen > 0 },
            done: {
                told += 1
                Console.line($0.tap(told))
                if !$0.isKept && !$0.promise.isTodo { broken += 1 }
            })
        if broken > 0 { throw ExitStatus.violation }
        guard told == promises.count else {
            throw RunError.untested("stopped; the same command goes on from here")
        }
    }

    /// What the configs promise, in the order of their texts.
    private func plan() throws -> [PromiseTrials] {
        let directory = try configs ?? "\(ShippedConfigs.directory())/bugs"
        let all = try Files.names(in: directory).filter { $0.hasSuffix(".toml") }
            .map { String($0.dropLast(5)) }
        var promises: [PromiseTrials] = []
        for name in names.isEmpty ? all.sorted() : names {
            guard all.contains(name) else {
                let hint = nearest(to: name, among: all).map { "; the nearest is \($0)" } ?? ""
                throw UsageError("there is no \(directory)/\(name).toml\(hint)")
            }
            let path = "\(directory)/\(name).toml"
            var resolver = Resolver(schema: .daxtorture)
            try resolver.read(Files.input(path, limit: Config.mostBytes), name: path)
            _ = try resolver.resolved()
            promises += resolver.promises.map { PromiseTrials($0, of: name, at: path) }
        }
        if promises.isEmpty { throw UsageError("nothing is promised") }
        return promises
    }

    /// The kernels of `--kernel`.
    private func places() throws -> [String: ProofKernel] {
        var found: [String: ProofKernel] = [:]
        for word in kernel {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, let release = parts[1].split(separator: "/").last else {
                throw UsageError("--kernel: \(word) is not NAME=DIR")
            }
            found[parts[0]] = ProofKernel(
                release: String(release), image: "\(parts[1])/boot/vmlinuz-\(release)",
                modules: "\(parts[1])/lib/modules/\(release)")
        }
        return found
    }
}
