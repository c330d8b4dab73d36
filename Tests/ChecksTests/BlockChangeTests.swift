import DaxModel
import DaxOracle
import Glibc
import TestSupport
import Testing

@testable import DaxChecks
@testable import DaxOperations

/// Which operations are named beside a mapping that reaches the wrong block.
@Suite struct BlockChangeTests {
    private func record(
        _ kind: OperationKind, _ offset: UInt64, _ length: UInt64, at returned: UInt64,
        file: FileNumber = 0, source: FileNumber = 0, reference: UInt32 = 0,
        _ outcome: Record.Outcome = .done
    ) -> Record {
        Record(
            interval: Interval(Timestamp(ticks: 1), Timestamp(ticks: returned)), offset: offset,
            length: length, done: 0, reference: reference, kind: kind, path: .syscall,
            outcome: outcome, file: file, source: source, code: outcome == .done ? 0 : EINVAL)
    }

    private func changes(_ records: [Record], page: PageNumber = 4) -> [UInt64] {
        var logs = [Log(records: 16, values: 1), Log(records: 16, values: 1)]
        for (index, record) in records.enumerated() { logs[index % 2].append(record) }
        let actorLogs = logs.enumerated().map {
            ActorLog(actor: ActorNumber(index: $0.offset), log: $0.element)
        }
        return actorLogs.blockChanges(of: 0, page: page, most: 3).map(
            \.record.interval.returned.ticks)
    }

    @Test func theLastOnesAreFoundInTheirOrder() {
        #expect(
            changes([
                record(.punch, 0, 1 << 20, at: 40), record(.zero, 16384, 4096, at: 20),
                record(.collapse, 4096, 4096, at: 10), record(.truncate, 4096, 0, at: 30),
            ]) == [20, 30, 40])
    }

    @Test func whatMeantOtherPagesOrNoBlockIsNot() {
        #expect(
            changes([
                record(.punch, 20480, 4096, at: 10), record(.truncate, 20480, 0, at: 20),
                record(.punch, 16384, 4096, at: 30, file: 1), record(.store, 16384, 8, at: 40),
                record(.insert, 20480, 4096, at: 50), record(.punch, 0, 16384, at: 60),
            ]).isEmpty)
        #expect(changes([record(.punch, 16384, 4096, at: 10, .failed)]).isEmpty)
    }

    @Test func anExchangeMeansBothItsRanges() {
        #expect(
            changes([
                record(.exchange, 0, 4096, at: 10, file: 1, source: 0, reference: 16384 / 8),
                record(.exchange, 16384, 4096, at: 20, source: 1),
                record(.exchange, 0, 4096, at: 30, file: 1, source: 0),
            ]) == [10, 20])
    }
}
