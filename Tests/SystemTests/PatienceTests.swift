import Testing

@testable import DaxSystem

@Suite struct PatienceTests {
    private let second: UInt64 = 1_000_000_000

    /// Whether it is over at each of `times`.
    private func answers(_ patience: Patience, at times: [UInt64]) -> [Bool] {
        var patience = patience
        return times.map { patience.isOver(at: $0) }
    }

    @Test func endsWhenItsTimeHasPassed() {
        let patience = Patience(nanoseconds: second, at: 5)
        let times = (1...11).map { 5 + $0 * second / 10 }
        #expect(
            answers(patience, at: times) == Array(repeating: false, count: 9) + [true, true])
    }

    @Test func aClockThatJumpsEndsNothing() {
        let patience = Patience(nanoseconds: second, at: 0)
        let steps = second / SeenTime.longestStep
        let times = (1...steps).map { $0 * 3600 * second }
        #expect(
            answers(patience, at: times)
                == Array(repeating: false, count: Int(steps) - 1) + [true])
    }

    @Test func noneIsOverAtOnce() {
        var patience = Patience(nanoseconds: 0)
        let isOver = patience.isOver()
        #expect(isOver)
    }

    @Test func theLongestGapIsToldUncut() {
        var seen = SeenTime(at: 7)
        for time in [8, 8 + 3600 * second, 9 + 3600 * second] { seen.step(to: time) }
        #expect(seen.longestGap == 3600 * second)
        #expect(seen.nanoseconds == 2 + SeenTime.longestStep)
    }
}
