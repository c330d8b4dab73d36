import DaxHost
import DaxModel
import DaxNightly
import DaxReport
import DaxSystem
import DaxText
import DaxTorture

/// A night that is carried out, in whole or in part, and summed up.
struct NightlySession {
    let plan: NightPlan
    let directory: NightDirectory
    let nights: Nights
    let jobs: Int
    let strict: Bool
    /// Whether the directory of nights is the program's to keep in order.
    let ownsState: Bool

    /// How many nights a page's trends are of.
    private static let shown = 30

    /// All runs that have no outcome yet, and the summary.
    func whole() throws -> ExitStatus {
        let held = try Directory(directory.path)
        guard try held.lock() else {
            throw UsageError("\(directory.path): another process is at work there")
        }
        if ownsState { try nights.point(at: directory) }
        try directory.reserve(runs: plan.runs.count)
        var outcomes = directory.outcomes(of: plan)
        var number = 0
        func tell(_ result: RunResult) {
            number += 1
            let heads = result.outcome?.signatures.map { Signature.head($0.signature) } ?? []
            Console.text(
                NightResults.ktap(result, number: number, notes: Array(Set(heads)).sorted()))
        }
        Console.text("KTAP version 1\n1..\(plan.runs.count)\n")
        for run in plan.runs {
            if let outcome = outcomes[run.id] { tell(RunResult(run, outcome)) }
        }
        var problems: [String] = []
        do {
            try carryOut(plan.runs, of: plan, earlier: outcomes) { progress in
                outcomes[progress.outcome.id] = progress.outcome
                if !progress.isAmended,
                    let run = plan.runs.first(where: { $0.id == progress.outcome.id })
                {
                    tell(RunResult(run, progress.outcome))
                }
                try directory.write(progress.outcome)
            }
        } catch { problems.append("the night ended before its time: \(error)") }
        for run in plan.runs where outcomes[run.id] == nil { tell(RunResult(run, nil)) }
        if let signal = Interrupts.soFar?.signal {
            problems.append("stopped by \(signal); the same command goes on from here")
        }
        return sumUp(outcomes, problems, hasEnded: problems.isEmpty)
    }

    /// The runs of one shard that have no outcome yet.
    func shard(_ index: Int, of count: Int) throws -> ExitStatus {
        let runs = plan.shard(index, of: count)
        let place = "\(directory.path)/shards/\(index)-of-\(count)"
        try Files.makeDirectories(place)
        let held = try Directory(place)
        guard try held.lock() else {
            throw RunError.untested("\(place): another process is at work at this shard")
        }
        let earlier = directory.outcomes(of: plan)
        var asPlanned = plan
        // The budget is that of all shards together; what a run may take of it stands in the plan.
        asPlanned.budget = nil
        try carryOut(runs, of: asPlanned, earlier: earlier) { progress in
            if !progress.isAmended {
                Console.line("\(progress.outcome.id): \(progress.outcome.sentence)")
            }
            try directory.write(progress.outcome)
        }
        let outcomes = directory.outcomes(of: plan)
        let missing = runs.count { outcomes[$0.id] == nil }
        guard missing == 0 else {
            throw RunError.untested("\(missing) of \(runs.count) runs of the shard are left")
        }
        return .clean
    }

    /// The summary of what is there.
    func collect() throws -> ExitStatus {
        sumUp(directory.outcomes(of: plan), [], hasEnded: false)
    }

    private func carryOut(
        _ runs: [PlannedRun], of plan: NightPlan, earlier: [String: RunOutcome],
        done: (NightRunner.Progress) throws -> Void
    ) throws {
        let programs = ProgramRuns(
            program: try Files.canonical("/proc/self/exe"),
            directory: try Files.canonical(directory.path))
        var costs = nights.costs
        learn(from: earlier, &costs)
        let spent = earlier.values.reduce(0) { $0 + $1.wallInAll } / Double(jobs)
        let runner = NightRunner(
            plan, runs: runs.filter { earlier[$0.id] == nil }, spent: spent,
            before: nights.open(before: plan.started, of: plan.matrix), costs: costs, jobs: jobs,
            execute: { programs.execute($0, $1) })
        try runner.run(isInterrupted: { Interrupts.seen > 0 }, done: done)
    }

    private func learn(from outcomes: [String: RunOutcome], _ costs: inout RunCosts) {
        for run in plan.runs {
            if let outcome = outcomes[run.id] { costs.note(run, outcome, at: plan.started) }
        }
    }

    private func sumUp(
        _ outcomes: [String: RunOutcome], _ problems: [String], hasEnded: Bool
    ) -> ExitStatus {
        var results = NightResults(
            plan, outcomes, night: directory.name,
            before: nights.open(before: plan.started, of: plan.matrix),
            history: nights.tallies(
                before: plan.started, of: plan.matrix, most: NightlySession.shown - 1))
        (results.problems, results.hasEnded) = (problems, hasEnded)
        for finding in results.findings { Console.line("# " + finding.line) }
        if !plan.leftOut.isEmpty {
            Console.line("# \(plan.leftOut.count) runs had no room in the budget; their turn comes")
        }
        Console.line("# \(results.verdict)")
        Console.line("# \(directory.path)/index.html")
        for problem in problems { Console.error("daxtorture: \(problem)\n") }
        // A full disk takes none of what was said above, and leaves room for what follows.
        directory.release()
        var failures = NightWriter(results).write(to: directory).map(\.description)
        do {
            var costs = nights.costs
            learn(from: outcomes, &costs)
            try nights.keep(costs)
            if ownsState { try nights.thin(plan.matrix, keep: Int(plan.keep)) }
        } catch { failures.append("\(error)") }
        for failure in failures { Console.error("daxtorture: not written: \(failure)\n") }
        if Files.environment("GITHUB_ACTIONS") == "true" {
            for line in results.annotations { Console.error(line + "\n") }
        }
        let status = results.status(strict: strict)
        return status == .clean && !failures.isEmpty ? .untested : status
    }
}
