internal import DaxModel

extension WordJudge {
    /// What may have been in the word during an interval: of the effects invoked by its end,
    /// those that no definite effect followed wholly before it began.
    struct Candidates {
        var values: [UInt64] = []
        /// The visits of the writes, and the zeroings, behind them.
        var writes: [Int] = []
        var zeroings: [ZeroIndex.Place] = []
        var isTorn = false
    }

    func candidates(for read: Visit) -> Candidates {
        let live = zeros.livePlaces.map { ($0, zeros[$0]) }
        var followed: UInt64 = 0
        for visit in visits where visit.isWrite && !visit.isPossible {
            if visit.returned < read.invoked { followed = max(followed, visit.invoked) }
        }
        for (_, zeroing) in live where zeroing.certainty == .definite {
            if zeroing.interval.returned.ticks < read.invoked {
                followed = max(followed, zeroing.interval.invoked.ticks)
            }
        }
        var candidates = Candidates()
        if followed == 0 { candidates.values.append(initial) }
        for index in visits.indices where visits[index].isWrite {
            let visit = visits[index]
            guard visit.invoked <= read.returned && visit.returned >= followed else { continue }
            candidates.values.append(stamp(visit))
            candidates.writes.append(index)
            candidates.isTorn = candidates.isTorn || visit.isTorn
        }
        for (place, zeroing) in live {
            let interval = zeroing.interval
            guard
                interval.invoked.ticks <= read.returned && interval.returned.ticks >= followed
            else { continue }
            candidates.zeroings.append(place)
            candidates.isTorn = candidates.isTorn || zeroing.torn
        }
        if !candidates.zeroings.isEmpty && !candidates.values.contains(0) {
            candidates.values.append(0)
        }
        return candidates
    }

    /// What a write put into the word in hand.
    func stamp(_ write: Visit) -> UInt64 {
        let head = Stamp(rawValue: write.operand)
        return key.stamp(
            actor: head.actor, sequence: head.sequence, file: history.file, word: word
        ).rawValue
    }

    /// Judges the reads that saw neither zero nor what anyone wrote: R1, unless it is a mix.
    ///
    /// Where bytes arrive or are read one by one, each byte is a register of its own. Of such a
    /// read no more is asked than that each byte comes from a candidate.
    mutating func judgeUnknown(_ verdicts: inout Verdicts) {
        for index in visits.indices where clusterOf[index] == WordJudge.sawUnknown {
            let read = visits[index]
            guard !read.isWrite else { continue }
            let value = found(by: index)
            let candidates = candidates(for: read)
            if (read.isTorn || candidates.isTorn) && WordJudge.isMix(value, of: candidates.values) {
                verdicts.tornReads += 1
                verdicts.decided.add(1, \.torn, isAudit: read.isAudit)
            } else {
                reportUnknown(read: index, value, candidates, &verdicts)
            }
        }
    }

    /// Whether each byte of `value` is that byte of one of `values`.
    static func isMix(_ value: UInt64, of values: [UInt64]) -> Bool {
        var mask: UInt64 = 0xff
        while mask != 0 {
            guard values.contains(where: { ($0 ^ value) & mask == 0 }) else { return false }
            mask <<= 8
        }
        return true
    }
}
