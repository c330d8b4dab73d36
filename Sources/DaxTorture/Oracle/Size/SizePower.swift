internal import DaxModel

/// Whether a SIGBUS would have been refused where an access succeeded, and a success where one ended
/// in SIGBUS: of each sort one is tried in each history, the whole of which is judged once more.
enum SizePower {
    /// `history` was found legal.
    static func measure(_ history: History, _ verdicts: inout Verdicts) {
        if let index = pick(history.reads.indices, where: { isAccess(history.reads[$0]) }) {
            verdicts.power.sigbusForSuccess.add(isRefused(history.faulting(atRead: index)))
        }
        let observations = history.sizeObservations
        if let index = pick(
            observations.indices,
            where: {
                observations[$0].sort == .access(.sigbus)
                    && observations[$0].operation.actor != .harness
            })
        {
            verdicts.power.successForSigbus.add(isRefused(history.succeeding(at: index)))
        }
    }

    /// An actor's through a mapping, within one page.
    private static func isAccess(_ read: Read) -> Bool {
        read.mapped && read.count > 0 && read.operation.actor != .harness
            && read.first / UInt64(History.pageWords)
                == (read.words.upperBound - 1) / UInt64(History.pageWords)
    }

    private static func isRefused(_ history: History) -> Bool {
        var verdicts = Verdicts(limit: 0)
        SizeJudge.judge(history, into: &verdicts)
        return verdicts.count > 0
    }

    /// One of those that are meant, by the number that there are, so that it is the same each time.
    private static func pick(_ indices: Range<Int>, where isMeant: (Int) -> Bool) -> Int? {
        guard !indices.isEmpty else { return nil }
        let start = Int(Random.mix(UInt64(indices.count)) % UInt64(indices.count))
        return (start..<indices.upperBound).first(where: isMeant)
            ?? (indices.lowerBound..<start).first(where: isMeant)
    }
}
