public import DaxOperations

/// What an actor is there for.
public enum Role: String, CaseIterable, Sendable {
    case writer
    case faulter
    case truncater
    case puncher
    case mover
    case cloner

    /// An actor of this role with these settings.
    public func makeActor(_ settings: ActorSettings) -> any Actor {
        switch self {
        case .writer: Writer(settings)
        case .faulter: Faulter(settings)
        case .truncater: Truncater(settings)
        case .puncher: Puncher(settings)
        case .mover: Mover(settings)
        case .cloner: Cloner(settings)
        }
    }

    /// The kinds of operation that an actor of this role does again and again: a run in which one
    /// of them never happened has not exercised the role.
    public var kinds: [OperationKind] {
        switch self {
        case .writer: [.store, .write, .load, .fsync, .msync, .persist, .vectorStore, .stringStore]
        case .faulter:
            [
                .faultLoad, .faultStore, .load, .read, .remap, .misalign, .populate, .populateWrite,
                .protect, .move, .privateStore, .privateLoad,
            ]
        case .truncater: [.truncate, .allocate]
        case .puncher: [.punch, .zero, .reserve]
        case .mover: [.collapse, .insert]
        case .cloner: [.clone, .copy, .dedupe]
        }
    }
}

/// What a config says of an actor.
public struct ActorSettings: Hashable, Sendable {
    /// The smallest and the largest range of one operation, in bytes; multiples of a word.
    public var bytes: ClosedRange<UInt64>
    /// What a range begins at a multiple of, in bytes: a power of two, a word or more.
    public var alignment: UInt64
    /// The longest pause between two steps, in nanoseconds; 0 for none. A truncater needs one:
    /// only while the size stands still are there accesses that lie wholly beyond the end of
    /// file, which must fault, and wholly within, which must not.
    public var pause: UInt64

    public init(bytes: ClosedRange<UInt64>, alignment: UInt64, pause: UInt64) {
        self.bytes = bytes
        self.alignment = alignment
        self.pause = pause
    }
}

/// One role's behaviour: it draws what to do next and does it with its hand.
public protocol Actor {
    /// Does the next operation, or a few that belong together.
    mutating func step(_ hand: Hand)
}
