public import DaxModel

/// Judges histories: for each word, and for the size, whether some order of the operations
/// respects real time and explains every result.
public struct Oracle: Sendable {
    public let key: StampKey
    /// How many violations of a judgement are kept; the rest are counted.
    public let limit: Int

    public init(key: StampKey, limit: Int = 64) {
        self.key = key
        self.limit = limit
    }

    /// The verdict on `history`, which must be complete: everything of the epoch is in it.
    public func judge(_ history: History) -> Judgement {
        var verdicts = Verdicts(limit: limit)
        SizeJudge.judge(history, into: &verdicts)
        WordSweep.judge(history, key: key, into: &verdicts)
        return verdicts.judgement().told { SurroundingsSearch.run($0, in: history, key: key) }
    }
}
