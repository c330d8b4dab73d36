public import DaxModel

/// Names one operation: whose it was, and where it stands in that actor's log.
public struct OperationID: Hashable, Comparable, Sendable {
    /// The actor; of an audit and a setup the harness.
    public var actor: ActorNumber
    /// The position in the actor's log.
    public var index: UInt32

    @inlinable
    public init(actor: ActorNumber, index: UInt32) {
        self.actor = actor
        self.index = index
    }

    @inlinable
    public static func < (a: OperationID, b: OperationID) -> Bool {
        (a.actor, a.index) < (b.actor, b.index)
    }
}

/// An operation as the oracle carries it: its name, and two codes that only the story reads.
public struct Operation: Hashable, Sendable {
    public var index: UInt32
    public var actor: ActorNumber
    /// What was called; the caller names the codes (`StoryNames`).
    public var kind: UInt8
    /// Through what it went: a mapping, read(2), io_uring; the caller names the codes.
    public var path: UInt8

    @inlinable
    public init(_ id: OperationID, kind: UInt8 = 0, path: UInt8 = 0) {
        index = id.index
        actor = id.actor
        self.kind = kind
        self.path = path
    }

    @inlinable
    public var id: OperationID { OperationID(actor: actor, index: index) }
}

/// Whether an effect took place for sure.
public enum Certainty: UInt8, Sendable {
    /// The effect took place in full, at some instant of its interval.
    case definite
    /// The effect may have taken place or not, for each word by itself: what an operation leaves
    /// behind that failed midway.
    case possible
}

/// How an access through a mapping ended.
public enum AccessOutcome: UInt8, Sendable {
    case succeeded
    /// SIGBUS with BUS_ADRERR.
    case sigbus
    /// SIGBUS with BUS_MCEERR_AR or BUS_MCEERR_AO: the page was poisoned.
    case poisoned
    /// SIGBUS with BUS_ADRERR while the filesystem may have had no space for the hole.
    case noSpace
    /// A signal that no page fault gives here, which is judged by itself: it says nothing of the
    /// size.
    case elsewhere
}
