import DaxModel
import DaxOracle
import TestSupport
import Testing

/// R11 on made histories; times are in ticks.
@Suite struct DurabilityTests {
    private func operation(_ actor: ActorNumber, _ index: UInt32) -> Operation {
        Operation(OperationID(actor: actor, index: index), kind: 0, path: 0)
    }

    /// A store to page 5 over [10, 20] and a sync of pages 0 to 9 over [30, 40].
    private var storedAndSynced: Durability {
        var durability = Durability()
        durability.store(operation(1, 0), 5..<6, over: Make.interval(10, 20))
        durability.sync(operation(2, 0), 0..<10, over: Make.interval(30, 40))
        return durability
    }

    private func unflushed(_ change: (inout Durability) -> Void) -> [PageNumber] {
        var durability = storedAndSynced
        change(&durability)
        return durability.judge(.settled).unflushed.map(\.page)
    }

    @Test func aMissingFlushIsFound() throws {
        let found = try #require(storedAndSynced.judge(.settled).unflushed.first)
        #expect(found.page == 5)
        #expect(found.store.id == OperationID(actor: 1, index: 0))
        #expect(found.sync.id == OperationID(actor: 2, index: 0))
    }

    @Test(arguments: [10, 15, 25, 35, 40])
    func aFlushFromTheStoreToTheSyncsReturnIsEnough(_ at: UInt64) {
        #expect(unflushed { $0.flush(5..<6, at: Timestamp(ticks: at)) } == [])
    }

    @Test(arguments: [9, 41]) func aFlushBeforeOrAfterIsNot(_ at: UInt64) {
        #expect(unflushed { $0.flush(5..<6, at: Timestamp(ticks: at)) } == [5])
    }

    @Test func aFlushOfAnotherPageIsNot() {
        #expect(unflushed { $0.flush(6..<7, at: Timestamp(ticks: 35)) } == [5])
        #expect(unflushed { $0.flush(0..<512, at: Timestamp(ticks: 35)) } == [])
    }

    @Test func aStoreThatMayComeAfterTheSyncIsNotAskedFor() {
        var durability = Durability()
        durability.store(operation(1, 0), 5..<6, over: Make.interval(10, 35))
        durability.sync(operation(2, 0), 0..<10, over: Make.interval(30, 40))
        #expect(durability.judge(.settled).unflushed.isEmpty)
    }

    @Test func aSyncOfOtherPagesSaysNothing() {
        var durability = Durability()
        durability.store(operation(1, 0), 5..<6, over: Make.interval(10, 20))
        durability.sync(operation(2, 0), 6..<10, over: Make.interval(30, 40))
        #expect(durability.judge(.settled).unflushed.isEmpty)
    }

    @Test(arguments: [(0, 10), (15, 16), (25, 26), (40, 50)])
    func whatElseChangedThePageExcuses(_ from: UInt64, _ to: UInt64) {
        #expect(
            unflushed {
                $0.change(
                    operation(3, 0), 4..<6,
                    over: Interval(Timestamp(ticks: from), Timestamp(ticks: to)))
            } == [])
    }

    @Test(arguments: [(0, 9), (41, 50)])
    func whatChangedItBeforeOrAfterDoesNot(_ from: UInt64, _ to: UInt64) {
        #expect(
            unflushed {
                $0.change(
                    operation(3, 0), 4..<6,
                    over: Interval(Timestamp(ticks: from), Timestamp(ticks: to)))
            } == [5])
        #expect(
            unflushed { $0.change(operation(3, 0), 512..<515, over: Make.interval(25, 26)) } == [5])
    }

    @Test func anotherOperationInFlightMaySayItLater() {
        #expect(
            unflushed {
                $0.add(Make.interval(35, 50))
                $0.flush(5..<6, at: Timestamp(ticks: 45))
            } == [])
        // One that was invoked later had no part in it.
        #expect(
            unflushed {
                $0.add(Make.interval(41, 50))
                $0.flush(5..<6, at: Timestamp(ticks: 45))
            } == [5])
    }

    @Test func theLastStoreIsTheOneThatCounts() {
        // Flushed at 12, and stored to again over [14, 16], for which nothing was done.
        var durability = storedAndSynced
        durability.flush(5..<6, at: Timestamp(ticks: 12))
        durability.store(operation(1, 1), 5..<6, over: Make.interval(14, 16))
        #expect(durability.judge(.settled).unflushed.map(\.store.id.index) == [1])
    }

    @Test func anEarlierReturnMayHideALaterInvocation() {
        // Both had returned before the sync; the one invoked last returned first.
        var durability = Durability()
        durability.store(operation(1, 0), 5..<6, over: Make.interval(0, 28))
        durability.store(operation(3, 0), 5..<6, over: Make.interval(20, 22))
        durability.sync(operation(2, 0), 0..<10, over: Make.interval(30, 40))
        durability.flush(5..<6, at: Timestamp(ticks: 10))
        #expect(durability.judge(.settled).unflushed.map(\.store.id.actor) == [3])
    }

    /// A fault over an interval on pages, in which the sync of page 5 lasts [30, 40].
    @Test(arguments: [
        (5..<6 as Range<PageNumber>, 31, 32), (5..<6, 10, 30), (5..<6, 40, 50), (511..<512, 31, 32),
        (400..<600, 31, 32),
    ])
    func aPageThatIsTouchedMeanwhileIsAskedForOnlyOfAll(
        _ pages: Range<PageNumber>, _ from: UInt64, _ to: UInt64
    ) {
        var durability = storedAndSynced
        durability.touch(
            pages, over: Interval(Timestamp(ticks: from), Timestamp(ticks: to)))
        #expect(durability.judge(.settled).unflushed.isEmpty)
        #expect(durability.judge(.settled).asked.asked == 0)
        #expect(durability.judge(.all).unflushed.map(\.page) == [5])
    }

    @Test(arguments: [(5..<6 as Range<PageNumber>, 0, 29), (5..<6, 41, 50), (512..<513, 31, 32)])
    func whatTouchesItBeforeOrAfterOrElsewhereChangesNothing(
        _ pages: Range<PageNumber>, _ from: UInt64, _ to: UInt64
    ) {
        var durability = storedAndSynced
        durability.touch(
            pages, over: Interval(Timestamp(ticks: from), Timestamp(ticks: to)))
        #expect(durability.judge(.settled).unflushed.map(\.page) == [5])
        #expect(durability.judge(.settled).asked.asked == 1)
    }

    @Test func aChangeBesideItInTheHugePageExcusesUnlessAllAreAskedFor() {
        var durability = storedAndSynced
        durability.change(operation(3, 0), 100..<101, over: Make.interval(25, 26))
        #expect(durability.judge(.settled).asked.asked == 0)
        #expect(durability.judge(.all).unflushed.map(\.page) == [5])
    }

    @Test func manyTouchesAreSearchedNotOnlyTheLast() {
        // The long one was invoked first, and is still in flight.
        var durability = storedAndSynced
        for (from, to) in [(0, 35), (2, 4), (20, 25), (45, 50)] as [(UInt64, UInt64)] {
            durability.touch(
                7..<8, over: Interval(Timestamp(ticks: from), Timestamp(ticks: to)))
        }
        #expect(durability.judge(.settled).asked.asked == 0)
    }

    /// A thread of the kernel's own comes to the page at 45 and says so; the sync returned at 40.
    @Test(arguments: [(0, []), (40, []), (41, [5])] as [(UInt64, [PageNumber])])
    func theKernelsOwnThreadMaySayItLater(_ since: UInt64, _ pages: [PageNumber]) {
        #expect(
            unflushed {
                $0.flush(5..<6, at: Timestamp(ticks: 45), since: Timestamp(ticks: since))
            } == pages)
        // Of one that began before the store it is not known that it saw it, either way.
        #expect(unflushed { $0.flush(5..<6, at: Timestamp(ticks: 45)) } == [5])
    }

    @Test func whyAPageIsNotAskedForIsCounted() {
        var durability = Durability()
        for (index, page) in [5, 600, 1100, 1600].enumerated() as EnumeratedSequence<[PageNumber]> {
            durability.store(
                operation(1, UInt32(index)), page..<page.advanced(by: 1),
                over: Make.interval(10, 20))
        }
        durability.sync(operation(2, 0), 0..<1200, over: Make.interval(30, 40))
        durability.touch(601..<602, over: Make.interval(35, 36))
        durability.change(operation(3, 0), 1030..<1031, over: Make.interval(25, 26))
        let asked = durability.judge(.settled).asked
        #expect(asked.candidates == 3 && asked.asked == 1)
        #expect(asked.touched == 1 && asked.changed == 1)
        #expect(durability.judge(.all).asked.asked == 3)
    }
}

/// R11 on stores of one epoch and syncs of the next.
@Suite struct DurabilityRestTests {
    /// Pages of which the second epoch, in which all of the file is synced over [130, 140], finds that
    /// they were not written back; the first stores to page 5 over [10, 20].
    private func unflushed(
        _ first: (inout Durability) -> Void = { _ in },
        second: (inout Durability) -> Void = { _ in }
    ) -> [PageNumber] {
        var durability = Durability()
        durability.store(Make.operation(1), 5..<6, over: Make.interval(10, 20))
        first(&durability)
        var next = durability.rest(.settled)
        next.sync(Make.operation(2), 0..<10, over: Make.interval(130, 140))
        second(&next)
        return next.judge(.settled).unflushed.map(\.page)
    }

    @Test func aStoreOfTheEpochBeforeIsAskedFor() {
        #expect(unflushed() == [5])
        #expect(unflushed { $0.flush(5..<6, at: Timestamp(ticks: 12)) } == [])
        #expect(unflushed { $0.flush(5..<6, at: Timestamp(ticks: 9)) } == [5])
        #expect(unflushed(second: { $0.flush(5..<6, at: Timestamp(ticks: 100)) }) == [])
    }

    @Test func whatAnotherSyncAskedIsNotAskedAgain() {
        #expect(
            unflushed {
                $0.sync(Make.operation(2), 0..<10, over: Make.interval(30, 40))
            } == [])
        // One that may have come before the store says nothing of it, nor one of other pages.
        #expect(
            unflushed {
                $0.sync(Make.operation(2), 0..<10, over: Make.interval(15, 40))
                $0.sync(Make.operation(2), 6..<10, over: Make.interval(30, 40))
            } == [5])
    }

    @Test func whatElseChangedItExcusesInEitherEpoch() {
        for change in [Make.interval(15, 25), Make.interval(30, 31)] {
            #expect(unflushed { $0.change(Make.operation(3), 5..<6, over: change) } == [])
        }
        #expect(unflushed { $0.change(Make.operation(3), 5..<6, over: Make.interval(1, 9)) } == [5])
        #expect(
            unflushed(second: {
                $0.change(Make.operation(3), 5..<6, over: Make.interval(110, 120))
            }) == [])
    }

    /// A third epoch asks, too, and a store of its own comes first.
    @Test func itLastsUntilItIsAskedFor() {
        var durability = Durability()
        durability.store(Make.operation(1, 7), 5..<7, over: Make.interval(10, 20))
        durability = durability.rest(.settled).rest(.settled)
        durability.store(Make.operation(3, 8), 6..<7, over: Make.interval(110, 120))
        durability.sync(Make.operation(2), 0..<10, over: Make.interval(130, 140))
        #expect(durability.judge(.settled).unflushed.map(\.store.index) == [7, 8])
    }
}
