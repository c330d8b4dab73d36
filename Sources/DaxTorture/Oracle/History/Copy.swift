package import DaxModel

/// An effect: words that got what other words held, at some instant of the interval each.
///
/// It stands in the history of the file that received. The source may be another file of the same
/// epoch, or the same file (collapse and insert move words within one).
package struct Copy: Sendable {
    package var interval: Interval
    /// The words that received.
    package var words: Range<UInt64>
    /// The file that gave, as its stamps know it, and the word that the first of `words` got.
    package var source: FileNumber
    package var from: UInt64
    package var operation: Operation
    package var certainty: Certainty
    package var torn: Bool

    package init(
        interval: Interval, words: Range<UInt64>, source: FileNumber, from: UInt64,
        operation: Operation, certainty: Certainty, torn: Bool
    ) {
        self.interval = interval
        self.words = words
        self.source = source
        self.from = from
        self.operation = operation
        self.certainty = certainty
        self.torn = torn
    }

    /// What added to a receiving word gives the word that gave.
    var shift: UInt64 { from &- words.lowerBound }
}

extension History {
    /// `operation` put into each of `words` what the words of `source` from `from` on held.
    ///
    /// - Parameters:
    ///   - source: the giving file's number; its history must be judged together with this one.
    ///   - torn: the bytes of a word may have arrived one by one.
    package mutating func copy(
        _ operation: Operation, _ words: Range<UInt64>, source: FileNumber, from: UInt64,
        over interval: Interval, certainty: Certainty = .definite, torn: Bool = false
    ) {
        append(
            Copy(
                interval: interval, words: words, source: source, from: from,
                operation: operation, certainty: certainty, torn: torn))
    }
}

/// The words of a history that some copy may have written, in ascending order.
///
/// Their values are no longer unique, so that they are judged by rules of their own.
struct MovedWords {
    private var ranges: ContiguousArray<Range<UInt64>> = []
    private var next = 0

    init(_ history: History) {
        for range in history.copies.map(\.words).sorted(by: { $0.lowerBound < $1.lowerBound })
        where !range.isEmpty {
            if let last = ranges.last, range.lowerBound <= last.upperBound {
                ranges[ranges.count - 1] =
                    last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                ranges.append(range)
            }
        }
    }

    /// Whether `word`, which is not below the last one asked about, is one of them, and the first
    /// word after it of which that may not be so.
    @inline(__always)
    mutating func look(at word: UInt64) -> (isMoved: Bool, until: UInt64) {
        while next < ranges.count, ranges[next].upperBound <= word { next += 1 }
        guard next < ranges.count else { return (false, .max) }
        let range = ranges[next]
        return range.lowerBound <= word ? (true, range.upperBound) : (false, range.lowerBound)
    }
}
