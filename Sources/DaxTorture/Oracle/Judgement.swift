/// The oracle's word on one history.
package struct Judgement: Sendable {
    /// The earliest violations, sorted by time, up to the oracle's limit, with their surroundings.
    package internal(set) var violations: [Violation] = []
    /// Later ones, sorted by time, without surroundings: for who counts what they have in common.
    package internal(set) var more: [Violation] = []
    /// All violations, those beyond all limits included.
    package internal(set) var violationCount = 0
    /// Words read, counted once for each read, that got a verdict.
    package internal(set) var wordsJudged = 0
    /// Reads of a word that saw bytes of several values, legally.
    package internal(set) var tornReads = 0
    /// Words whose zeros were judged by the one-sided rules only, since the exact search would
    /// have outgrown its limit.
    package internal(set) var wordsUndecided = 0
    /// Words judged that a copy may have written: by R1, R2, R3 and R7 only.
    package internal(set) var wordsByCopy = 0
    /// Observations of the size that some of its candidates explain and others do not: those that the
    /// exact search decided, and those that it could not.
    package internal(set) var sizesSearched = 0
    package internal(set) var sizesUndecided = 0
    package internal(set) var sigbus = SigbusTally()
    package internal(set) var decided = Decided()
    package internal(set) var power = Power()

    package var isClean: Bool { violationCount == 0 }
}

/// Every SIGBUS under one heading, so that the sum is the number taken.
package struct SigbusTally: Hashable, Sendable {
    /// The page may have been wholly beyond the end of file.
    package var justified = 0
    package var poisoned = 0
    /// Not explained by the size, but the filesystem may have been full.
    package var noSpace = 0
    /// Explained by nothing: a violation each.
    package var unjustified = 0
    /// Accesses that had to fault and did not: a violation each.
    package var missing = 0

    package var taken: Int { justified + poisoned + noSpace + unjustified }
}
