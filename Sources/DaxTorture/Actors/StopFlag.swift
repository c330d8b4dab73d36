import DaxSystem

/// What the actors of an epoch see of their controller: one flag, which they only read until the
/// epoch is over, whatever process they are in, and a counter each, which nobody else writes.
package final class StopFlag: Sendable {
    private let raised = SharedWords(1)

    package init() {}

    /// Whether the epoch is over.
    package var isSet: Bool { raised.load(0) == 0 }

    package func clear() { raised.store(1, at: 0) }

    /// Ends the epoch for all; an actor whose log is full does it too.
    package func set() { raised.store(0, at: 0) }
}
