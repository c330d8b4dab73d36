import DaxConfig
import DaxHost
import DaxModel
import DaxMutants
import DaxProve
import DaxReport
import DaxSystem
import DaxText
import Testing

/// Trials by a script in the program's place, which leaves the report that it is told to.
@Suite struct ProverTests {
    private let kernel = ProofKernel(release: "6.1.0-1-amd64", image: "/k", modules: "/m")
    private let subject = Subject.mutant(Mutant.named("xfs-stale-punch")!)

    /// A directory of its own below /tmp.
    private func directory() throws -> String {
        let path =
            "/tmp/daxtorture-prove-\(Clock.monotonicNanoseconds())-\(UInt32.random(in: 0 ... .max))"
        try Files.makeDirectories(path)
        return path
    }

    /// A program that notes its arguments in `directory`/calls and leaves a clean report, or, with
    /// seed 2, none.
    private func program(in directory: String) throws -> String {
        var report = Report(fs: "xfs-dax", seed: Seed(1))
        report.verdict = .clean
        try Files.write(Array(report.json.text.utf8), to: "\(directory)/clean.json")
        let script = """
            #!/bin/sh
            echo "$*" >>\(directory)/calls
            case "$*" in *"--seed 2 "*) echo "no luck" >&2; exit 125 ;; esac
            while [ "$1" != --report ]; do shift; done
            mkdir -p "$2" && cp \(directory)/clean.json "$2/report.json"
            """
        try Files.write(Array(script.utf8), to: "\(directory)/program")
        _ = try ChildProcess.run(["/bin/chmod", "+x", "\(directory)/program"], seconds: 5)
        return "\(directory)/program"
    }

    private func prove(_ directory: String, seeds: ClosedRange<UInt64>, ownConfig: String? = nil)
        throws -> [UInt64: Prover.Result]
    {
        let jobs = seeds.map { Prover.Job(subject, kernel, seed: $0, ownConfig: ownConfig) }
        let prover = Prover(
            program: "\(directory)/program", directory: "\(directory)/proof",
            terms: Trial.Terms(duration: "20s", isDeterministic: true, settings: ["vm.cpus=4"]))
        var results: [UInt64: Prover.Result] = [:]
        try prover.run(
            jobs, width: 2, isInterrupted: { false }, done: { results[jobs[$0].seed] = $1 })
        return results
    }

    private func calls(_ directory: String) throws -> [String] {
        try Files.text("\(directory)/calls").split(separator: "\n").map(String.init).sorted()
    }

    @Test func everySeedIsARunOfTheProgram() throws {
        let directory = try directory()
        _ = try program(in: directory)
        let results = try prove(directory, seeds: 1...3)
        #expect(results[1]?.byDefault == .clean)
        #expect(results[2]?.byDefault == .untested("no luck"))
        #expect(results[3]?.byDefault == .clean)
        #expect(
            try calls(directory).first
                == "run --fs xfs-dax --seed 1 --duration 20s --report \(directory)/proof/"
                + "6.1.0-1-amd64/xfs-stale-punch/default-1 --kernel /k --set run.until=violation "
                + "--modules /m --mutant xfs-stale-punch --deterministic --set vm.cpus=4")
    }

    @Test func whatHasAReportIsNotRunAgain() throws {
        let directory = try directory()
        _ = try program(in: directory)
        _ = try prove(directory, seeds: 1...2)
        let results = try prove(directory, seeds: 1...3)
        #expect(results.count == 3)
        // Once 1 and 3, and twice 2, which had no report the first time.
        #expect(try calls(directory).count == 4)
    }

    @Test func aMissIsTriedAgainWithTheConfigOfItsClass() throws {
        let directory = try directory()
        _ = try program(in: directory)
        let results = try prove(directory, seeds: 1...1, ownConfig: "c/own.toml")
        #expect(results[1]?.own == .clean)
        let calls = try calls(directory)
        #expect(calls.count == 2)
        #expect(calls.contains { $0.contains("--config c/own.toml") && $0.contains("/own-1 ") })
    }

    /// A broken kernel has every seed, a sound one the first alone; where there is no kernel, none.
    @Test func promisesAreRunAsTheConfigsAre() throws {
        let directory = try directory()
        var promises: [PromiseTrials] = []
        for (name, shows, kernel) in [
            ("bug", .broken, "6.1-cloud"), ("fix", .sound, "6.1-cloud"),
            ("late", .sound, "6.12-cloud"),
        ] as [(String, Promise.Shown, String)] {
            var promise = Promise(name: name)
            (promise.shows, promise.fs, promise.kernel) = (shows, .xfs, kernel)
            promise.rules = shows == .broken ? [.freshness] : []
            if shows == .broken { promise.mutant = "xfs-stale-punch" }
            promises.append(PromiseTrials(promise, of: "own", at: "c/own.toml"))
        }
        let prover = Prover(
            program: try program(in: directory), directory: "\(directory)/proof",
            terms: Trial.Terms(duration: "20s", isDeterministic: false))
        var kept: [Bool] = []
        prover.hold(
            promises, to: 3, on: ["6.1-cloud": kernel], isInterrupted: { false },
            done: { kept.append($0.isKept) })
        #expect(kept == [false, true, false])
        let calls = try calls(directory)
        #expect(calls.count == 3 + 1)
        let place = "\(directory)/proof/6.1.0-1-amd64"
        #expect(
            calls.contains(
                "run --fs xfs-dax --seed 3 --duration 20s --report \(place)/xfs-stale-punch/own-bug-3 "
                    + "--kernel /k --set run.until=violation --modules /m --config c/own.toml "
                    + "--mutant xfs-stale-punch"))
        #expect(calls.contains { $0.contains(" \(place)/xfs-dax-control/own-fix-1 ") })
    }

    @Test func anInterruptedPromiseIsNotDecided() throws {
        let directory = try directory()
        var promise = Promise(name: "fix")
        (promise.shows, promise.fs, promise.kernel) = (.sound, .xfs, "6.1-cloud")
        let script = "#!/bin/sh\nexec sleep 60\n"
        try Files.write(Array(script.utf8), to: "\(directory)/program")
        _ = try ChildProcess.run(["/bin/chmod", "+x", "\(directory)/program"], seconds: 5)
        let prover = Prover(
            program: "\(directory)/program", directory: "\(directory)/proof",
            terms: Trial.Terms(duration: "20s", isDeterministic: false))
        var told = 0
        prover.hold(
            [PromiseTrials(promise, of: "own", at: "c/own.toml")], to: 1,
            on: ["6.1-cloud": kernel], isInterrupted: { true }, done: { _ in told += 1 })
        #expect(told == 0)
    }
}
