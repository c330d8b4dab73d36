import DaxHost
import DaxReport
import DaxSystem
import DaxText
import Synchronization
import TestSupport
import Testing

@testable import DaxNightly

/// A night is carried out, stopped, and taken up again.
@Suite struct RunnerTests {
    private let zero = "R3 | zero | load"

    @Test func aNewFailureIsTriedAgainHereAndOnTheBaseline() throws {
        let plan = filled(plan(options: ["a", "b"], repeats: 3, baseline: "k1"))
        let machine = FakeMachine()
        let times = Mutex(0)
        let outcomes = try carryOut(plan, on: machine) { request in
            guard request.run.kernel == "k2", request.run.filesystem == "xfs-dax" else {
                return ([], 1)
            }
            if request.report.contains(".baseline") { return ([], 1) }
            // The first time, and then every second time.
            let number = times.withLock { times in
                times += 1
                return times
            }
            return (number % 2 == 1 ? [self.zero] : [], 1)
        }
        let tried = outcomes.values.filter { !$0.repeats.isEmpty }
        #expect(tried.count == 1)
        let repeats = try #require(tried.first?.repeats)
        #expect(repeats.map(\.kernel) == ["k2", "k1"] && repeats.map(\.runs) == [3, 3])
        #expect(repeats[0].shown == ["R3 | zero": 1] && repeats[1].shown.isEmpty)
        let again = machine.requests.filter { $0.report.contains(".repeat") }
        #expect(again.count == 3 && Set(again.map(\.report)).count == 3)
        #expect(again.allSatisfy { $0.arguments.contains("run.until=violation") })
        #expect(Set(again.map(\.run.seed)).count == 1)
        let baseline = machine.requests.filter { $0.report.contains(".baseline") }
        #expect(baseline.allSatisfy { $0.arguments.contains("/boot/k1") })
        // The second run of k2 on xfs that shows it is not tried again: the same failure.
        #expect(machine.requests.count == plan.runs.count + 6)
    }

    /// What the night before tried again has a rate; what a config is known to fail needs none.
    @Test func whatIsOldOrKnownIsNotTriedAgain() throws {
        var plan = filled(plan(kernels: 1))
        plan.configs[0].knownFailure = NightConfig.KnownFailureText(
            until: "6.1", reason: "a fix", filesystem: "ext4-dax")
        var before = NightFinding(
            kernel: "k1", filesystem: "xfs-dax", head: "R3 | zero", state: .new, first: "n",
            last: "n")
        before.tries = NightFinding.Tries(3, of: 3)
        let machine = FakeMachine()
        let outcomes = try carryOut(plan, on: machine, before: [before]) { _ in ([self.zero], 1) }
        #expect(machine.requests.count == 2)
        #expect(outcomes["k1_ext4-dax_plain_default_1"]?.knownFailure == "a fix")
        #expect(outcomes["k1_xfs-dax_plain_default_1"]?.knownFailure == nil)
        plan.configs[0].knownFailure?.until = "6.0"
        let later = try carryOut(plan, on: machine, before: [before]) { _ in ([self.zero], 1) }
        #expect(later["k1_ext4-dax_plain_default_1"]?.knownFailure == nil)
        plan.configs[0].knownFailure?.until = "6.1"
        // A mutant is no kernel as it was shipped.
        plan.kernels[0].mutant = NightKernel.Mutation(name: "m", filesystem: "ext4-dax")
        let broken = try carryOut(plan, on: machine, before: [before]) { _ in ([self.zero], 1) }
        #expect(broken["k1_ext4-dax_plain_default_1"]?.knownFailure == nil)
    }

    /// What was too empty is made once more, and for longer.
    @Test func anEmptyRunHasASecondChance() throws {
        let plan = filled(plan(kernels: 1))
        for isSecondEmpty in [false, true] {
            let requests = Mutex<[NightRunner.Request]>([])
            var outcomes: [String: RunOutcome] = [:]
            let runner = NightRunner(
                plan, runs: plan.runs, spent: 0, before: [], costs: RunCosts(), jobs: 1,
                execute: { request, _ in
                    requests.withLock { $0.append(request) }
                    var outcome = outcome(request.run, wall: 7)
                    let isFirst = !request.report.contains(".longer")
                    if isFirst && request.run.filesystem == "xfs-dax" || isSecondEmpty {
                        outcome.verdict = .untested
                    }
                    return .outcome(outcome)
                })
            try runner.run(
                isInterrupted: { false }, done: { outcomes[$0.outcome.id] = $0.outcome })
            let xfs = try #require(outcomes["k1_xfs-dax_plain_default_1"])
            #expect(xfs.verdict == (isSecondEmpty ? .untested : .clean))
            #expect(xfs.report == "k1_xfs-dax_plain_default_1.longer" && xfs.wallInAll == 14)
            let made = requests.withLock { $0 }
            #expect(made.count == (isSecondEmpty ? 4 : 3))
            #expect(made.last.map(duration) == 40)
        }
    }

    /// Somebody ended one run, and not the night.
    @Test func aSignalForOneRunEndsNoNight() throws {
        let plan = filled(plan(kernels: 1))
        var outcomes: [String: RunOutcome] = [:]
        let runner = NightRunner(
            plan, runs: plan.runs, spent: 0, before: [], costs: RunCosts(), jobs: 1,
            execute: { request, _ in
                request.run.filesystem == "xfs-dax" ? .stopped : .outcome(outcome(request.run))
            })
        try runner.run(
            isInterrupted: { false }, done: { outcomes[$0.outcome.id] = $0.outcome })
        #expect(outcomes.values.map(\.verdict.rawValue).sorted() == ["clean", "untested"])
    }

    @Test func aKernelThatCannotBeHadIsUntested() throws {
        var plan = filled(plan())
        plan.kernels[0].problem = "kernel k1 is not in the cache"
        let machine = FakeMachine()
        let outcomes = try carryOut(plan, on: machine) { _ in ([], 1) }
        #expect(outcomes.count == 4 && machine.requests.count == 2)
        #expect(outcomes["k1_ext4-dax_plain_default_1"]?.verdict == .untested)
        #expect(
            outcomes["k1_ext4-dax_plain_default_1"]?.sentence == "kernel k1 is not in the cache")
    }

    /// Wherever a night ends, the rest is what the next part of it runs, each once.
    @Test func nothingIsLostOrDoubled() throws {
        let scratch = try Scratch()
        let night = NightDirectory("\(scratch.path)/2026-11-28T010203")
        let plan = filled(plan(options: ["a", "b", "c"], budget: 4000))
        try Files.makeDirectory(night.path)
        try night.write(plan)
        let read = try #require(try night.plan())
        #expect(read == plan)
        let machine = FakeMachine()
        let doubled = Mutex(0)
        var parts = 0
        while true {
            let earlier = night.outcomes(of: plan)
            if earlier.count == plan.runs.count { break }
            parts += 1
            // What the process wrote stays, whatever becomes of it then.
            struct Killed: Error {}
            var written = 0
            do {
                _ = try carryOut(
                    plan, on: machine, earlier: earlier, jobs: 2,
                    done: { progress in
                        if written == 3 { throw Killed() }
                        try night.write(progress.outcome)
                        written += 1
                    },
                    result: { request in
                        if Files.exists("\(night.path)/runs/\(request.run.id).json") {
                            doubled.withLock { $0 += 1 }
                        }
                        return ([], 10 + duration(request))
                    })
            } catch is Killed {}
            try #require(parts < 20)
        }
        #expect(parts >= 4 && doubled.withLock { $0 } == 0)
        #expect(Set(machine.requests.map(\.run.id)).count == plan.runs.count)
        let results = NightResults(plan, night.outcomes(of: plan), night: night.name)
        #expect(results.isComplete && results.status(strict: true) == .clean)
    }

    @Test func anInterruptEndsIt() throws {
        let plan = filled(plan(options: ["a", "b", "c", "d"]))
        let machine = FakeMachine()
        let outcomes = try carryOut(
            plan, on: machine, isInterrupted: { !machine.requests.isEmpty },
            result: { _ in
                GuestKernel.sleep(milliseconds: 300)
                return ([], 1)
            })
        #expect((1...4).contains(outcomes.count))
        let results = NightResults(plan, outcomes, night: "n")
        #expect(results.status(strict: false) == .untested && !results.isComplete)
        #expect(results.runs.count == 16 && results.count(.notRun) == 16 - outcomes.count)
    }

    /// What cannot be written ends the night; what is known by then is there.
    @Test func aFullDiskEndsIt() throws {
        let plan = filled(plan(options: ["a", "b", "c", "d"]))
        let machine = FakeMachine()
        var seen = 0
        #expect(throws: SystemError.self) {
            _ = try carryOut(
                plan, on: machine,
                done: { _ in
                    seen += 1
                    throw SystemError("write", code: 28, target: "x")
                },
                result: { _ in
                    GuestKernel.sleep(milliseconds: 300)
                    return ([], 1)
                })
        }
        #expect((1...3).contains(seen))
    }

    /// Thousands of runs need little more memory than tens.
    @Test func memoryIsFlat() throws {
        let names = (0..<40).map { "o\($0)" }
        let plan = filled(
            plan(kernels: 4, options: names, configs: ["a", "b", "c"]), seeds: 4)
        #expect(plan.runs.count == 3840)
        let machine = FakeMachine()
        func resident() throws -> Int {
            let text = try Files.text("/proc/self/statm").split(separator: " ")
            return Int(text[1])! * 4096
        }
        let before = try resident()
        let outcomes = try carryOut(plan, on: machine) { _ in ([], 1) }
        #expect(outcomes.count == 3840)
        // A few KiB each, and what the test itself keeps of them.
        #expect(try resident() - before < 64 << 20)
    }
}
