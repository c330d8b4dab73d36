internal import DaxModel

// Wrong values in place of what racing reads found, to see which of them would have been refused.

extension WordJudge {
    /// Tries one racing read in `Power.interval` of the word in hand, which was found legal, and which
    /// `racing` of them visited.
    mutating func measurePower(racing: Int, _ verdicts: inout Verdicts) {
        let place = untried
        untried -= racing
        guard untried <= 0 else { return }
        while untried <= 0 { untried += Power.interval }
        guard visits.count <= Power.mostVisits else { return }
        var left = place
        for index in visits.indices where !visits[index].isWrite && !visits[index].isAudit {
            left -= 1
            if left <= 0 { return exchange(index, &verdicts) }
        }
    }

    private mutating func exchange(_ index: Int, _ verdicts: inout Verdicts) {
        let cluster = clusterOf[index]
        guard cluster != WordJudge.sawUnknown else { return }
        guard cluster != WordJudge.sawZero else {
            if let stamp = lastStamp(where: { $0.returned < visits[index].invoked }) {
                verdicts.power.stampForZero.add(isRefused(stamp, for: index))
            }
            return
        }
        // Of the value from before the epoch nothing is known to have come before.
        let seen = visits.indices.filter { visits[$0].isWrite && clusterOf[$0] == cluster }.first
        let before = seen.flatMap { write in
            lastStamp { $0.invoked < visits[write].invoked }
        }
        verdicts.power.zeroForStamp.add(isRefused(0, for: index))
        if let before { verdicts.power.stampBefore.add(isRefused(before, for: index)) }
    }

    /// What the write that was invoked last among some put into the word; the value from before the
    /// epoch if there is no such write; nil if that was zero.
    private func lastStamp(where isMeant: (Visit) -> Bool) -> UInt64? {
        let last = visits.filter { $0.isWrite && isMeant($0) }.max { $0.invoked < $1.invoked }
        return last.map { stamp($0) } ?? (initial == 0 ? nil : initial)
    }

    /// Whether the word would have been a violation, had this read found `value`.
    private mutating func isRefused(_ value: UInt64, for index: Int) -> Bool {
        (exchanged, exchangedValue) = (index, value)
        defer { exchanged = -1 }
        var verdicts = Verdicts(limit: 0)
        let (_, unknown) = match()
        if unknown { judgeUnknown(&verdicts) }
        judgeClusters(&verdicts)
        // The clusters are those of what was really found again.
        exchanged = -1
        _ = match()
        return verdicts.count > 0
    }
}
