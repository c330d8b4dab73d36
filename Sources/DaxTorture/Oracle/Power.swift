/// How often a wrong observation would have been refused: it is put in place of one that was made,
/// with everything else as it was, and judged again by the same rules.
///
/// It is the judged run's own measured chance to see what is wrong there, not an estimate.
package struct Power: Hashable, Sendable {
    package struct Count: Hashable, Sendable {
        package var tried = 0
        package var refused = 0

        mutating func add(_ isRefused: Bool) {
            tried += 1
            refused += isRefused ? 1 : 0
        }
    }

    /// Zero, where a read found a stamp: a lost store, a block that is not the file's.
    package var zeroForStamp = Count()
    /// The stamp of the write before, where a read found one: stale data.
    package var stampBefore = Count()
    /// The last stamp, where a read found zero: a stale mapping.
    package var stampForZero = Count()
    /// A SIGBUS, where an access succeeded.
    package var sigbusForSuccess = Count()
    /// A success, where an access ended in SIGBUS.
    package var successForSigbus = Count()

    package init() {}

    /// One racing read of a word in so many is tried: a prime, so that no pattern of the accesses
    /// keeps step with it. That costs about a tenth of what judging such reads costs, and they are a
    /// small part of what is judged.
    static let interval = 31
    /// A word that more operations visited is passed over: to judge it again costs too much.
    static let mostVisits = 128
}

/// How the words read were decided, those of racing reads and those of audits apart.
package struct Decided: Hashable, Sendable {
    package struct Words: Hashable, Sendable {
        /// All words read.
        package var words = 0
        /// Zeros that were judged by the one-sided rules alone.
        package var oneSided = 0
        /// What a copy may have written: judged without R4.
        package var byCopy = 0
        /// Mixes of several values, of which each byte was judged by itself.
        package var torn = 0
        /// Too many possible histories to be judged in full.
        package var undecided = 0

        /// Words that were judged in full: some legal order of all that visited the word explains
        /// them.
        package var exact: Int { max(0, words - oneSided - byCopy - torn - undecided) }

        package init() {}
    }

    package var racing = Words()
    package var audits = Words()

    package init() {}

    /// Counts `words` reads of a word under one heading.
    mutating func add(_ words: Int, _ heading: WritableKeyPath<Words, Int>, isAudit: Bool) {
        if isAudit { audits[keyPath: heading] += words } else { racing[keyPath: heading] += words }
    }

    /// What was not judged in full, whatever the heading.
    var inexact: Int { racing.oneSided + racing.undecided + audits.oneSided + audits.undecided }
}
