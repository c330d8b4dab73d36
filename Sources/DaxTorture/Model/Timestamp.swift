/// An instant on the run's one clock, in ticks of the CPU's time-stamp counter.
///
/// Only the order counts for a verdict. docs/clock.md says why that order is real time.
public struct Timestamp: BitwiseCopyable, Comparable, Hashable, Sendable {
    public var ticks: UInt64

    @inlinable
    public init(ticks: UInt64) { self.ticks = ticks }

    @inlinable
    public static func < (a: Timestamp, b: Timestamp) -> Bool { a.ticks < b.ticks }
}

/// The stretch of time within which an operation took effect: from just before its invocation to
/// just after its return.
///
/// Two operations are ordered only if one's interval ends strictly before the other's begins;
/// intervals that touch overlap, since equal ticks order nothing.
public struct Interval: BitwiseCopyable, Hashable, Sendable {
    public var invoked: Timestamp
    public var returned: Timestamp

    @inlinable
    public init(_ invoked: Timestamp, _ returned: Timestamp) {
        precondition(invoked <= returned, "an operation returned before it was invoked")
        self.invoked = invoked
        self.returned = returned
    }

    /// Whether all of this interval lies strictly before `other`.
    @inlinable
    public func precedes(_ other: Interval) -> Bool { returned < other.invoked }

    /// Whether some instant belongs to both.
    @inlinable
    public func overlaps(_ other: Interval) -> Bool { !precedes(other) && !other.precedes(self) }
}
