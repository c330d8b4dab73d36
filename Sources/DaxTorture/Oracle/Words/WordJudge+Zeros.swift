internal import DaxModel

// Zeros are not unique: which of several zeroings a read saw, nobody can tell. What can be told
// is worked out here in three steps, each sound by itself.
//
// 1. One read alone. The forward zones leave gaps; in one of them the read must have seen a zero
//    that was made in the same gap, with no backward zone wholly between the two.
// 2. All reads together, by hand: each run of zeros gets a zeroing of its own. If that works out,
//    there is a legal order.
// 3. If it does not, an exact search has the last word.

extension WordJudge {
    /// A way to explain a zero read: made by `source` (nil: zero before the epoch) at `made`,
    /// seen at `seen`, in gap `gap`.
    private struct Run {
        var source: ZeroIndex.Place?
        var made: UInt64
        var seen: UInt64
        var gap: Int
    }

    mutating func judgeZeroReads(_ verdicts: inout Verdicts) {
        var refused: Set<Int32> = []
        for place in zeroReads.indices {
            let read = Int(zeroReads[place])
            guard !isExplained(visits[read]) else { continue }
            reportZeroRead(read, &verdicts)
            refused.insert(zeroReads[place])
        }
        if !refused.isEmpty { zeroReads.removeAll { refused.contains($0) } }
        guard zeroReads.count > 1, !(forward.isEmpty && backward.isEmpty) else { return }
        // One that recurs gives each run of zeros another source.
        if zeros.recurring > 0 { return count(\.oneSided, &verdicts) }
        if explainTogether() { return }
        search(without: refused, &verdicts)
    }

    /// The part of a read that lies in one gap, and the instant up to which stamps forbid to look
    /// back from there for a zero.
    private struct Part {
        var gap: Int
        var earliest: UInt64
        var latest: UInt64
        var hindrance: UInt64
    }

    /// The part of `read` in gap `gap`; nil if it ended before. The first gap that it touches is
    /// `gap(at: read.invoked)`.
    private func part(of read: Visit, in gap: Int) -> Part? {
        guard gap <= forward.count else { return nil }
        let begins = gap == 0 ? 0 : forward[gap - 1].high
        guard begins <= read.returned else { return nil }
        let ends = gap == forward.count ? UInt64.max : forward[gap].low
        let earliest = max(read.invoked, begins)
        return Part(
            gap: gap, earliest: earliest, latest: min(read.returned, ends),
            hindrance: max(begins, lastBackward(before: earliest)))
    }

    /// Whether the word may still have been zero from before the epoch.
    private func wasZeroBefore(_ part: Part) -> Bool { part.hindrance == 0 && initial == 0 }

    private func isExplained(_ read: Visit) -> Bool {
        var gap = gap(at: read.invoked)
        while let part = part(of: read, in: gap) {
            if wasZeroBefore(part)
                || zeros.lastSource(latestStart: part.latest, earliestEnd: part.hindrance) != nil
            {
                return true
            }
            gap += 1
        }
        return false
    }

    /// The latest way to explain a zero read, if there is one. After an earlier run of zeros, it
    /// has to take a later zeroing, and begin where that run ended.
    private func explain(_ read: Visit, after last: Run?) -> Run? {
        var found: Run?
        var gap = gap(at: read.invoked)
        while let part = part(of: read, in: gap) {
            if last == nil && wasZeroBefore(part) {
                found = Run(source: nil, made: 0, seen: part.earliest, gap: gap)
            } else if let place = zeros.firstSource(
                from: (last?.source ?? -1) + 1, latestStart: part.latest,
                earliestEnd: max(part.hindrance, last?.seen ?? 0))
            {
                let made = min(zeros[place].interval.returned.ticks, part.latest)
                found = Run(
                    source: place, made: made, seen: max(made, part.earliest), gap: gap)
            }
            gap += 1
        }
        return found
    }

    /// The latest instant up to which some backward zone that ends before `instant` forbids to
    /// look back: the highest of the low ends.
    private func lastBackward(before instant: UInt64) -> UInt64 {
        var low = 0
        var high = backward.count
        while low < high {
            let middle = (low + high) / 2
            if backward[middle].high < instant { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? 0 : backward[low - 1].highestLow
    }

    /// Whether the reads can be told apart into runs of zeros, each with a zeroing of its own.
    private func explainTogether() -> Bool {
        var sorted: ContiguousArray<(returned: UInt64, read: Int32)> = []
        for place in zeroReads.indices {
            let read = zeroReads[place]
            sorted.append((visits[Int(read)].returned, read))
        }
        sorted.sort { $0.returned < $1.returned }
        var run: Run?
        for place in sorted.indices {
            let read = visits[Int(sorted[place].read)]
            if var same = run {
                if read.invoked <= same.seen { continue }
                let ends = same.gap == forward.count ? UInt64.max : forward[same.gap].low
                if read.invoked <= ends && lastBackward(before: read.invoked) <= same.made {
                    same.seen = read.invoked
                    run = same
                    continue
                }
            }
            guard let another = explain(read, after: run) else { return false }
            run = another
        }
        return true
    }

    /// Counts the zero reads of the word in hand under one heading.
    private func count(
        _ heading: WritableKeyPath<Decided.Words, Int>, _ verdicts: inout Verdicts
    ) {
        for read in zeroReads {
            verdicts.decided.add(1, heading, isAudit: visits[Int(read)].isAudit)
        }
    }

    /// Asks the exact search. Values are named by cluster, zero stays zero.
    private mutating func search(without left: Set<Int32>, _ verdicts: inout Verdicts) {
        var steps: [RegisterSearch.Step] = []
        for index in visits.indices where !left.contains(Int32(index)) {
            let visit = visits[index]
            let cluster = clusterOf[index]
            guard cluster != WordJudge.sawUnknown else { continue }
            let value = UInt64(cluster + 1)
            steps.append(
                RegisterSearch.Step(
                    invoked: visit.invoked, returned: visit.returned,
                    action: visit.isWrite ? .set(value) : .observe(value, value),
                    optional: visit.isPossible, tag: index))
        }
        for place in zeros.livePlaces {
            let zeroing = zeros[place]
            steps.append(
                RegisterSearch.Step(
                    invoked: zeroing.interval.invoked.ticks,
                    returned: zeroing.interval.returned.ticks, action: .set(0),
                    optional: zeroing.certainty == .possible, tag: -1))
        }
        let answer = RegisterSearch.run(
            initial: initial == 0 ? 0 : 1, steps: steps,
            mostTried: min(triesLeft, RegisterSearch.mostTried))
        triesLeft -= answer.tried
        if !answer.complete {
            verdicts.wordsUndecided += 1
            count(\.undecided, &verdicts)
        }
        for read in answer.illegal { reportGoingBack(read, &verdicts) }
    }
}
