import DaxHost
import DaxModel
import DaxReport
import DaxSystem
import DaxText
import Synchronization

/// Carries out a night's plan, several runs at a time, within its budget, and tries again what is new.
///
/// Runs are made by whoever gives `execute`: the program itself, or a test. Memory is that of one outcome
/// for each run, which holds no report.
package final class NightRunner: Sendable {
    /// One run of the program, or one more.
    package struct Request: Hashable, Sendable {
        package var run: PlannedRun
        /// The arguments of `daxtorture`, but for the report.
        package var arguments: [String]
        /// What its report's directory is called.
        package var report: String
    }

    /// How a run ended.
    package enum End: Sendable {
        case outcome(RunOutcome)
        /// It was stopped, and says nothing.
        case stopped
    }

    /// Makes a run, on the thread that calls it, until `isStopped`.
    package typealias Execute =
        @Sendable (_ request: Request, _ isStopped: () -> Bool) -> End

    /// What is new about an outcome.
    package struct Progress: Sendable {
        package var outcome: RunOutcome
        /// Whether it was told before, without what came of trying it again.
        package var isAmended: Bool
    }

    private let plan: NightPlan
    private let jobs: Int
    private let clock: @Sendable () -> Double
    private let execute: Execute
    private let state: Mutex<State>
    private let isStopped = Atomic(false)

    private struct State {
        /// What is still to begin.
        var runs: ArraySlice<PlannedRun>
        var costs: RunCosts
        /// What was tried again already, tonight or the night before.
        var tried: Set<String>
        var waiting: [Progress] = []
        /// On the clock, when the night began, less what was spent in earlier parts of it.
        var began: Double
        /// Whether runs are left for which there was no time.
        var isOverBudget = false
    }

    /// - Parameters:
    ///   - runs: those of `plan` that are to be run.
    ///   - spent: seconds that earlier parts of the night took.
    ///   - before: what the nights before left open; what was tried again then is not tried again.
    ///   - clock: seconds that never go back.
    package init(
        _ plan: NightPlan, runs: [PlannedRun], spent: Double, before: [NightFinding],
        costs: RunCosts, jobs: Int,
        clock: @escaping @Sendable () -> Double = {
            Double(Clock.monotonicNanoseconds()) / 1e9
        },
        execute: @escaping Execute
    ) {
        (self.plan, self.jobs, self.clock) = (plan, max(1, jobs), clock)
        self.execute = execute
        let tried = before.filter { $0.tries != nil }.map {
            NightRunner.key($0.kernel, $0.filesystem, $0.head)
        }
        state = Mutex(
            State(
                runs: runs[...], costs: costs, tried: Set(tried), began: clock() - spent))
    }

    /// Ends the runs that are under way, and begins no more.
    package func stop() { isStopped.store(true, ordering: .relaxed) }

    /// Whether runs are left for which the budget had no time.
    package var isOverBudget: Bool { state.withLock(\.isOverBudget) }

    /// Runs all, and tells `done` of each outcome on this thread: once when its run has ended, and once more
    /// where it was tried again. What `done` throws ends the night, and is thrown.
    package func run(
        isInterrupted: () -> Bool, done: (Progress) throws -> Void
    ) throws {
        var workers: [Worker<Void>] = []
        for number in 0..<jobs {
            workers.append(
                try Worker("nightly \(number)", make: {}, round: { _ in self.work() }))
        }
        for worker in workers { worker.start() }
        var failure: (any Error)?
        func tell() {
            let waiting = state.withLock { state in
                defer { state.waiting = [] }
                return state.waiting
            }
            for progress in waiting {
                do { try done(progress) } catch {
                    if failure == nil { failure = error }
                    stop()
                }
            }
        }
        while !workers.allSatisfy({ $0.wait(nanoseconds: 200_000_000) }) {
            tell()
            if isInterrupted() { stop() }
        }
        tell()
        for worker in workers { worker.end() }
        if let failure { throw failure }
    }

    private static func key(_ kernel: String, _ filesystem: String, _ head: String) -> String {
        "\(kernel)\n\(filesystem)\n\(head)"
    }

    private var isOver: Bool { isStopped.load(ordering: .relaxed) }

    private func work() {
        while !isOver, let run = next() {
            guard case .outcome(var outcome) = carryOut(run) else { return }
            if outcome.asked == 0 { outcome.asked = run.duration.inSeconds }
            outcome.knownFailure = knownFailure(run, outcome)
            let first = outcome
            state.withLock { state in
                state.costs.note(run, first, at: plan.started)
                state.waiting.append(Progress(outcome: first, isAmended: false))
            }
            if tryAgain(run, &outcome) {
                let amended = outcome
                state.withLock {
                    $0.waiting.append(Progress(outcome: amended, isAmended: true))
                }
            }
        }
    }

    /// The next run, as long as the time that is left allows; nil where there is none.
    private func next() -> PlannedRun? {
        state.withLock { state in
            guard var run = state.runs.first else { return nil }
            if let budget = plan.budget {
                let left = budget - (clock() - state.began)
                let costs = state.runs.map { state.costs.cost($0) }
                let fit = BudgetFit(costs, seconds: left, jobs: jobs)
                // The last may be late by a little.
                let late = left + budget * 0.03 - costs[0].seconds(BudgetFit.least)
                guard fit.count > 0 || late >= 0 else {
                    state.isOverBudget = true
                    return nil
                }
                run.duration = .milliseconds(UInt64(fit.duration * 10) * 100)
            }
            state.runs.removeFirst()
            return run
        }
    }

    private func carryOut(_ run: PlannedRun) -> End {
        if let problem = plan.kernel(run.kernel)?.problem {
            return .outcome(
                RunOutcome(id: run.id, verdict: .untested, sentence: problem, seed: run.seed))
        }
        let end = execute(request(run, report: run.id)) { isOver }
        guard case .outcome(let first) = end else {
            // A signal that was meant for that run alone ends no night.
            return isOver
                ? .stopped
                : .outcome(
                    RunOutcome(
                        id: run.id, verdict: .untested, sentence: "its run was ended by a signal",
                        seed: run.seed))
        }
        guard first.isTooEmpty else { return end }
        // A busy machine may do too little in so short a time: once more, and for longer.
        var longer = run
        longer.duration = TimeSpan(nanoseconds: run.duration.nanoseconds * 2)
        guard hasTime(for: longer) else { return end }
        let second = execute(request(longer, report: "\(run.id).longer")) { isOver }
        guard case .outcome(var outcome) = second else { return second }
        (outcome.report, outcome.lost) = ("\(run.id).longer", first.wall)
        outcome.asked = longer.duration.inSeconds
        return .outcome(outcome)
    }

    private func request(
        _ run: PlannedRun, report: String, on kernel: String? = nil, more: [String] = []
    ) -> Request {
        Request(
            run: run,
            arguments: plan.arguments(run, on: kernel) + [
                "--seed", "\(run.seed)", "--duration", "\(run.duration)",
            ] + more, report: report)
    }

    /// Why the run fails on its kernel as that is shipped; nil where it does not.
    private func knownFailure(_ run: PlannedRun, _ outcome: RunOutcome) -> String? {
        guard let known = plan.config(run.config)?.knownFailure,
            known.filesystem == nil || known.filesystem == run.filesystem,
            plan.kernel(run.kernel)?.mutant?.filesystem != run.filesystem,
            let last = KernelVersion(release: known.until),
            let kernel = outcome.kernel.flatMap({ KernelVersion(release: $0) }), kernel <= last
        else { return nil }
        return known.reason
    }

    /// Tries a new failure again, on its kernel and on the baseline; false where there was nothing to try.
    private func tryAgain(_ run: PlannedRun, _ outcome: inout RunOutcome) -> Bool {
        let heads = Set(outcome.signatures.map { Signature.head($0.signature) })
        guard plan.repeats > 0, !heads.isEmpty, outcome.knownFailure == nil else { return false }
        let isNew = state.withLock { state in
            heads.filter {
                state.tried.insert(NightRunner.key(run.kernel, run.filesystem, $0)).inserted
            }.count > 0
        }
        guard isNew else { return false }
        // Of several, one that ends a run would keep the others from showing.
        let more = heads.count == 1 ? ["--set", "run.until=violation"] : []
        var kernels = [run.kernel]
        if let baseline = plan.baseline, baseline != run.kernel { kernels.append(baseline) }
        for kernel in kernels {
            var series = RunOutcome.Repeats(kernel: kernel)
            let name = kernel == run.kernel ? "repeat" : "baseline"
            for number in 1...plan.repeats where !isOver && hasTime(for: run) {
                let end = execute(
                    request(run, report: "\(run.id).\(name)\(number)", on: kernel, more: more)
                ) { isOver }
                guard case .outcome(let again) = end else { break }
                series.wall += again.wall
                guard again.verdict != .untested else { continue }
                series.runs += 1
                for head in Set(again.signatures.map({ Signature.head($0.signature) })) {
                    series.shown[head, default: 0] += 1
                }
            }
            outcome.repeats.append(series)
        }
        return true
    }

    /// Whether a run may be tried again without any that is planned being left out for it.
    private func hasTime(for run: PlannedRun) -> Bool {
        guard let budget = plan.budget else { return true }
        return state.withLock { state in
            let left = budget - (clock() - state.began)
            let rest = state.runs.reduce(0) { $0 + state.costs.cost($1).seconds(BudgetFit.least) }
            let own = state.costs.cost(run).seconds(run.duration.inSeconds)
            return own + rest / Double(jobs) <= left
        }
    }
}
