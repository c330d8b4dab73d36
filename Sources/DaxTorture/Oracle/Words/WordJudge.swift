internal import DaxModel

/// The verdict on one word: R1 to R4 and R7.
///
/// Stamps are unique, so a word's reads and writes fall into *clusters*: a write and the reads
/// that saw its stamp (the value from before the epoch is a cluster too, written before
/// everything). Gibbons and Korach (1997): let a cluster's zone reach from its earliest return to
/// its latest invocation. If the return comes first the zone is *forward*, and the word held this
/// stamp all through it; else it is *backward*, and one instant within it is enough. The cluster's
/// order is legal exactly if no two forward zones overlap and no backward zone lies within a
/// forward one.
struct WordJudge {
    let history: History
    let key: StampKey
    var zeros: ZeroIndex

    /// The visits of the stretch in hand in order of invocation.
    var visits: ContiguousArray<Visit> = []
    /// The word in hand, and its value before the epoch.
    var word: UInt64 = 0
    var initial: UInt64 = 0
    /// For each visit: the cluster of what it wrote or saw, or one of the two below.
    var clusterOf: ContiguousArray<Int32> = []
    static let sawZero: Int32 = -1
    static let sawUnknown: Int32 = -2

    var clusters: ContiguousArray<Cluster> = []
    var forward: ContiguousArray<Zone> = []
    var backward: ContiguousArray<Zone> = []
    var zeroReads: ContiguousArray<Int32> = []
    /// The read that is judged as if it had found another value, and that value; -1 for none.
    var exchanged = -1
    var exchangedValue: UInt64 = 0
    /// How many configurations the exact searches of this history's words may still try (`RegisterSearch`):
    /// what is left then is undecided, so that a quiet point's time has a bound.
    var triesLeft = 1 << 20
    /// Racing reads up to the next on which a wrong value is tried.
    var untried = 1
    private var patterns = CleanPatterns()
    private var writers = WriterTable()

    struct Cluster {
        var writeInvoked: UInt64
        var writeReturned: UInt64
        /// The earliest return and the latest invocation, and whose they are; -1 for the state
        /// before the epoch.
        var earliestReturn: UInt64
        var latestInvocation: UInt64
        var returning: Int32
        var invoking: Int32
        var write: Int32
        var reads: Int32 = 0

        /// The state before the epoch: written at instant 0.
        static let before = Cluster(
            writeInvoked: 0, writeReturned: 0, earliestReturn: 0, latestInvocation: 0,
            returning: -1, invoking: -1, write: -1)
    }

    /// A cluster's zone by its two ends, `low <= high`.
    struct Zone {
        var low: UInt64
        var high: UInt64
        var cluster: Int32
        /// The highest low end up to here, among backward zones in order of their high ends.
        var highestLow: UInt64 = 0
    }

    init(_ history: History, _ key: StampKey) {
        self.history = history
        self.key = key
        zeros = ZeroIndex(history.zeroings)
    }

    // MARK: - A stretch of words

    /// Judges each of `words`, which `visits` and the live zeroings all cover.
    mutating func judge(_ words: Range<UInt64>, _ verdicts: inout Verdicts) {
        patterns.forget()
        writers.note(visits)
        clusterOf.removeAll(keepingCapacity: true)
        var cluster: Int32 = 0
        var (reads, racing) = (0, 0)
        for index in visits.indices {
            let isWrite = visits[index].isWrite
            if isWrite { cluster += 1 } else { reads += 1 }
            if !isWrite && !visits[index].isAudit { racing += 1 }
            clusterOf.append(isWrite ? cluster : WordJudge.sawUnknown)
        }
        verdicts.wordsJudged += reads * words.count
        verdicts.decided.racing.words += racing * words.count
        verdicts.decided.audits.words += (reads - racing) * words.count

        let known = UInt64(history.initialWords.count)
        var word = words.lowerBound
        while word < words.upperBound {
            self.word = word
            initial = word < known ? history.initialWords[Int(word)] : 0
            let found = verdicts.count
            let (pattern, unknown) = match()
            if unknown { judgeUnknown(&verdicts) }
            if !patterns.contains(pattern) {
                let (before, inexact) = (verdicts.count, verdicts.decided.inexact)
                judgeClusters(&verdicts)
                // What was not decided in full is counted for each word.
                if verdicts.count == before && verdicts.decided.inexact == inexact {
                    patterns.insert(pattern)
                }
            }
            if racing > 0 && verdicts.count == found {
                measurePower(racing: racing, &verdicts)
            }
            word += 1
            // Most of a file is visited by the audit alone: what looks like the word before is
            // passed over in a loop that does nothing else.
            if visits.count == 1 && patterns.contains(pattern) {
                word = endOfLikes(from: word, to: min(words.upperBound, known))
            }
        }
    }

    /// The first word from `word` on, or `end`, whose pattern may differ from that of the word in
    /// hand, where one read is the only visit.
    private func endOfLikes(from word: UInt64, to end: UInt64) -> UInt64 {
        let (values, before) = (history.values, history.initialWords)
        let place = Int(truncatingIfNeeded: visits[0].operand)
        let value = values[place &+ Int(self.word)]
        guard value == 0 || value == initial else { return word }
        let kept: UInt64 = value == 0 ? 0 : .max
        let wasZero = initial == 0
        var index = Int(word)
        while index < Int(end) {
            let then = before[index]
            guard values[place &+ index] == then & kept, (then == 0) == wasZero else { break }
            index &+= 1
        }
        return UInt64(index)
    }

    /// Finds for each read the cluster whose value it saw.
    ///
    /// The pattern names these clusters in order, one byte each, and whether there was a value
    /// before the epoch; it is nil where the bytes would not do.
    mutating func match() -> (pattern: UInt64?, unknown: Bool) {
        var pattern: UInt64 = initial == 0 ? 1 : 2
        var fits = true
        var unknown = false
        for index in visits.indices where !visits[index].isWrite {
            let value = found(by: index)
            var cluster: Int32
            if value == 0 {
                cluster = WordJudge.sawZero
            } else if value == initial {
                cluster = 0
            } else {
                cluster = writers.cluster(of: value)
                if cluster < 0
                    || !key.verify(Stamp(rawValue: value), file: history.file, word: word)
                {
                    cluster = WordJudge.sawUnknown
                    unknown = true
                }
            }
            clusterOf[index] = cluster
            fits = fits && pattern >> 56 == 0 && cluster < 250
            pattern = pattern << 8 | UInt64(truncatingIfNeeded: cluster &+ 3)
        }
        return (fits ? pattern : nil, unknown)
    }

    // MARK: - One word

    /// What the read of this visit found in the word in hand.
    @inline(__always)
    func found(by index: Int) -> UInt64 {
        index == exchanged
            ? exchangedValue : history.values[Int(visits[index].operand &+ word)]
    }
}
