/// The clusters of a word, their zones, and what is wrong with them: R2, R3 or R4, and R3 or R7 where a
/// zeroing was lost.
extension WordJudge {
    mutating func judgeClusters(_ verdicts: inout Verdicts) {
        gather(&verdicts)
        makeZones()
        let before = verdicts.count
        judgeForwardZones(&verdicts)
        judgeBackwardZones(&verdicts)
        judgeLostZeroings(&verdicts)
        // Zeros are judged by the gaps between the stamps' zones, so these must be in order.
        if verdicts.count == before && !zeroReads.isEmpty { judgeZeroReads(&verdicts) }
    }

    /// Gathers the clusters; a read that ended before its write began is R2, and left out.
    private mutating func gather(_ verdicts: inout Verdicts) {
        clusters.removeAll(keepingCapacity: true)
        zeroReads.removeAll(keepingCapacity: true)
        clusters.append(.before)
        for index in visits.indices where visits[index].isWrite {
            let visit = visits[index]
            clusters.append(
                Cluster(
                    writeInvoked: visit.invoked, writeReturned: visit.returned,
                    earliestReturn: visit.returned, latestInvocation: visit.invoked,
                    returning: Int32(index), invoking: Int32(index), write: Int32(index)))
        }
        for index in visits.indices where !visits[index].isWrite {
            let place = Int(clusterOf[index])
            if place < 0 {
                if clusterOf[index] == WordJudge.sawZero { zeroReads.append(Int32(index)) }
                continue
            }
            let visit = visits[index]
            if visit.returned < clusters[place].writeInvoked {
                reportFuture(read: index, cluster: place, &verdicts)
                continue
            }
            clusters[place].reads += 1
            if visit.returned < clusters[place].earliestReturn {
                clusters[place].earliestReturn = visit.returned
                clusters[place].returning = Int32(index)
            }
            if visit.invoked > clusters[place].latestInvocation {
                clusters[place].latestInvocation = visit.invoked
                clusters[place].invoking = Int32(index)
            }
        }
    }

    private mutating func makeZones() {
        forward.removeAll(keepingCapacity: true)
        backward.removeAll(keepingCapacity: true)
        for index in clusters.indices {
            let cluster = clusters[index]
            if cluster.reads == 0 {
                // Nobody saw it: the state before the epoch is no hindrance, nor is a write that
                // need not have taken place.
                if index == 0 || visits[Int(cluster.write)].isPossible { continue }
            }
            if cluster.earliestReturn < cluster.latestInvocation {
                forward.append(
                    Zone(
                        low: cluster.earliestReturn, high: cluster.latestInvocation,
                        cluster: Int32(index)))
            } else {
                backward.append(
                    Zone(
                        low: cluster.latestInvocation, high: cluster.earliestReturn,
                        cluster: Int32(index)))
            }
        }
        if forward.count > 1 { forward.sort { $0.low < $1.low } }
        if backward.count > 1 { backward.sort { $0.high < $1.high } }
        var highest: UInt64 = 0
        for index in backward.indices {
            highest = max(highest, backward[index].low)
            backward[index].highestLow = highest
        }
    }

    private func judgeForwardZones(_ verdicts: inout Verdicts) {
        guard var last = forward.first else { return }
        for index in 1..<forward.count {
            let zone = forward[index]
            if zone.low < last.high {
                reportConflict(Int(last.cluster), Int(zone.cluster), &verdicts)
            }
            if zone.high > last.high { last = zone }
        }
    }

    private func judgeBackwardZones(_ verdicts: inout Verdicts) {
        guard !forward.isEmpty else { return }
        for zone in backward {
            let after = gap(at: zone.low)
            if after > 0 && forward[after - 1].high > zone.high {
                reportConflict(Int(forward[after - 1].cluster), Int(zone.cluster), &verdicts)
            }
        }
    }

    private func judgeLostZeroings(_ verdicts: inout Verdicts) {
        guard zeros.live > 0 else { return }
        for zone in forward {
            if let place = zeros.definite(after: zone.low, before: zone.high) {
                reportLostZeroing(place, cluster: Int(zone.cluster), &verdicts)
            }
        }
    }

    /// How many forward zones begin strictly before `instant`: the gap in which it lies, or, if
    /// it lies within a zone, the one after.
    func gap(at instant: UInt64) -> Int {
        var low = 0
        var high = forward.count
        while low < high {
            let middle = (low + high) / 2
            if forward[middle].low < instant { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
