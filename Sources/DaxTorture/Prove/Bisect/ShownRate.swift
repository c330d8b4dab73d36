/// How often a bug showed on a kernel that is known to have it: in `hits` of `runs` runs, written `8/27`.
///
/// The kernel was run until the bug had shown `hits` times, a number that was fixed before, so that the last
/// of the `runs` is one that showed it. ``runsWithout(risk:)`` rests on that.
package struct ShownRate: Hashable, Sendable, LosslessStringConvertible {
    package let hits: Int
    package let runs: Int

    /// At least one hit, and no more hits than runs.
    package init(hits: Int, of runs: Int) {
        precondition(hits > 0 && hits <= runs, "a rate of a bug that did not show")
        (self.hits, self.runs) = (hits, runs)
    }

    package init?(_ text: String) {
        let numbers = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 2, let hits = numbers[0], let runs = numbers[1],
            hits > 0, runs >= hits, runs <= 1_000_000
        else { return nil }
        self.init(hits: hits, of: runs)
    }

    package var description: String { "\(hits)/\(runs)" }

    /// How many runs in a row must not show the bug until a kernel is called good, so that a kernel on which
    /// it shows as often as here is called so with a probability of `risk` at most; `risk` is above 0.
    ///
    /// Fisher's exact test. If that kernel has the bug its runs and those that were counted are one row, in
    /// which every order is as likely as any other: that all the hits fall among the first `runs` of
    /// `runs + n` has the probability (runs over hits) / (runs + n over hits). The rate is not estimated, and
    /// so no margin is needed for an estimate that is wrong: whatever the rate is, it holds.
    package func runsWithout(risk: Double) -> Int {
        precondition(risk > 0, "no number of runs is certain")
        var (count, probability) = (0, 1.0)
        while probability > risk {
            count += 1
            probability *= Double(runs + count - hits) / Double(runs + count)
        }
        return count
    }
}

/// The probability with which a bisection may give a wrong answer, dealt out to its judgements: only one that
/// calls a kernel good can be wrong, and the sum of what all may be wrong with is the whole (Bonferroni).
package struct RiskBudget: Hashable, Sendable {
    private var left: Double

    /// `confidence` is above 0 and below 1.
    package init(confidence: Double) {
        precondition(confidence > 0 && confidence < 1, "no such confidence")
        left = 1 - confidence
    }

    /// Takes the share of one judgement, if so many are still to come, itself included. One share is kept
    /// back for those that nobody could foresee, in a history that branches.
    package mutating func share(of judgements: Int) -> Double {
        let share = left / Double(judgements + 1)
        left -= share
        return share
    }
}
