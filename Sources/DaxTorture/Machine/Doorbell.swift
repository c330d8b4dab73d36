internal import DaxHost
internal import DaxSystem
package import DaxText

/// How the guest speaks to the plugin that follows its persistent memory (Doorbell.h has the same layout,
/// which a test compares): by words of the outbox's header that nobody else uses.
///
/// A command is carried out within the store of its word, between two instructions of this CPU's; so that
/// it took effect between two readings of the clock, and its answer is there at once. It is the plugin that
/// answers, and nothing that it says depends on the host.
package enum DoorbellCommand: UInt64, CaseIterable, Sendable {
    /// Follow the memory, all of which is durable now.
    case begin = 1
    /// All of it is durable now, and all images are forgotten.
    case settle
    /// Cut the power: keep what is left. The memory goes on.
    case cut
    /// Write what was left of a cut into the second persistent memory.
    case show
}

/// What the plugin did.
package struct DoorbellAnswer: Sendable {
    /// The clock before the store that rang, and behind it.
    package var rung: ClosedRange<UInt64>
    /// The number of the image that was kept.
    package var image: UInt64
    /// How many lines of the caches were not durable at the cut, and how many of them the image has.
    package var lines: UInt64
    package var evicted: UInt64
    /// SHA-256 of what was shown.
    package var digest: [UInt8]
    package var counts: FollowedStores
}

/// Where in the outbox each word lies.
package enum DoorbellLayout {
    package static let command = 2048
    package static let argument = command + 8
    package static let seed = command + 16
    package static let answer = command + 24
    package static let image = command + 32
    package static let lines = command + 40
    package static let evicted = command + 48
    package static let digest = command + 64
    package static let counts = command + 96
    /// The answer to a command that was carried out.
    package static let done: UInt64 = 1
}

extension SharedFile {
    /// Has the plugin carry out a command; nil if there is none, or it cannot.
    borrowing func ring(_ command: DoorbellCommand, _ argument: UInt64, seed: UInt64)
        -> DoorbellAnswer?
    {
        publish(argument, at: DoorbellLayout.argument)
        publish(seed, at: DoorbellLayout.seed)
        publish(0, at: DoorbellLayout.answer)
        let before = Clock.ticks()
        publish(command.rawValue, at: DoorbellLayout.command)
        let after = Clock.ticks()
        guard word(at: DoorbellLayout.answer) == DoorbellLayout.done else { return nil }
        var counts = FollowedStores()
        counts.stores = word(at: DoorbellLayout.counts)
        counts.streams = word(at: DoorbellLayout.counts + 8)
        counts.flushes = word(at: DoorbellLayout.counts + 16)
        counts.fences = word(at: DoorbellLayout.counts + 24)
        counts.unknown = word(at: DoorbellLayout.counts + 32)
        return DoorbellAnswer(
            rung: before...after, image: word(at: DoorbellLayout.image),
            lines: word(at: DoorbellLayout.lines), evicted: word(at: DoorbellLayout.evicted),
            digest: load(DoorbellLayout.digest..<DoorbellLayout.digest + 32), counts: counts)
    }
}
