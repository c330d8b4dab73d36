import DaxModel
import DaxOracle
import DaxSystem
import Testing

@testable import DaxOperations

@Suite struct DurabilityLogTests {
    private func record(
        _ kind: OperationKind, at from: UInt64, offset: UInt64, length: UInt64,
        done: UInt64, outcome: Record.Outcome = .done
    ) -> Record {
        Record(
            interval: Interval(Timestamp(ticks: from), Timestamp(ticks: from + 5)), offset: offset,
            length: length, done: done, reference: 0, kind: kind, path: .mapping,
            outcome: outcome, file: 0, code: 0)
    }

    /// Pages that were not flushed after these operations, of which no kernel wrote anything back.
    private func unflushed(
        _ records: [Record], of demand: Durability.Demand = .settled
    ) -> [UInt64] {
        var log = Log(records: 16, values: 1)
        for record in records { log.append(record) }
        var durability = Durability()
        durability.add(Part(actor: 1, log: log), file: 0, limit: 1 << 20, 0)
        return durability.judge(demand).unflushed.map(\.page)
    }

    @Test func onlyWhatWasStoredCounts() {
        let sync = record(.msync, at: 20, offset: 0, length: 1 << 20, done: 1 << 20)
        // Across a page's border; up to it; and not at all, in the middle of a page.
        for (done, pages) in [(16, [1, 2]), (8, [1]), (0, [])] as [(UInt64, [UInt64])] {
            let store = record(
                .store, at: 10, offset: 8184, length: 24, done: done,
                outcome: .faulted)
            #expect(unflushed([store, sync]) == pages)
        }
    }

    @Test func aSyncThatFailedAcknowledgesNothing() {
        let store = record(.faultStore, at: 10, offset: 0, length: 8, done: 8)
        var sync = record(.fsync, at: 20, offset: 0, length: 0, done: 0)
        #expect(unflushed([store, sync]) == [0])
        sync.outcome = .failed
        #expect(unflushed([store, sync]) == [])
    }

    @Test func aTruncateBelowExcusesAndOneAboveDoesNot() {
        let store = record(.store, at: 10, offset: 8192, length: 8, done: 8)
        let sync = record(.fsync, at: 30, offset: 0, length: 0, done: 0)
        for (size, pages) in [(4096, []), (12288, [2])] as [(UInt64, [UInt64])] {
            #expect(
                unflushed(
                    [store, record(.truncate, at: 20, offset: size, length: 0, done: 0), sync],
                    of: .all) == pages)
        }
    }

    @Test func whatIsTouchedDuringTheSyncIsNotAskedFor() {
        let store = record(.store, at: 10, offset: 0, length: 8, done: 8)
        let sync = record(.fsync, at: 30, offset: 0, length: 0, done: 0)
        for kind in OperationKind.allCases {
            let other = record(kind, at: 32, offset: 4096, length: 8, done: 8)
            let touches =
                switch kind {
                case .store, .load, .faultLoad, .faultStore, .vectorStore, .stringStore,
                    .privateStore, .privateLoad, .childLoad, .childStore, .pin, .unmappedPin,
                    .privatePin, .persist, .populate, .populateWrite, .readInto, .writeFrom:
                    true
                default: false
                }
            if touches {
                #expect(unflushed([store, other, sync]) == [])
                #expect(!unflushed([store, other, sync], of: .all).isEmpty)
            }
        }
    }

    @Test func aMappingLentToAnotherFileIsTouched() {
        let store = record(.store, at: 10, offset: 0, length: 8, done: 8)
        let sync = record(.fsync, at: 30, offset: 0, length: 0, done: 0)
        var elsewhere = record(.writeFrom, at: 32, offset: 0, length: 8, done: 8)
        elsewhere.file = 1
        #expect(unflushed([store, elsewhere, sync]) == [])
        elsewhere = record(.store, at: 32, offset: 0, length: 8, done: 8)
        elsewhere.file = 1
        #expect(unflushed([store, elsewhere, sync]) == [0])
    }

    /// An fsync found that another operation was at the page, and returned; that one says so at 40.
    @Test func whoeverWasInFlightMayHaveWrittenBack() {
        let store = record(.store, at: 10, offset: 0, length: 8, done: 8)
        let sync = record(.fsync, at: 30, offset: 0, length: 0, done: 0)
        for kind in [OperationKind.syncfs, .freeze, .remount, .ownStore, .fsync, .pwrite] {
            for (from, pages) in [(34, []), (36, [0])] as [(UInt64, [UInt64])] {
                var other = record(kind, at: from, offset: 1 << 19, length: 0, done: 0)
                other.interval.returned = Timestamp(ticks: 42)
                other.file = kind == .fsync ? 1 : kind == .pwrite ? 0 : Record.noFile
                var log = Log(records: 16, values: 1)
                for record in [store, sync, other] { log.append(record) }
                var durability = Durability()
                durability.add(Part(actor: 1, log: log), file: 0, limit: 1 << 20, 0)
                durability.flush(0..<1, at: Timestamp(ticks: 40))
                let found = durability.judge(.settled).unflushed.map(\.page)
                #expect(found == pages, "\(kind) from \(from) on")
            }
        }
    }

    @Test func theHarnessesOwnTruncateExcusesThePageInWhichTheFileEnded() {
        var log = Log(records: 16, values: 1)
        log.append(record(.store, at: 10, offset: 0, length: 8, done: 8))
        log.append(record(.store, at: 12, offset: 8192, length: 8, done: 8))
        var durability = Durability()
        durability.add(Part(actor: 1, log: log), file: 0, limit: 1 << 20, 0)
        var rest = durability.rest(.all)
        rest.truncate(
            index: 0, to: 8192, limit: 1 << 20,
            over: Interval(Timestamp(ticks: 100), Timestamp(ticks: 101)))
        log.clear()
        log.append(record(.fsync, at: 200, offset: 0, length: 0, done: 0))
        rest.add(Part(actor: 1, log: log), file: 0, limit: 1 << 20, 0)
        #expect(rest.judge(.all).unflushed.map(\.page) == [0])
    }
}
