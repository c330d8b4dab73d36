import DaxModel
import DaxSystem
import Glibc
import TestSupport
import Testing

@testable import DaxChecks
@testable import DaxOperations

/// Whose a stamp is that no history knows.
@Suite struct StampMakerTests {
    private let key = StampKey(seed: 7)

    private func part(_ actor: ActorNumber, _ kinds: [OperationKind]) -> ActorLog {
        var log = Log(records: 16, values: 1)
        for (index, kind) in kinds.enumerated() {
            log.append(
                Record(
                    interval: Interval(Timestamp(ticks: 10), Timestamp(ticks: 20)), offset: 4096,
                    length: 64, done: 16, reference: UInt32(index) + 1, kind: kind, path: .uring,
                    outcome: .failed, file: 0, code: EINVAL))
        }
        return ActorLog(actor: actor, log: log)
    }

    private func stamp(_ actor: ActorNumber, _ sequence: UInt32) -> UInt64 {
        key.stamp(actor: actor, sequence: sequence, file: 0, word: 512).rawValue
    }

    @Test func theRecordIsFoundHoweverItEnded() throws {
        let actorLogs = [part(1, [.store, .write]), part(2, [.load, .privateStore, .write])]
        let maker = try #require(StampMaker(of: stamp(2, 3), in: actorLogs))
        #expect(maker.actor == 2 && maker.record.kind == .write)
        #expect(maker.record.code == EINVAL && maker.record.done == 16)
        #expect(StampMaker(of: stamp(1, 1), in: actorLogs)?.record.kind == .store)
        #expect(StampMaker(of: stamp(2, 2), in: actorLogs)?.record.kind == .privateStore)
    }

    @Test func whatOnlyReadsMakesNone() {
        // A load's reference is a place among the values read, a clone's a word.
        let actorLogs = [part(1, [.load, .clone, .read, .punch])]
        #expect(StampMaker(of: stamp(1, 1), in: actorLogs) == nil)
        #expect(StampMaker(of: stamp(1, 2), in: actorLogs) == nil)
        #expect(StampMaker(of: stamp(1, 9), in: actorLogs) == nil)
        #expect(StampMaker(of: stamp(3, 1), in: actorLogs) == nil)
    }
}
