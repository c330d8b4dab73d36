import Synchronization

/// One thread's count of finished steps, alone on its cache lines: whoever reads it, or counts
/// beside it, costs that thread nothing it writes to.
public final class Pulse: Sendable {
    private typealias Line = (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64)
    // On this side is the object's own head with its reference count, which others write to.
    private let before: Line = (0, 0, 0, 0, 0, 0, 0, 0)
    private let count = Atomic<UInt64>(0)
    private let after: Line = (0, 0, 0, 0, 0, 0, 0, 0)

    public init() {}

    public var steps: UInt64 { count.load(ordering: .relaxed) }

    /// Only the one thread calls it: an add would lock the line for nothing.
    public func beat() {
        count.store(count.load(ordering: .relaxed) &+ 1, ordering: .relaxed)
    }
}
