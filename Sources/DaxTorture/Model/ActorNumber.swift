/// Which actor of a run: 1 for the first in the config's order, and so on. 0 stands for the harness itself.
///
/// One byte, which is all that a stamp has room for.
@frozen
public struct ActorNumber: RawRepresentable, Hashable, Comparable, Sendable, BitwiseCopyable,
    CustomStringConvertible
{
    public let rawValue: UInt8

    @inlinable
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The number of the actor that stands at `index` among the actors of a run, counted from 0.
    @inlinable
    public init(index: Int) { self.init(rawValue: UInt8(index + 1)) }

    /// Where the actor stands among those of its run, counted from 0; the harness is none of them.
    @inlinable
    public var index: Int { Int(rawValue) - 1 }

    /// What the harness itself does: to a history it is one more actor.
    @inlinable
    public static var harness: ActorNumber { ActorNumber(rawValue: 0) }

    /// Whom the stamps of canary files name, which is no actor of any run.
    @inlinable
    public static var canary: ActorNumber { ActorNumber(rawValue: 255) }

    @inlinable
    public var description: String { rawValue.description }

    @inlinable
    public static func < (a: ActorNumber, b: ActorNumber) -> Bool { a.rawValue < b.rawValue }
}
