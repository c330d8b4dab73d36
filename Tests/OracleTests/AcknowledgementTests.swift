import DaxModel
import DaxOracle
import TestSupport
import Testing

/// R14: since when what a page holds must be durable, and what a file may hold after a power cut; times are
/// in ticks.
@Suite struct AcknowledgementTests {
    /// A store to page 1 over [10, 20], and a sync of all pages over [30, 40].
    private func durability(_ more: (inout Durability) -> Void = { _ in }) -> Durability {
        var durability = Durability()
        durability.store(Make.operation(1), 1..<2, over: Make.interval(10, 20))
        durability.touch(1..<2, over: Make.interval(10, 20))
        durability.sync(Make.operation(2), 0..<4, over: Make.interval(30, 40))
        durability.writeBack(over: Make.interval(30, 40))
        more(&durability)
        return durability
    }

    private func since(
        page: Int = 1, at instant: UInt64 = 50, demand: Durability.Demand = .settled,
        _ more: (inout Durability) -> Void = { _ in }
    ) -> UInt64 {
        Acknowledgements(durability(more), begin: Timestamp(ticks: 5), pages: 4, demand)
            .since(page: page, at: Timestamp(ticks: instant)).ticks
    }

    @Test func theSyncThatPromisedIsKnown() {
        let all = Acknowledgements(
            durability(), begin: Timestamp(ticks: 5), pages: 4, .settled)
        #expect(all.sync(ofPage: 1, before: Timestamp(ticks: 50))?.operation.actor == 2)
        #expect(all.sync(ofPage: 1, before: Timestamp(ticks: 40)) == nil)
    }

    @Test func aSyncThatReturnedCounts() { #expect(since() == 30) }

    @Test func aSyncThatHadNotReturnedDoesNot() {
        #expect(since(at: 40) == 5)
        #expect(since(at: 41) == 30)
    }

    @Test func aFaultInTheHugePageExcusesTheSync() {
        let touch: (inout Durability) -> Void = { $0.touch(3..<4, over: Make.interval(35, 60)) }
        #expect(since(touch) == 5)
        #expect(since(page: 2, touch) == 30)
        #expect(since(demand: .all, touch) == 30)
    }

    @Test func anotherWritebackExcusesTheSync() {
        #expect(since { $0.writeBack(over: Make.interval(40, 45)) } == 5)
        #expect(since { $0.writeBack(over: Make.interval(41, 45)) } == 30)
        #expect(
            since { $0.flush(9..<10, at: Timestamp(ticks: 45), since: Timestamp(ticks: 35)) } == 5)
    }

    @Test func aChangeSinceTheStoreExcusesTheSync() {
        func change(_ from: UInt64, _ to: UInt64) -> UInt64 {
            since { $0.change(Make.operation(3), 2..<3, over: Make.interval(from, to)) }
        }
        #expect(change(22, 25) == 5)
        #expect(change(6, 9) == 30)
        #expect(change(41, 45) == 30)
    }

    @Test func whatWasDurableOnceNeedsNoFurtherWriteback() {
        let more: (inout Durability) -> Void = {
            $0.sync(Make.operation(2, 1), 0..<4, over: Make.interval(50, 60))
            $0.writeBack(over: Make.interval(50, 60))
            $0.touch(1..<2, over: Make.interval(55, 56))
        }
        #expect(since(at: 70, more) == 50)
    }

    @Test func everySyncCountsForTheSize() {
        let all = Acknowledgements(
            durability { $0.touch(3..<4, over: Make.interval(35, 60)) },
            begin: Timestamp(ticks: 5), pages: 4, .settled)
        #expect(all.sinceSize(at: Timestamp(ticks: 50)).ticks == 30)
        #expect(all.asked.candidates == 4)
        #expect(all.asked.touched == 1)
    }

    // MARK: - What is left

    /// Word 0 is written over [10, 20] and [25, 28], the file synced over [30, 40], and written once more
    /// over [45, 55]; the power is cut at [50, 51].
    private func violations(_ word: UInt64, size: UInt64 = 16384) -> [Rule] {
        var history = Make.history(size: 16384)
        history.wrote(1, 1, 0..<1, 10, 20)
        history.wrote(1, 2, 0..<1, 25, 28)
        history.wrote(1, 3, 0..<1, 45, 55)
        // What somebody found in the memory, which goes on, says nothing of what is left.
        history.saw(2, 1, 0, [Make.stamp(1, 3, 0)], 60, 70)
        var words = ContiguousArray<UInt64>(repeating: 0, count: Int(size / 8))
        words[0] = word
        let recovered = history.recovering(
            RecoveredFile(size: size, words: words), cutAt: Make.interval(50, 51),
            Make.operation(.harness),
            Acknowledgements(durability(), begin: Timestamp(ticks: 5), pages: 4, .settled))
        return Make.oracle.judge(recovered).violations.map(\.rule)
    }

    @Test func whatWasAcknowledgedMayBeLeft() { #expect(violations(Make.stamp(1, 2, 0)) == []) }

    @Test func whatWasNotAcknowledgedMayBeLeft() {
        #expect(violations(Make.stamp(1, 3, 0)) == [])
    }

    @Test func whatIsOlderMayNot() {
        #expect(violations(Make.stamp(1, 1, 0)) == [.freshness])
        #expect(violations(0) == [.freshness])
    }

    @Test func anothersWordMayNot() { #expect(violations(Make.stamp(1, 2, 9)) == [.provenance]) }

    /// What was wrong with the memory is told of the memory, and not of each cut once more.
    @Test func aWrongReadOfTheMemoryIsNotOfTheCut() {
        var history = Make.history(size: 16384)
        history.wrote(1, 1, 0..<1, 10, 20)
        history.saw(2, 1, 0, [0], 22, 24)
        #expect(Make.oracle.judge(history).violations.map(\.rule) == [.freshness])
        var words = ContiguousArray<UInt64>(repeating: 0, count: 2048)
        words[0] = Make.stamp(1, 1, 0)
        let recovered = history.recovering(
            RecoveredFile(size: 16384, words: words), cutAt: Make.interval(50, 51),
            Make.operation(.harness),
            Acknowledgements(durability(), begin: Timestamp(ticks: 5), pages: 4, .settled))
        #expect(Make.oracle.judge(recovered).isClean)
    }

    @Test func theSizeMayNotBeAnother() {
        #expect(violations(Make.stamp(1, 2, 0), size: 8192) == [.size])
    }
}
