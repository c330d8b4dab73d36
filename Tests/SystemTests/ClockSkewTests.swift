import DaxSystem
import Testing

@Suite struct ClockSkewTests {
    private typealias Bounds = ClockSkew.Bounds

    /// Counters that are 100 ticks apart, and messages that take 30 ticks and 10.
    @Test func aRoundTripBoundsTheDifference() {
        var bounds = Bounds()
        bounds.narrow(asked: 1000, answered: 1130, seen: 1040)
        #expect(bounds == Bounds(least: 90, greatest: 130))
        // The other way about: the counter is behind.
        var behind = Bounds()
        behind.narrow(asked: 1000, answered: 930, seen: 1040)
        #expect(behind == Bounds(least: -110, greatest: -70))
    }

    @Test func whatIsLeastCounts() {
        var bounds = Bounds()
        bounds.narrow(asked: 1000, answered: 1500, seen: 2000)
        bounds.narrow(asked: 3000, answered: 3010, seen: 3050)
        bounds.narrow(asked: 4000, answered: 4090, seen: 4100)
        #expect(bounds == Bounds(least: -10, greatest: 10))
    }

    /// Of two CPUs that were both compared with a third.
    @Test func aTriangleBoundsAllPairs() {
        let skew = ClockSkew(ahead: [
            1: Bounds(least: 10, greatest: 20), 2: Bounds(least: -40, greatest: -30),
        ])
        #expect(skew.bound == 60)
        #expect(ClockSkew(ahead: [1: Bounds(least: -5, greatest: 3)]).bound == 5)
        #expect(ClockSkew(ahead: [:]).bound == 0)
    }

    @Test func countersThatMoveAreTold() {
        let before = ClockSkew(ahead: [
            1: Bounds(least: -10, greatest: 10), 2: Bounds(least: -5, greatest: 5),
        ])
        var now = before.ahead
        now[2] = Bounds(least: 5, greatest: 20)
        #expect(before.moved(until: ClockSkew(ahead: now)) == nil)
        now[2] = Bounds(least: 6, greatest: 20)
        #expect(before.moved(until: ClockSkew(ahead: now)) == 2)
        // While it was measured.
        now[2] = Bounds(least: 3, greatest: 2)
        #expect(ClockSkew(ahead: now).moved(until: ClockSkew(ahead: now)) == 2)
    }

    /// One counter drives all CPUs, or none of this project's verdicts means anything: so no two
    /// measurements exclude each other.
    @Test func thisMachineKeepsItsDistance() throws {
        let first = try ClockSkew.measure()
        let second = try ClockSkew.measure()
        #expect(first.ahead.count == (try Processors.allowed()).count - 1)
        #expect(first.moved(until: second) == nil)
    }

    @Test func aThreadStaysWhereItIsPut() throws {
        let last = try #require(try Processors.allowed().last)
        let worker = try Worker(
            "pinned",
            make: { () throws -> [Int] in
                try Processors.pin(to: last)
                return try Processors.allowed()
            }, round: { _ in })
        #expect(worker.withValue { $0 } == [last])
        worker.end()
    }
}
