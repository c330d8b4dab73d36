import DaxConfig
import DaxReport
import DaxText
import Synchronization

@testable import DaxNightly

/// A plan of kernels k1, k2, ..., both filesystems, sets of options and configs as named.
func plan(
    kernels: Int = 2, options: [String] = ["plain"], configs: [String] = ["default"],
    budget: Double? = nil, repeats: UInt64 = 3, baseline: String? = nil, started: UInt64 = 1_000_000
) -> NightPlan {
    NightPlan(
        matrix: "m", digest: "0x1", started: started, budget: budget,
        kernels: (1...kernels).map { NightKernel(name: "k\($0)", image: "/boot/k\($0)") },
        options: options.map { NightOptions(name: $0, set: $0 == "plain" ? [] : ["fs.dax=\($0)"]) },
        configs: configs.map { NightConfig(name: $0, path: "/configs/\($0).toml") },
        baseline: baseline, repeats: repeats)
}

let filesystems = ["ext4-dax", "xfs-dax"]

/// The plan with its runs, from seeds 1, 2, 3, ...
func filled(
    _ plan: NightPlan, seeds: Int = 1, costs: RunCosts = RunCosts(), failed: [NightFinding] = [],
    duration: TimeSpan = .seconds(20)
) -> NightPlan {
    var plan = plan
    let candidates = Planner.candidates(
        of: &plan, filesystems: filesystems, isLeft: { _ in false }, refusal: { _ in nil })
    var seed: UInt64 = 0
    let planner = Planner(costs: costs, jobs: 1) {
        seed += 1
        return Seed(seed)
    }
    planner.fill(&plan, candidates, seeds: seeds, duration: duration, failed: failed)
    return plan
}

/// What a run came to that took its duration and 10 seconds more.
func outcome(_ run: PlannedRun, _ signatures: [String] = [], wall: Double? = nil) -> RunOutcome {
    var outcome = RunOutcome(
        id: run.id, verdict: signatures.isEmpty ? .clean : .violation,
        sentence: signatures.isEmpty
            ? "clean: <all> of it." : "violation: R3 & \"more\"\u{1b}[31m # TODO.",
        seed: run.seed, began: 1_000_100, wall: wall ?? run.duration.inSeconds + 10)
    (outcome.start, outcome.duration) = (10, run.duration.inSeconds)
    outcome.asked = outcome.duration
    (outcome.kernel, outcome.operations) = ("6.1.0-\(run.kernel)", 1234)
    outcome.signatures = signatures.map {
        RunOutcome.Seen($0, count: 3, sentence: "A load | found *zeros* in <f0>.")
    }
    return outcome
}

/// A machine on which time passes as runs take it.
final class FakeMachine: Sendable {
    private let state = Mutex<(now: Double, requests: [NightRunner.Request])>((0, []))

    var now: Double { state.withLock { $0.now } }
    var requests: [NightRunner.Request] { state.withLock { $0.requests } }

    /// Notes a run, which took so many seconds.
    func took(_ seconds: Double, _ request: NightRunner.Request) {
        state.withLock {
            $0.now += seconds
            $0.requests.append(request)
        }
    }
}

/// The duration that a request asks for, in seconds.
func duration(_ request: NightRunner.Request) -> Double {
    let place = request.arguments.firstIndex(of: "--duration")!
    return TimeSpan(request.arguments[place + 1])!.inSeconds
}

/// Runs a plan; `result` says what a run shows and how long it takes.
func carryOut(
    _ plan: NightPlan, on machine: FakeMachine, earlier: [String: RunOutcome] = [:],
    before: [NightFinding] = [], spent: Double = 0, jobs: Int = 1,
    isInterrupted: () -> Bool = { false }, done: ((NightRunner.Progress) throws -> Void)? = nil,
    result: @escaping @Sendable (NightRunner.Request) -> (signatures: [String], wall: Double)
) throws -> [String: RunOutcome] {
    var outcomes = earlier
    let runner = NightRunner(
        plan, runs: plan.runs.filter { earlier[$0.id] == nil }, spent: spent, before: before,
        costs: RunCosts(), jobs: jobs, clock: { machine.now },
        execute: { request, isStopped in
            if isStopped() { return .stopped }
            let (signatures, wall) = result(request)
            machine.took(wall, request)
            var run = request.run
            run.duration = .milliseconds(UInt64(duration(request) * 1000))
            return .outcome(outcome(run, signatures, wall: wall))
        })
    try runner.run(isInterrupted: isInterrupted) { progress in
        outcomes[progress.outcome.id] = progress.outcome
        try done?(progress)
    }
    return outcomes
}
