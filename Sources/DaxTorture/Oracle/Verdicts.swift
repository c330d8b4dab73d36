internal import DaxModel

/// Gathers the verdicts of one judgement: counts everything, keeps the earliest violations.
struct Verdicts {
    private let limit: Int
    /// Sorted by time, at most `limit` of them.
    private(set) var violations: [Violation] = []
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
        guard violations.count == limit, let last = violations.last else { return limit > 0 }
        return interval.returned < last.interval.returned
    }

    /// Keeps a violation that was wanted.
    mutating func add(_ violation: Violation) {
        let place =
            violations.firstIndex { violation.interval.returned < $0.interval.returned }
            ?? violations.count
        violations.insert(violation, at: place)
        if violations.count > limit { violations.removeLast() }
    }

    consuming func judgement() -> Judgement {
        var judgement = Judgement()
        judgement.violations = violations
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
    /// The judgement, with the surroundings of each violation.
    func told(_ surroundings: (Violation) -> Surroundings) -> Judgement {
        var judgement = self
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
