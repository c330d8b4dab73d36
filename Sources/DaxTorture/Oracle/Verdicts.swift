internal import DaxModel

/// Gathers the verdicts of one judgement: counts everything, keeps the earliest violations.
struct Verdicts {
    private let limit: Int
    /// The earliest `limit` are among them, and some that have come since they were looked at last.
    private var kept: [Violation] = []
    /// When the latest of so many as are kept was seen; nil while there are fewer.
    private var latest: Timestamp?
    private(set) var count = 0
    var sigbus = SigbusTally()
    var wordsJudged = 0
    var tornReads = 0
    var wordsUndecided = 0
    var wordsByCopy = 0
    var decided = Decided()
    var power = Power()
    var sizesSearched = 0
    var sizesUndecided = 0

    init(limit: Int) { self.limit = limit }

    /// Counts a violation at `interval`; false if it is not among the earliest, so that it need
    /// not be told.
    mutating func wants(_ interval: Interval) -> Bool {
        count += 1
        guard let latest else { return limit > 0 }
        return interval.returned < latest
    }

    /// Keeps a violation that was wanted.
    mutating func add(_ violation: Violation) {
        kept.append(violation)
        if kept.count == 2 * limit { cut() }
    }

    /// Sorts those that are kept by time, as they came where that is the same, and drops the latest.
    private mutating func cut() {
        let order = kept.indices.sorted {
            (kept[$0].interval.returned, $0) < (kept[$1].interval.returned, $1)
        }
        kept = order.prefix(limit).map { kept[$0] }
        if kept.count == limit { latest = kept.last?.interval.returned }
    }

    consuming func judgement() -> Judgement {
        cut()
        var judgement = Judgement()
        judgement.violations = kept
        judgement.violationCount = count
        judgement.wordsJudged = wordsJudged
        judgement.tornReads = tornReads
        judgement.wordsUndecided = wordsUndecided
        judgement.wordsByCopy = wordsByCopy
        judgement.sizesSearched = sizesSearched
        judgement.sizesUndecided = sizesUndecided
        judgement.sigbus = sigbus
        judgement.decided = decided
        judgement.power = power
        return judgement
    }
}

extension Judgement {
    /// The judgement, with the surroundings of each of the first `count` violations.
    func told(_ count: Int, _ surroundings: (Violation) -> Surroundings) -> Judgement {
        var judgement = self
        judgement.more = Array(violations.dropFirst(count))
        judgement.violations.removeLast(judgement.more.count)
        for index in judgement.violations.indices {
            judgement.violations[index].surroundings = surroundings(judgement.violations[index])
        }
        return judgement
    }

    /// The judgement, with the writer of each foreign stamp whose writer the file's own history
    /// does not know, if one of `histories` knows it.
    func traced(in histories: [History], key: StampKey) -> Judgement {
        var judgement = self
        for index in violations.indices {
            let violation = violations[index]
            guard violation.rule == .provenance, case .value(let value) = violation.observed,
                !violation.evidence.contains(where: { $0.role == .stampOwner }),
                let origin = histories.lazy.compactMap({ StampOrigin(of: value, in: $0, key: key) })
                    .first
            else { continue }
            judgement.violations[index].evidence.insert(
                Evidence(
                    role: .stampOwner, operation: origin.operation, interval: origin.interval,
                    value: value, home: 8 * origin.word,
                    homeFile: origin.file == violation.file ? nil : origin.file),
                at: min(1, violation.evidence.count))
        }
        return judgement
    }
}
