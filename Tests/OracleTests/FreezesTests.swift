import DaxModel
import DaxOracle
import TestSupport
import Testing

/// R11 while the filesystem is frozen; times are in ticks.
@Suite struct FreezesTests {
    /// What is found of a change over an interval, with a freeze over [10, 20] and a thaw over [40, 50].
    private func judge(
        _ from: UInt64, _ to: UInt64, _ change: (inout Freezes) -> Void = { _ in }
    ) -> Freezes.Findings {
        var freezes = Freezes()
        freezes.freeze(Make.operation(1), over: Make.interval(10, 20))
        freezes.thaw(over: Make.interval(40, 50))
        freezes.change(Make.operation(2, 7), page: 3, over: Make.interval(from, to))
        change(&freezes)
        return freezes.judge()
    }

    @Test func whatBeginsAndEndsInAFreezeIsFound() throws {
        let found = judge(21, 39)
        let change = try #require(found.changes.first)
        #expect(found.freezes == 1 && found.waited == 0 && found.changes.count == 1)
        #expect(change.operation == Make.operation(2, 7) && change.page == 3)
        #expect(change.freeze == Make.operation(1) && change.thawed == Timestamp(ticks: 40))
    }

    @Test(arguments: [(5, 9), (5, 30), (15, 30), (20, 30), (41, 45), (51, 60)])
    func whatMayHaveComeBeforeOrBehindIsNot(_ from: UInt64, _ to: UInt64) {
        let found = judge(from, to)
        #expect(found.changes.isEmpty && found.waited == 0)
    }

    @Test(arguments: [(21, 40), (39, 60)])
    func whatEndsBehindTheThawHasWaited(_ from: UInt64, _ to: UInt64) {
        let found = judge(from, to)
        #expect(found.changes.isEmpty && found.waited == 1)
    }

    /// Another actor may thaw what this one froze, or what it freezes next.
    @Test func theFirstThawCounts() {
        #expect(judge(25, 30) { $0.thaw(over: Make.interval(22, 24)) }.changes.isEmpty)
        #expect(judge(25, 30) { $0.thaw(over: Make.interval(15, 16)) }.freezes == 0)
        #expect(judge(25, 30) { $0.thaw(over: Make.interval(5, 9)) }.changes.count == 1)
        let again = judge(75, 76) {
            $0.freeze(Make.operation(1, 1), over: Make.interval(60, 70))
            $0.thaw(over: Make.interval(80, 90))
        }
        #expect(again.freezes == 2 && again.changes.map(\.freeze.index) == [1])
    }

    @Test func aFreezeWithoutAThawIsLeftOut() {
        var freezes = Freezes()
        freezes.freeze(Make.operation(1), over: Make.interval(10, 20))
        freezes.change(Make.operation(2), page: 3, over: Make.interval(25, 30))
        #expect(freezes.judge().freezes == 0 && freezes.judge().changes.isEmpty)
    }
}
