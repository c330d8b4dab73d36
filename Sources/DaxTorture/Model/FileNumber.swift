/// Which file, in stamps and records: the files under test are 0, 1 and so on, and actors' private files
/// come after them. Other numbers are those of files of which no record speaks.
///
/// Two bytes in a stamp's check; a record has room for one.
@frozen
public struct FileNumber: RawRepresentable, Hashable, Comparable, Sendable, BitwiseCopyable,
    CustomStringConvertible
{
    public let rawValue: UInt16

    @inlinable
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// The number of the file that stands at `index` among the files under test, counted from 0, or
    /// beyond them among the private files.
    @inlinable
    public init(index: Int) { self.init(rawValue: UInt16(index)) }

    /// The number that a record has in one byte.
    @inlinable
    public init(byte: UInt8) { self.init(rawValue: UInt16(byte)) }

    /// The number in one byte, for a record; files that only stamps know do not fit.
    @inlinable
    public var byte: UInt8 { UInt8(rawValue) }

    /// Where the file stands among the files under test, counted from 0.
    @inlinable
    public var index: Int { Int(rawValue) }

    @inlinable
    public var description: String { rawValue.description }

    @inlinable
    public static func < (a: FileNumber, b: FileNumber) -> Bool { a.rawValue < b.rawValue }
}

// The numbers that stamps alone have: the same stamp fits no word of two such files.
extension FileNumber {
    /// The files of an actor's own, which share one number.
    package static func ownFiles(of actor: ActorNumber) -> FileNumber {
        FileNumber(rawValue: 0x4000 | UInt16(actor.rawValue))
    }

    /// The canary file that was planted as the `count`th; after 32767 the numbers come again.
    package static func canary(_ count: UInt32) -> FileNumber {
        FileNumber(rawValue: UInt16(0x8000 + count % 0x7fff))
    }
}
