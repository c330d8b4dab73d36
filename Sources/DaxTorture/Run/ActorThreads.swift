import DaxActors
import DaxChecks
import DaxModel
import DaxOperations
import DaxOracle
import DaxSystem

/// The actors that this process plays, a thread each.
package final class ActorThreads: ActorHost {
    private let workers: [UInt8: Worker<Player>]

    /// Starts a thread for each of `castings`.
    package init(_ castings: [Casting], on stage: Stage) throws {
        var workers: [UInt8: Worker<Player>] = [:]
        // An actor that cannot be made must not leave those before it waiting for a first round.
        var isWhole = false
        defer { if !isWhole { for worker in workers.values { worker.end() } } }
        for casting in castings { workers[casting.id] = try stage.worker(for: casting) }
        self.workers = workers
        isWhole = true
    }

    private func withHand<Result: Sendable>(
        of actor: UInt8, _ body: (Hand) throws -> Result
    ) rethrows -> Result {
        try withPlayer(of: actor) { try body($0.hand) }
    }

    private func withPlayer<Result: Sendable>(
        of actor: UInt8, _ body: (Player) throws -> Result
    ) rethrows -> Result {
        guard let worker = workers[actor] else {
            preconditionFailure("actor \(actor) is played elsewhere")
        }
        return try worker.withValue { try body($0) }
    }

    /// In the order of their numbers, so that nothing follows from where a dictionary has them.
    private var inOrder: [(id: UInt8, worker: Worker<Player>)] {
        workers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    package func begin(_ cues: [UInt8: Cue]) {
        for (id, worker) in inOrder {
            guard let cue = cues[id] else { preconditionFailure("no cue for actor \(id)") }
            worker.withValue {
                $0.hand.begin(
                    epoch: cue.epoch, kind: cue.kind, seed: cue.seed, duel: cue.duel)
            }
        }
    }

    package func start() { for (_, worker) in inOrder { worker.start() } }

    func interrupt(_ casting: Casting) { workers[casting.id]?.interrupt() }

    func takeFindings(of actor: UInt8) -> [ActorFinding] {
        withHand(of: actor) { $0.takeFindings() }
    }

    func compare(
        _ actor: UInt8, file: Int, size: UInt64, called name: String, with auditor: Auditor
    ) -> [Finding] {
        withHand(of: actor) { auditor.compare($0.files[file].long, of: name, size: size) }
    }

    /// The same without an auditor.
    func compare(
        _ actor: UInt8, file: Int, size: UInt64, called name: String,
        with comparison: MappingComparison
    ) -> [Finding] {
        withHand(of: actor) { comparison.compare($0.files[file].long, of: name, size: size) }
    }

    func locate(_ actor: UInt8, file: Int, by check: FrameCheck, _ blocks: FileBlocks) throws
        -> LocatedPages
    {
        try withHand(of: actor) { try LocatedPages($0.files[file], by: check, blocks) }
    }

    /// The same where this process is to find out where the file lies.
    func locate(_ actor: UInt8, file: Int, by check: FrameCheck) throws -> LocatedPages {
        try withHand(of: actor) {
            let view = $0.files[file]
            return try LocatedPages(view, by: check, check.blocks(of: view.file))
        }
    }

    func remarks(on actor: UInt8) -> Remarks { withPlayer(of: actor) { Remarks($0) } }

    package func end() { abandon() }

    func abandon() {
        for (_, worker) in inOrder {
            if worker.isIdle { worker.end() } else { worker.abandon() }
        }
    }

    var exit: ChildProcess.Exit? { nil }
}
