package import DaxModel

/// Judges histories: for each word, and for the size, whether some order of the operations
/// respects real time and explains every result.
package struct Oracle: Sendable {
    package let key: StampKey
    /// How many violations of a judgement are kept in full.
    package let limit: Int
    /// How many are kept at all; the rest are counted.
    private let mostKept: Int

    package init(key: StampKey, limit: Int = 64, keeping mostKept: Int = 8192) {
        self.key = key
        self.limit = limit
        self.mostKept = max(limit, mostKept)
    }

    /// The verdict on `history`, which must be complete: everything of the epoch is in it, and no
    /// other file gave it words.
    package func judge(_ history: History) -> Judgement { judge([history])[0] }

    /// The verdict on each of `histories`: one epoch of all files that gave each other words, each
    /// complete.
    package func judge(_ histories: [History]) -> [Judgement] {
        let hasCopies = histories.contains { !$0.copies.isEmpty }
        let provenance = hasCopies ? Provenance(histories, key) : nil
        return histories.map { history in
            var verdicts = Verdicts(limit: mostKept)
            PrivateCopies.judge(history, key: key, into: &verdicts)
            let found = verdicts.count
            SizeJudge.judge(history, into: &verdicts)
            if verdicts.count == found { SizePower.measure(history, &verdicts) }
            WordSweep.judge(history, key: key, provenance, into: &verdicts)
            return verdicts.judgement().traced(in: histories, key: key).told(limit) {
                SurroundingsSearch.run($0, in: history, key: key)
            }
        }
    }
}
