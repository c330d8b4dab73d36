import Testing

@testable import DaxSystem

@Suite struct DeadlineTests {
    private let second: UInt64 = 1_000_000_000

    /// Whether it is over at each of `times`.
    private func answers(_ deadline: Deadline, at times: [UInt64]) -> [Bool] {
        var deadline = deadline
        return times.map { deadline.isOver(at: $0) }
    }

    @Test func endsWhenItsTimeHasPassed() {
        let deadline = Deadline(nanoseconds: second, at: 5)
        let times = (1...11).map { 5 + $0 * second / 10 }
        #expect(
            answers(deadline, at: times) == Array(repeating: false, count: 9) + [true, true])
    }

    @Test func aClockThatJumpsEndsNothing() {
        let deadline = Deadline(nanoseconds: second, at: 0)
        let steps = second / SeenTime.longestStep
        let times = (1...steps).map { $0 * 3600 * second }
        #expect(
            answers(deadline, at: times)
                == Array(repeating: false, count: Int(steps) - 1) + [true])
    }

    @Test func noneIsOverAtOnce() {
        var deadline = Deadline(nanoseconds: 0)
        let isOver = deadline.isOver()
        #expect(isOver)
    }

    @Test func theLongestGapIsToldUncut() {
        var seen = SeenTime(at: 7)
        for time in [8, 8 + 3600 * second, 9 + 3600 * second] { seen.step(to: time) }
        #expect(seen.longestGap == 3600 * second)
        #expect(seen.nanoseconds == 2 + SeenTime.longestStep)
    }
}
