package import DaxModel

/// What was expected of an observation.
package enum Expectation: Hashable, Sendable {
    /// One of these values, zero among them perhaps.
    case values([UInt64])
    /// A SIGBUS: the page lay wholly beyond the end of file.
    case sigbus
    /// No SIGBUS: part of the page lay within the file.
    case noSigbus
    /// A size within these bounds, in bytes.
    case size(ClosedRange<UInt64>)
}

/// What an observation found.
package enum Observation: Hashable, Sendable {
    case value(UInt64)
    case sigbus
    case noSigbus
    case size(ClosedRange<UInt64>)
}

/// One operation's part in a violation.
package struct Evidence: Hashable, Sendable {
    package enum Role: UInt8, Hashable, Sendable {
        /// Wrote the value that was seen, or that ought to have been.
        case write
        /// Wrote over the value that was seen.
        case overwrite
        /// Zeroed the word.
        case zeroing
        /// Copied something into the word.
        case copy
        case resize
        /// Saw what it should not have seen.
        case observer
        /// Another observer, without whom what was seen would have been legal.
        case witness
        /// Wrote the foreign stamp elsewhere.
        case stampOwner
    }

    package var role: Role
    package var operation: Operation
    package var interval: Interval
    /// The value written or read, where there is one.
    package var value: UInt64?
    /// Where the stamp belongs, in bytes, if `role` is `stampOwner`.
    package var home: UInt64?
    /// The file where the stamp belongs, if `role` is `stampOwner` and that is another file.
    package var homeFile: FileNumber?
    /// The words that were zeroed in one piece, if `role` is `zeroing`.
    package var words: Range<UInt64>?
}

/// What no legal order of the operations explains.
package struct Violation: Hashable, Sendable {
    package var rule: Rule
    package var file: FileNumber
    /// The offset in bytes, of the word, or of the page for R5; 0 for R6.
    package var offset: UInt64
    package var expected: Expectation
    package var observed: Observation
    /// The operations that prove the violation, the observer first where there is one.
    package var evidence: [Evidence]
    /// When the last of the evidence began to be impossible: the interval of the observer, or of
    /// the zeroing that was lost. Violations are sorted by it.
    package var interval: Interval
    /// The sizes that the file may have had during the observation; nil where a word is judged.
    package var sizes: ClosedRange<UInt64>?
    /// What the story tells around the violation; the oracle adds it to what it keeps.
    package var surroundings: Surroundings?

    package var operations: [OperationID] { evidence.map(\.operation.id) }
}
