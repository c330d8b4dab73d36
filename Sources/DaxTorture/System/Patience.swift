/// How long something may take that should be over soon.
///
/// What is late is a violation, so that the clock must not decide alone: a machine's clock jumps where
/// its host slept, and all that ran is late at once. So only as much time counts as was seen to pass in
/// short steps: whoever waits asks every few milliseconds.
public struct Patience: Sendable {
    private var left: UInt64
    private var last: UInt64

    /// A longer time between two questions counts as this one, nanoseconds.
    static let longestStep: UInt64 = 200_000_000

    /// Patience for `nanoseconds` from now on.
    public init(nanoseconds: UInt64) {
        self.init(nanoseconds: nanoseconds, at: Clock.monotonicNanoseconds())
    }

    /// Whether it is at an end.
    public mutating func isOver() -> Bool { isOver(at: Clock.monotonicNanoseconds()) }

    init(nanoseconds: UInt64, at now: UInt64) { (left, last) = (nanoseconds, now) }

    mutating func isOver(at now: UInt64) -> Bool {
        left -= min(left, now - last, Self.longestStep)
        last = now
        return left == 0
    }
}
