/// A page frame by its number: pages of physical memory, counted from physical address 0 (the kernel's PFN).
@frozen
public struct FrameNumber: RawRepresentable, Hashable, Comparable, Sendable, BitwiseCopyable,
    CustomStringConvertible
{
    public let rawValue: UInt64

    @inlinable
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// The frame that holds the byte at a physical address.
    @inlinable
    public init(at address: UInt64) { self.init(rawValue: address / 4096) }

    /// Whether the kernel keeps the number from this user: /proc/pid/pagemap then has 0 for every frame.
    @inlinable
    public var isHidden: Bool { rawValue == 0 }

    /// The number as stories print it.
    @inlinable
    public var description: String { "0x" + String(rawValue, radix: 16) }

    @inlinable
    public static func < (a: FrameNumber, b: FrameNumber) -> Bool { a.rawValue < b.rawValue }

    /// The frame that follows `frame` by so many.
    @inlinable
    public static func + (frame: FrameNumber, pages: UInt64) -> FrameNumber {
        FrameNumber(rawValue: frame.rawValue + pages)
    }

    /// By how many pages `frame` follows `first`, which is not behind it.
    @inlinable
    public static func - (frame: FrameNumber, first: FrameNumber) -> UInt64 {
        frame.rawValue - first.rawValue
    }
}
