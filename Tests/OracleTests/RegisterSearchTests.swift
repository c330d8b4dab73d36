import Testing

@testable import DaxOracle

/// The exact search of a register's operations.
@Suite struct RegisterSearchTests {
    /// Writes of which six are always open and need not have taken place, and a late read of each: which of
    /// the others came before it, in which order, nobody knows.
    private func search(observations: Int) -> RegisterSearch.Answer {
        var steps: [RegisterSearch.Step] = []
        for index in 0..<observations {
            let (begin, value) = (UInt64(10 * index), UInt64(index % 16))
            steps.append(
                RegisterSearch.Step(
                    invoked: begin + 1, returned: begin + 62, action: .set(value),
                    optional: true, tag: -1 - index))
            steps.append(
                RegisterSearch.Step(
                    invoked: begin + 55, returned: begin + 58, action: .observe(value, value),
                    optional: false, tag: index))
        }
        return RegisterSearch.run(initial: 0, steps: steps, widenings: 64)
    }

    @Test func aShortSearchIsExact() {
        let answer = search(observations: 20)
        #expect(answer.complete && answer.decided == 20 && answer.illegal.isEmpty)
    }

    /// Else a quiet point may last for minutes, and who waits for the machine takes it for hung.
    @Test func aLongSearchEndsUndecided() {
        let answer = search(observations: 20_000)
        #expect(!answer.complete && answer.illegal.isEmpty)
        #expect(answer.decided > 0 && answer.decided < 20_000)
        // No more than one operation's worth beyond it.
        #expect(answer.tried <= RegisterSearch.mostTried + 64 * RegisterSearch.limit)
    }
}
