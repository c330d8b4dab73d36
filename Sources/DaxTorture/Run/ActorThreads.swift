import DaxActors
import DaxChecks
import DaxHost
package import DaxModel
import DaxOperations
import DaxOracle
import DaxSystem

/// The actors that this process runs, a thread each.
package final class ActorThreads: ActorHost {
    private let workers: [ActorNumber: Worker<ActorRunner>]

    /// Starts a thread for each of `specs`.
    package init(_ specs: [ActorSpec], on setup: ActorSetup) throws {
        var workers: [ActorNumber: Worker<ActorRunner>] = [:]
        // An actor that cannot be made must not leave those before it waiting for a first round.
        var isWhole = false
        defer { if !isWhole { for worker in workers.values { worker.end() } } }
        for spec in specs { workers[spec.id] = try setup.worker(for: spec) }
        self.workers = workers
        isWhole = true
    }

    private func withContext<Result: Sendable>(
        of actor: ActorNumber, _ body: (ActorContext) throws -> Result
    ) rethrows -> Result {
        try withRunner(of: actor) { try body($0.context) }
    }

    private func withRunner<Result: Sendable>(
        of actor: ActorNumber, _ body: (ActorRunner) throws -> Result
    ) rethrows -> Result {
        guard let worker = workers[actor] else {
            preconditionFailure("actor \(actor) runs in another process")
        }
        return try worker.withValue { try body($0) }
    }

    /// The threads in the order of their actors' numbers, so that nothing follows from where a
    /// dictionary has them.
    private var inOrder: [(id: ActorNumber, worker: Worker<ActorRunner>)] {
        workers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    package func begin(_ starts: [ActorNumber: EpochStart]) {
        for (id, worker) in inOrder {
            guard let start = starts[id] else {
                preconditionFailure("no epoch to start for actor \(id)")
            }
            worker.withValue {
                $0.context.begin(
                    epoch: start.epoch, kind: start.kind, seed: start.seed, duel: start.duel)
            }
        }
    }

    package func start() { for (_, worker) in inOrder { worker.start() } }

    func interrupt(_ spec: ActorSpec) { workers[spec.id]?.interrupt() }

    func takeFindings(of actor: ActorNumber) -> [ActorFinding] {
        withContext(of: actor) { $0.takeFindings() }
    }

    func compare(
        _ actor: ActorNumber, file: Int, size: UInt64, called name: String, with auditor: Auditor
    ) -> [Finding] {
        withContext(of: actor) { auditor.compare($0.files[file].long, of: name, size: size) }
    }

    /// Compares an actor's long mapping of file `file`, of `size` bytes, by `comparison`, where
    /// there is no auditor; messages call the actor `name`.
    func compare(
        _ actor: ActorNumber, file: Int, size: UInt64, called name: String,
        with comparison: MappingComparison
    ) -> [Finding] {
        withContext(of: actor) { comparison.compare($0.files[file].long, of: name, size: size) }
    }

    func locate(_ actor: ActorNumber, file: Int, by check: FrameCheck, _ blocks: FileBlocks) throws
        -> LocatedPages
    {
        try withContext(of: actor) { try LocatedPages($0.files[file], by: check, blocks) }
    }

    /// Compares what an actor's mappings of file `file` reach with where the file lies, which this
    /// process is to find out.
    func locate(_ actor: ActorNumber, file: Int, by check: FrameCheck) throws -> LocatedPages {
        try withContext(of: actor) {
            let view = $0.files[file]
            return try LocatedPages(view, by: check, check.blocks(of: view.file))
        }
    }

    func remarks(on actor: ActorNumber) -> Remarks { withRunner(of: actor) { Remarks($0) } }

    package func end() { abandon() }

    func abandon() {
        for (_, worker) in inOrder {
            if worker.isIdle { worker.end() } else { worker.abandon() }
        }
    }

    var exit: ChildProcess.Exit? { nil }
}
