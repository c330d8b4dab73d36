import DaxSystem

/// What the actors of an epoch see of their controller: one flag, which they only read until the
/// epoch is over, whatever process they are in, and a counter each, which nobody else writes.
package final class StopFlag: Sendable {
    private static let isRunning = 0
    private static let beginning = 1
    private let words = SharedWords(2)

    package init() {}

    /// Whether the epoch is over.
    package var isSet: Bool { words.load(StopFlag.isRunning) == 0 }

    /// The epoch begins.
    package func clear() {
        words.store(Clock.monotonicNanoseconds(), at: StopFlag.beginning)
        words.store(1, at: StopFlag.isRunning)
    }

    /// When the epoch began (CLOCK_MONOTONIC), in nanoseconds.
    var began: UInt64 { words.load(StopFlag.beginning) }

    /// Ends the epoch for all; an actor whose log is full does it too.
    package func set() { words.store(0, at: StopFlag.isRunning) }
}
