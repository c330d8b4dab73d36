import DaxModel
import DaxSystem
import Glibc
import TestSupport
import Testing

@testable import DaxChecks
@testable import DaxOperations

/// When a lack of space is an excuse.
@Suite struct SpaceOutlookTests {
    private static let mebibyte: UInt64 = 1 << 20

    private func part(_ records: [(OperationKind, UInt64, UInt64, UInt64)]) -> ActorLog {
        var log = Log(records: 100, values: 1)
        for (kind, from, to, length) in records {
            log.append(
                Record(
                    interval: Interval(Timestamp(ticks: from), Timestamp(ticks: to)), offset: 0,
                    length: length, done: length, reference: 0, kind: kind, path: .syscall,
                    outcome: .done, file: 0, code: 0))
        }
        return ActorLog(actor: 1, log: log)
    }

    private func outlook(
        _ records: [(OperationKind, UInt64, UInt64, UInt64)], floor: UInt64, before: UInt64 = 0,
        late: Bool = true
    ) -> SpaceOutlook {
        SpaceOutlook(
            of: [part(records)], floor: floor, askedBefore: before, givesBackLate: late, slack: 0)
    }

    private func mayRunOut(
        _ outlook: SpaceOutlook, _ from: UInt64, _ to: UInt64, retried: Bool = true
    ) -> Bool {
        outlook.mayRunOut(
            over: Interval(Timestamp(ticks: from), Timestamp(ticks: to)), retried: retried)
    }

    /// Large files are none: what counts is what others ask for while the operation is under way.
    @Test func spaceThatStaysFreeIsNoExcuse() {
        var asks: [(OperationKind, UInt64, UInt64, UInt64)] = []
        for index in 0..<50 as Range<UInt64> {
            let begin: UInt64 = 10 * index + 1
            asks.append((.allocate, begin, begin + 8, 40 * Self.mebibyte))
        }
        let outlook = outlook(asks, floor: 500 * Self.mebibyte)
        #expect(!mayRunOut(outlook, 1, 9))
        #expect(!mayRunOut(outlook, 1, 100) && !mayRunOut(outlook, 300, 309))
        // Twelve of 40 MiB and their edges do not take 500; thirteen do.
        #expect(!mayRunOut(outlook, 1, 120) && mayRunOut(outlook, 1, 125))
    }

    @Test func whereNothingWasFreeAnythingIsExcused() {
        #expect(mayRunOut(SpaceOutlook(free: 0), 1, 2))
        #expect(!mayRunOut(SpaceOutlook(free: .max), 1, 2, retried: false))
        #expect(mayRunOut(outlook([], floor: 0), 1, 2))
    }

    /// ext4 gives freed blocks back with the next commit, for which metadata do not wait.
    @Test func whatIsNotTriedAgainMayMeetFreedBlocksThatAreNotBack() {
        let asks: [(OperationKind, UInt64, UInt64, UInt64)] = [
            (.allocate, 1, 9, 300 * Self.mebibyte)
        ]
        let floor = 500 * Self.mebibyte
        for before in [0, 250 * Self.mebibyte] as [UInt64] {
            let ext4 = outlook(asks, floor: floor, before: before)
            #expect(!mayRunOut(ext4, 20, 30))
            #expect(mayRunOut(ext4, 20, 30, retried: false) == (before > 0))
            #expect(ext4.asked > before)
        }
        let xfs = outlook(asks, floor: floor, before: 900 * Self.mebibyte, late: false)
        #expect(!mayRunOut(xfs, 20, 30, retried: false))
    }

    /// From before it is taken to the commit behind its return.
    @Test func aFillerTakesAll() {
        let outlook = outlook(
            [
                (.fill, 10, 20, 0), (.drain, 30, 40, 0), (.syncfs, 50, 60, 0), (.fill, 110, 120, 0),
                (.drain, 130, 140, 0),
            ], floor: .max, late: false)
        #expect(!mayRunOut(outlook, 1, 9) && mayRunOut(outlook, 5, 10))
        #expect(mayRunOut(outlook, 55, 56) && !mayRunOut(outlook, 61, 109))
        #expect(mayRunOut(outlook, 1000, 1001))
    }
}
