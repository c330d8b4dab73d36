import Testing

@testable import DaxSystem

@Suite struct PatienceTests {
    private let second: UInt64 = 1_000_000_000

    @Test func endsWhenItsTimeHasPassed() {
        var patience = Patience(nanoseconds: second, at: 5)
        for step in 1..<10 { #expect(!patience.isOver(at: 5 + UInt64(step) * second / 10)) }
        #expect(patience.isOver(at: 5 + second))
        #expect(patience.isOver(at: 5 + second))
    }

    @Test func aClockThatJumpsEndsNothing() {
        var patience = Patience(nanoseconds: second, at: 0)
        #expect(!patience.isOver(at: 3600 * second))
        let most = second / Patience.longestStep
        let jumps = (2..<most + 1).map { patience.isOver(at: 3600 * second * $0) }
        #expect(jumps == Array(repeating: false, count: Int(most) - 2) + [true])
    }

    @Test func noneIsOverAtOnce() {
        var patience = Patience(nanoseconds: 0)
        #expect(patience.isOver())
    }
}
