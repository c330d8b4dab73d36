import DaxMutants
import DaxSystem
import Synchronization

/// Runs trials, several at a time, each as a process of its own: one that dies takes nothing with
/// it, and none outlives the thread that started it.
///
/// A trial whose report is there already is not run again, so that a proof resumes where it was
/// stopped.
package final class Prover: Sendable {
    private let program: String
    private let directory: String
    private let terms: Trial.Terms
    private let isStopped = Atomic(false)
    private let next = Atomic(0)

    /// A subject on a kernel from a seed: by the default workload and, if that misses it, by what
    /// the mutant asks for, where it asks for anything.
    package struct Job: Sendable {
        package var subject: Subject
        package var kernel: ProofKernel
        package var seed: UInt64
        /// A config of the mutant's class.
        package var ownConfig: String?

        package init(
            _ subject: Subject, _ kernel: ProofKernel, seed: UInt64, ownConfig: String?
        ) {
            self.subject = subject
            self.kernel = kernel
            self.seed = seed
            self.ownConfig = ownConfig
        }

        /// What the mutant asks for; nil if nothing.
        var own: Trial.Workload? {
            ownConfig == nil && subject.mutant?.settings.isEmpty != false
                ? nil : .own(config: ownConfig)
        }
    }

    /// What came of a job; `own` is nil where the default found it, or there is no such config.
    package struct Result: Sendable {
        package var byDefault: Outcome
        package var own: Outcome?

        package init(byDefault: Outcome, own: Outcome?) {
            self.byDefault = byDefault
            self.own = own
        }
    }

    /// A prover that runs `program`, this one, and keeps reports below `directory`, which is there.
    package init(program: String, directory: String, terms: Trial.Terms) {
        self.program = program
        self.directory = directory
        self.terms = terms
    }

    /// Ends the trials that run, and starts no more.
    package func stop() { isStopped.store(true, ordering: .relaxed) }

    /// Runs `jobs`, `width` at a time, and tells `done` of each that ended, in any order, on this
    /// thread. Jobs that were stopped are not told of.
    package func run(
        _ jobs: [Job], width: Int, isInterrupted: () -> Bool,
        done: (Int, Result) -> Void
    ) throws {
        let results = Results()
        var workers: [Worker<Void>] = []
        for number in 0..<max(1, min(width, jobs.count)) {
            workers.append(
                try Worker("prove \(number)", make: {}, round: { _ in self.work(jobs, results) }))
        }
        for worker in workers { worker.start() }
        while !workers.allSatisfy({ $0.wait(nanoseconds: 200_000_000) }) {
            for (index, result) in results.take() { done(index, result) }
            if isInterrupted() { stop() }
        }
        for (index, result) in results.take() { done(index, result) }
        for worker in workers { worker.end() }
    }

    private func work(_ jobs: [Job], _ results: Results) {
        while !isStopped.load(ordering: .relaxed) {
            let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard index < jobs.count else { return }
            if let result = run(jobs[index]) { results.put(index, result) }
        }
    }

    private func run(_ job: Job) -> Result? {
        var trial = Trial(job)
        guard let outcome = run(trial) else { return nil }
        var result = Result(byDefault: outcome, own: nil)
        if let workload = job.own, outcome.discovery == nil {
            trial.workload = workload
            guard let own = run(trial) else { return nil }
            result.own = own
        }
        return result
    }

    /// nil: it was stopped.
    func run(_ trial: Trial, isInterrupted: () -> Bool = { false }) -> Outcome? {
        let report = "\(directory)/\(trial.directory)"
        do {
            let end = try ReportedRun.run(
                [program] + trial.arguments(terms, report: report), in: report,
                isStopped: { isStopped.load(ordering: .relaxed) || isInterrupted() })
            switch end {
            case .report(let report): return Outcome(report)
            case .stopped: return nil
            case .none(let reason): return .untested(reason)
            }
        } catch {
            return .untested("\(error)")
        }
    }
}

/// Results on their way to the thread that tells of them.
private final class Results: Sendable {
    private let waiting = Mutex<[(Int, Prover.Result)]>([])

    func put(_ index: Int, _ result: Prover.Result) {
        waiting.withLock { $0.append((index, result)) }
    }

    func take() -> [(Int, Prover.Result)] {
        waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
    }
}
