import Synchronization

/// One thread's count of finished steps, and the call that it is in, alone on their cache lines: whoever
/// reads them, or counts beside them, costs that thread nothing it writes to.
public final class Pulse: Sendable {
    private typealias Line = (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64)
    // On this side is the object's own head with its reference count, which others write to.
    private let before: Line = (0, 0, 0, 0, 0, 0, 0, 0)
    private let count = Atomic<UInt64>(0)
    private let call = Atomic<UInt64>(0)
    private let offset = Atomic<UInt64>(0)
    private let length = Atomic<UInt64>(0)
    private let after: Line = (0, 0, 0, 0, 0, 0, 0, 0)

    public init() {}

    public var steps: UInt64 { count.load(ordering: .relaxed) }

    /// Only the one thread calls it: an add would lock the line for nothing.
    public func beat() {
        count.store(count.load(ordering: .relaxed) &+ 1, ordering: .relaxed)
    }

    /// Says which call the thread is going to make, by a code of the caller's that is not 0, and on which
    /// bytes. Only the one thread calls it.
    public func announce(_ code: UInt64, offset: UInt64, length: UInt64) {
        self.offset.store(offset, ordering: .relaxed)
        self.length.store(length, ordering: .relaxed)
        call.store(code, ordering: .relaxed)
    }

    /// The call has returned. Only the one thread calls it.
    public func withdraw() { call.store(0, ordering: .relaxed) }

    /// The call that the thread is in; nil if in none. Of a thread that goes on the three may not belong
    /// together: it is there to be asked of one that is stuck.
    public var announced: (code: UInt64, offset: UInt64, length: UInt64)? {
        let code = call.load(ordering: .relaxed)
        if code == 0 { return nil }
        return (code, offset.load(ordering: .relaxed), length.load(ordering: .relaxed))
    }
}
