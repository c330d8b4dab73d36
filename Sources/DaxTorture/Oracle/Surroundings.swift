package import DaxModel

/// What happened to a violation's word, or to the size, shortly before and while it was seen.
package struct Surroundings: Hashable, Sendable {
    /// The word's value, or the size, at the quiet point before the epoch.
    package var initial: UInt64
    /// In order of invocation; all evidence is among them.
    package var events: [Event]
    /// How many earlier ones were left out; around a word, changes of the size do not count.
    package var omitted: Int

    /// One operation, as far as it bears on the violation.
    package struct Event: Hashable, Sendable {
        package var operation: Operation
        package var interval: Interval
        /// The words that it read, wrote or zeroed; nil if all that counts is the size.
        package var words: Range<UInt64>?
        package var details: [Detail]
    }

    /// What an operation did to the word or to the size, or found there.
    package enum Detail: Hashable, Sendable {
        case wrote(UInt64, Certainty)
        case zeroed(Certainty)
        /// Gave it what a word of a file, at that offset in bytes, held.
        case copied(file: FileNumber, offset: UInt64, Certainty)
        /// `grows`: to that size at least; what was done of it perhaps to a size from `least` on, if there
        /// is one.
        case resized(UInt64, grows: Bool, least: UInt64?, Certainty)
        /// By so many bytes.
        case shifted(Int64, Certainty)
        /// `isGenuine`: it is zero, or a stamp that was made for this word.
        case found(UInt64, isGenuine: Bool)
        case sawSize(ClosedRange<UInt64>)
        case touched(AccessOutcome)
        /// Reached other words of the same page, while what proves the violation happened: which
        /// page a page table names is one for all of them.
        case beside

        var isResize: Bool {
            switch self {
            case .resized, .shifted: true
            default: false
            }
        }

        /// Whether it changed something, or may have.
        var isEffect: Bool {
            switch self {
            case .wrote, .zeroed, .copied, .resized, .shifted: true
            case .found, .sawSize, .touched, .beside: false
            }
        }
    }

    /// How many effects, observations, changes of the size and neighbours each are told beside the
    /// evidence.
    static let quota = 12
}
