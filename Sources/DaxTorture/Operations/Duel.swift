package import DaxModel
import DaxSystem

/// How two actors go about meeting in one cell of the coverage table, for an epoch.
///
/// Both get one narrow window, and begin their operations at common times. These follow from the
/// clock alone, so that the two share nothing: time is cut into slots of `period` ticks, and an
/// operation is invoked at the next slot's beginning plus a delay drawn anew each time, up to what
/// the opponent's operation takes. Whoever misses a slot takes a later one.
package struct Duel: BitwiseCopyable, Hashable, Sendable {
    /// What the accesses are to fault in.
    package let size: FaultSize
    package let hotWindow: HotWindow
    /// The length of a slot, and the longest delay within it, in ticks of the clock.
    package let period: UInt64
    package let delay: UInt64

    package init(size: FaultSize, hotWindow: HotWindow, period: UInt64, delay: UInt64) {
        precondition(period > 0 && delay > 0)
        self.size = size
        self.hotWindow = hotWindow
        self.period = period
        self.delay = delay
    }

    /// When an operation that is ready at `now` is to be invoked.
    package func start(after now: UInt64, _ random: inout Random) -> UInt64 {
        (now / period + 1) * period + random.below(delay)
    }
}

extension ActorContext {
    /// Prepares the next step: in a duel one of its operations waits for its slot, and, in one
    /// about faults, the accesses of every second step fault.
    package func prepareStep() {
        guard let duel else { return }
        isReady = true
        isFresh = duel.size != .none && random.chance(1, in: 2)
    }

    /// In a duel, spins until the slot of the operation that is invoked next.
    package func meet() {
        guard isReady, let duel else { return }
        isReady = false
        Clock.spin { duel.start(after: $0, &random) }
    }
}
