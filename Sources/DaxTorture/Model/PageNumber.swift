/// A page of a file by its number, counted from the file's start (the kernel's pgoff).
@frozen
public struct PageNumber: RawRepresentable, Hashable, Strideable, Sendable, BitwiseCopyable,
    CustomStringConvertible
{
    public let rawValue: UInt64

    @inlinable
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    // 4096 is Page.bytes, which what is inlined into other modules could not read at no cost.

    /// The page that holds the byte at `offset`.
    @inlinable
    public init(at offset: UInt64) { self.init(rawValue: offset / 4096) }

    /// The first page of a file.
    @inlinable
    public static var first: PageNumber { PageNumber(rawValue: 0) }

    /// The first page that begins at `size` or behind it: of a file of so many bytes, the first one that
    /// lies wholly beyond the end.
    @inlinable
    public init(beyond size: UInt64) { self.init(rawValue: (size + 4095) / 4096) }

    /// Where the page begins, in bytes.
    @inlinable
    public var offset: UInt64 { rawValue * 4096 }

    @inlinable
    public var description: String { rawValue.description }

    @inlinable
    public static func == (a: PageNumber, b: PageNumber) -> Bool { a.rawValue == b.rawValue }

    @inlinable
    public static func < (a: PageNumber, b: PageNumber) -> Bool { a.rawValue < b.rawValue }

    @inlinable
    public func advanced(by pages: Int) -> PageNumber {
        PageNumber(rawValue: UInt64(Int(rawValue) + pages))
    }

    @inlinable
    public func distance(to other: PageNumber) -> Int { Int(other.rawValue) - Int(rawValue) }

    /// The page that follows `page` by so many.
    @inlinable
    public static func + (page: PageNumber, pages: UInt64) -> PageNumber {
        PageNumber(rawValue: page.rawValue + pages)
    }

    /// By how many pages `page` follows `first`, which is not behind it.
    @inlinable
    public static func - (page: PageNumber, first: PageNumber) -> UInt64 {
        page.rawValue - first.rawValue
    }
}
