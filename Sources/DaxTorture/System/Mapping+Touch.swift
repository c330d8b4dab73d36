import CFault
import CSystem

extension Mapping {
    /// Loads one word every `step` words from word `word` on, `count` times, or stores something there; what
    /// each took goes to `ticks`, from its word `at` on, in ticks of the clock.
    package func touch(
        _ word: Int, count n: Int, step: Int, storing: Bool, ticks: inout Buffer, at: Int = 0
    ) -> AccessResult {
        precondition(
            word >= 0 && n > 0 && step > 0 && word + (n - 1) * step < count && at >= 0
                && at + n <= ticks.count)
        let (from, to) = unsafe (base + word, ticks.base + at)
        let left =
            unsafe storing
            ? cfault_touch_store(from, to, n, step * 8) : cfault_touch_load(from, to, n, step * 8)
        return result(n - left, of: n)
    }
}

extension Clock {
    /// How many ticks the counter makes in one instruction; means something only where the counter counts
    /// instructions, as a deterministic machine's does.
    package static func ticksPerInstruction() -> Double {
        let rounds: UInt64 = 100_000
        var least = UInt64.max
        for _ in 0..<5 {
            let begin = ticks()
            csystem_instructions(rounds)
            least = min(least, ticks() - begin)
        }
        return Double(least) / Double(2 * rounds)
    }
}
