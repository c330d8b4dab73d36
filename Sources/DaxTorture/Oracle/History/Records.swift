public import DaxModel

/// An effect: stamps written into consecutive words.
public struct Write: Sendable {
    public var interval: Interval
    public var first: UInt64
    public var count: UInt32
    public var sequence: UInt32
    public var operation: Operation
    public var certainty: Certainty
    public var torn: Bool
    public var mapped: Bool
    /// Whether the size may have stood at the end of each of its pages, one after the other.
    public var inParts: Bool

    @inlinable
    public init(
        interval: Interval, first: UInt64, count: UInt32, sequence: UInt32, operation: Operation,
        certainty: Certainty, torn: Bool, mapped: Bool, inParts: Bool = false
    ) {
        self.interval = interval
        self.first = first
        self.count = count
        self.sequence = sequence
        self.operation = operation
        self.certainty = certainty
        self.torn = torn
        self.mapped = mapped
        self.inParts = inParts
    }

    @inlinable
    public var words: Range<UInt64> { first..<first + UInt64(count) }
}

/// An effect: words set to zero.
public struct Zeroing: Sendable {
    public var interval: Interval
    public var words: Range<UInt64>
    public var operation: Operation
    public var certainty: Certainty
    public var torn: Bool
    public var rule: Rule
    /// Whether it may have taken place any number of times within the interval, and not just once;
    /// it is `possible` then.
    public var recurs: Bool

    @inlinable
    public init(
        interval: Interval, words: Range<UInt64>, operation: Operation, certainty: Certainty,
        torn: Bool, rule: Rule, recurs: Bool = false
    ) {
        self.interval = interval
        self.words = words
        self.operation = operation
        self.certainty = certainty
        self.torn = torn
        self.rule = rule
        self.recurs = recurs
    }
}

/// An effect: the size of the file set, or, where `grows`, raised to a value at least.
public struct Resize: Sendable {
    public var interval: Interval
    /// In bytes.
    public var size: UInt64
    /// By how many bytes the size changed, where that is what the operation does, whatever the
    /// size was (collapse, insert); `size` says nothing then.
    public var change: Int64?
    public var operation: Operation
    public var certainty: Certainty
    public var grows: Bool
    /// Whether it may have gone by way of sizes in between, or have stopped at one if it failed.
    public var gradual: Bool
    /// The least of those sizes; of no meaning where it is not gradual.
    public var least: UInt64

    @inlinable
    public init(
        interval: Interval, size: UInt64, change: Int64? = nil, operation: Operation,
        certainty: Certainty, grows: Bool, gradual: Bool, least: UInt64 = 0
    ) {
        self.interval = interval
        self.size = size
        self.change = change
        self.operation = operation
        self.certainty = certainty
        self.grows = grows
        self.gradual = gradual
        self.least = least
    }
}

/// An observation: consecutive words and what was in them.
public struct Read: Sendable {
    public var interval: Interval
    public var first: UInt64
    public var count: UInt32
    /// Where its values begin in the history's pool.
    public var values: UInt32
    public var operation: Operation
    public var torn: Bool
    public var mapped: Bool

    @inlinable
    public var words: Range<UInt64> { first..<first + UInt64(count) }
}

/// An observation that nothing explains: a word of a private copy that does not hold what its actor
/// stored there, though no operation can have taken the copy away.
public struct LostCopy: Sendable {
    public var word: UInt64
    public var value: UInt64
    public var expected: UInt64
    public var load: Operation
    public var interval: Interval
    public var store: Operation
    /// When the store was.
    public var stored: Interval
}

/// An observation: at some instant of the interval the size, in bytes, was within these bounds.
public struct SizeObservation: Sendable {
    public enum Sort: Hashable, Sendable {
        /// Through a call that reports the size (statx, a read that ended short): R6.
        case seen
        /// By touching a page: R5.
        case access(AccessOutcome)
    }

    public var interval: Interval
    public var atLeast: UInt64
    public var atMost: UInt64
    public var operation: Operation
    public var sort: Sort
    /// How many pages may be the one at which an access ended in SIGBUS, that at `atMost` the last.
    public var pages: UInt64 = 1
}
