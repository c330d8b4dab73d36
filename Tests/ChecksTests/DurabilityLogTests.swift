import DaxModel
import DaxOracle
import DaxSystem
import TestSupport
import Testing

@testable import DaxChecks
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
    ) -> [PageNumber] {
        var log = Log(records: 16, values: 1)
        for record in records { log.append(record) }
        var durability = Durability()
        durability.add(ActorLog(actor: 1, log: log), file: 0, limit: 1 << 20, 0)
        return durability.judge(demand).unflushed.map(\.page)
    }

    @Test func onlyWhatWasStoredCounts() {
        let sync = record(.msync, at: 20, offset: 0, length: 1 << 20, done: 1 << 20)
        // Across a page's border; up to it; and not at all, in the middle of a page.
        for (done, pages) in [(16, [1, 2]), (8, [1]), (0, [])] as [(UInt64, [PageNumber])] {
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
        for (size, pages) in [(4096, []), (12288, [2])] as [(UInt64, [PageNumber])] {
            #expect(
                unflushed(
                    [store, record(.truncate, at: 20, offset: size, length: 0, done: 0), sync],
                    of: .all) == pages)
        }
    }

    /// What a kind does to another page of the huge page, as far as R11 is concerned.
    private enum Excuse {
        case touch
        case change
    }

    /// Nil for a kind of which no operation is on a file under test.
    private func excuses(by kind: OperationKind) -> Set<Excuse>? {
        switch kind {
        case .store, .load, .faultLoad, .faultStore, .vectorStore, .stringStore, .privateStore,
            .privateLoad, .childLoad, .childStore, .pin, .unmappedPin, .privatePin, .persist,
            .populate, .populateWrite:
            [.touch]
        case .readInto, .writeFrom: [.touch, .change]
        case .write, .pwrite, .directWrite, .syncWrite, .fixedWrite, .truncate, .punch, .zero,
            .allocate, .allocateKeepSize, .unshare, .collapse, .insert, .clone, .copy, .dedupe,
            .exchange,
            .seekData, .seekHole:
            [.change]
        case .read, .pread, .directRead, .fixedRead, .fsync, .msync, .syncRange, .protect, .mremap,
            .dontNeed, .remap, .reopen, .mmapMisaligned, .flag:
            []
        case .syncfs, .create, .rename, .link, .unlink, .ownStore, .ownLoad, .recycledPin,
            .recycledRead, .recycledWrite, .shiftedLoad, .partialPunchLoad, .memoryFailure,
            .badBlock,
            .poisonedLoad, .poisonedRead, .poisonRewrite, .poisonPunch, .fill, .drain, .freeze,
            .thaw, .remount, .dropCaches:
            nil
        }
    }

    /// A kind that excused more than it must would let a missing flush pass.
    @Test(arguments: OperationKind.allCases)
    func onlyWhatTouchesOrChangesExcuses(_ kind: OperationKind) {
        let store = record(.store, at: 10, offset: 0, length: 8, done: 8)
        let sync = record(.fsync, at: 30, offset: 0, length: 0, done: 0)
        // Between the two, and during the sync.
        for (at, reasons) in [(20, [.change]), (32, [.touch, .change])]
            as [(UInt64, Set<Excuse>)]
        {
            var other = record(kind, at: at, offset: 4096, length: 8, done: 8)
            other.source = 1
            let excuses = excuses(by: kind)
            if excuses == nil { other.file = Record.noFile }
            let isExcused = !reasons.isDisjoint(with: excuses ?? [])
            #expect(unflushed([store, other, sync]).isEmpty == isExcused, "at \(at)")
            // Of the page itself it says nothing.
            #expect(!unflushed([store, other, sync], of: .all).isEmpty, "at \(at)")
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
            for (from, pages) in [(34, []), (36, [0])] as [(UInt64, [PageNumber])] {
                var other = record(kind, at: from, offset: 1 << 19, length: 0, done: 0)
                other.interval.returned = Timestamp(ticks: 42)
                other.file = kind == .fsync ? 1 : kind == .pwrite ? 0 : Record.noFile
                var log = Log(records: 16, values: 1)
                for record in [store, sync, other] { log.append(record) }
                var durability = Durability()
                durability.add(ActorLog(actor: 1, log: log), file: 0, limit: 1 << 20, 0)
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
        durability.add(ActorLog(actor: 1, log: log), file: 0, limit: 1 << 20, 0)
        var rest = durability.rest(.all)
        rest.truncate(
            index: 0, to: 8192, limit: 1 << 20,
            over: Interval(Timestamp(ticks: 100), Timestamp(ticks: 101)))
        log.clear()
        log.append(record(.fsync, at: 200, offset: 0, length: 0, done: 0))
        rest.add(ActorLog(actor: 1, log: log), file: 0, limit: 1 << 20, 0)
        #expect(rest.judge(.all).unflushed.map(\.page) == [0])
    }
}
