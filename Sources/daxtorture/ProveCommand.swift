import ArgumentParser
import DaxConfig
import DaxHost
import DaxMachine
import DaxModel
import DaxMutants
import DaxProve
import DaxSystem
import DaxText
import DaxTorture

struct Prove: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show that kernels which are broken on purpose do not come out clean.",
        discussion: """
            For each mutant, and for the kernel as it was shipped, it runs the default workload from \
            several seeds, each run in a machine of its own, and, where that misses the mutant, what \
            the mutant asks for: the config of its class, its settings. KTAP goes to stdout, prove.json and every run's report into the \
            report directory; with the same directory a proof goes on where it was stopped.

            Exit status: 0 all mutants found in 9 of 10 seeds and no alarm on a stock kernel, else 1.
            """)

    @Option(help: ArgumentHelp("Boot this bzImage or vmlinuz.", valueName: "file"))
    var kernel: String?

    @Option(
        help: ArgumentHelp("Its modules: a directory as /lib/modules/RELEASE.", valueName: "dir"))
    var modules: String?

    @Option(
        help: ArgumentHelp("Only mutants of this filesystem, and its control.", valueName: "name"),
        completion: .list(FilesystemType.allCases.map(\.rawValue)))
    var fs: String?

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp("Only this mutant, or a control; may be repeated.", valueName: "name"),
        completion: .list(Mutant.all.map(\.name)))
    var only: [String] = []

    @Option(help: ArgumentHelp("Runs of each, from seeds 1 to n.", valueName: "n"))
    var seeds: UInt64 = 10

    @Option(help: ArgumentHelp("How long actors run at most.", valueName: "time"))
    var duration = "20s"

    @Option(
        help: ArgumentHelp("Machines at a time; a third of the CPUs if not given.", valueName: "n"))
    var jobs: Int?

    @Option(
        help: ArgumentHelp(
            "Where the configs of the classes are, if not with the program's.", valueName: "dir"),
        completion: .directory)
    var configs: String?

    @Option(
        help: ArgumentHelp("Where reports go, and where they are found again.", valueName: "dir"))
    var report = "daxtorture-prove"

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp("Set one key of every run's config.", valueName: "key=value"))
    var set: [String] = []

    @Flag(help: "Use the deterministic machine.")
    var deterministic = false

    func validate() throws {
        guard (1...1000).contains(seeds) else { throw ValidationError("--seeds: 1 to 1000") }
        guard TimeSpan(duration) != nil else {
            throw ValidationError("--duration: \(duration) is not a time, such as 20s")
        }
        if kernel != nil && modules == nil {
            throw ValidationError("--kernel: a kernel to break needs --modules")
        }
    }

    mutating func run() throws {
        let (jobs, equivalents) = try plan()
        var builder = ProofResults(jobs, equivalents: equivalents)
        guard !builder.proofs.isEmpty else {
            throw UsageError("there is nothing of that name to prove" + hint)
        }
        let terms = Trial.Terms(
            duration: duration, isDeterministic: deterministic, settings: set)
        try check(jobs, terms)
        try Interrupts.count()
        try Files.makeDirectories(report)
        let directory = try Directory(report)
        guard try directory.lock() else {
            throw UsageError("--report \(report): another proof is at work there")
        }
        Console.line("KTAP version 1\n1..\(builder.proofs.count)")
        let prover = Prover(
            program: try Files.canonical("/proc/self/exe"), directory: report, terms: terms)
        let width = self.jobs ?? max(1, Processors.online / 3)
        var complaint: SystemError?
        try prover.run(
            jobs, width: width, isInterrupted: { Interrupts.seen > 0 },
            done: {
                if let (number, proof) = builder.add($1, of: jobs[$0]) {
                    Console.line(proof.ktap(number))
                }
                do throws(SystemError) {
                    try directory.replace("prove.json", with: Array(builder.score.json.text.utf8))
                    complaint = nil
                } catch { complaint = error }
            })
        for (index, proof) in builder.proofs.enumerated() where proof.equivalent != nil {
            Console.line(proof.ktap(index + 1))
        }
        Console.error(builder.score.text)
        guard builder.isComplete else {
            throw RunError.untested("stopped; the same command goes on from here")
        }
        if let complaint {
            Console.error("\(report)/prove.json is not of this proof: \(complaint)")
            if builder.score.isProved { throw ExitStatus.untested }
        }
        throw builder.score.isProved ? ExitStatus.clean : .violation
    }

    /// Refuses, in the run's own words, what every run by the default workload would refuse.
    private func check(_ jobs: [Prover.Job], _ terms: Trial.Terms) throws {
        var checked: Set<Subject> = []
        for job in jobs where checked.insert(job.subject).inserted {
            let arguments = Trial(job).arguments(terms, report: report)
            _ = try Run.parse(Array(arguments.dropFirst())).options.resolve(.daxtorture)
        }
    }

    /// Every subject on its kernel, from every seed. A filesystem's control runs on the kernel that
    /// its mutants are made from.
    private func plan() throws -> ([Prover.Job], equivalents: [(Subject, ProofKernel)]) {
        var jobs: [Prover.Job] = []
        let configs = try configs ?? "\(ShippedConfigs.directory())/bugs"
        var equivalents: [(Subject, ProofKernel)] = []
        for (filesystem, module) in [("ext4-dax", "ext4"), ("xfs-dax", "xfs")]
        where fs == nil || fs == filesystem {
            let kernel = try kernel(withModule: module)
            guard let version = KernelVersion(release: kernel.release) else { continue }
            let mutants = Mutant.all.filter {
                $0.filesystem == filesystem && $0.edges(on: version) != nil
            }
            let subjects = [.control(filesystem: filesystem)] + mutants.map { Subject.mutant($0) }
            for subject in subjects where only.isEmpty || only.contains(subject.name) {
                if subject.mutant?.equivalent != nil {
                    equivalents.append((subject, kernel))
                    continue
                }
                let own = subject.mutant.map { "\(configs)/\($0.bug.rawValue).toml" }
                jobs += (1...seeds).map {
                    Prover.Job(
                        subject, kernel, seed: $0,
                        ownConfig: own.flatMap { Files.exists($0) ? $0 : nil })
                }
            }
        }
        return (jobs, equivalents)
    }

    /// What was meant, where it can be guessed.
    private var hint: String {
        let filesystems = FilesystemType.allCases.map(\.rawValue)
        let known =
            filesystems.map { Subject.control(filesystem: $0).name } + Mutant.all.map(\.name)
        if let fs, !filesystems.contains(fs), let name = nearest(to: fs, among: filesystems) {
            return "; the nearest filesystem is \(name)"
        }
        let guess = only.first { !known.contains($0) }.flatMap { nearest(to: $0, among: known) }
        return guess.map { "; the nearest is \($0)" } ?? ""
    }

    private func kernel(withModule module: String) throws -> ProofKernel {
        do {
            let found =
                try kernel.map { try InstalledKernel(kernel: $0, modules: modules) }
                ?? InstalledKernel.find(cache: CacheDirectory.path, withModule: module)
            return ProofKernel(
                release: found.image.release, image: found.image.path, modules: found.modules)
        } catch { throw RunError.untested("\(error)") }
    }
}
