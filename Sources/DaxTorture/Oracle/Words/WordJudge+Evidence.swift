internal import DaxModel

/// What proves that a word is wrong. Each violation is counted; the evidence is gathered only for those
/// that are kept.
extension WordJudge {
    func interval(_ visit: Visit) -> Interval {
        Interval(Timestamp(ticks: visit.invoked), Timestamp(ticks: visit.returned))
    }

    func evidence(_ role: Evidence.Role, visit index: Int) -> Evidence {
        let visit = visits[index]
        let record = Int(visit.record)
        return Evidence(
            role: role,
            operation: visit.isWrite
                ? history.writes[record].operation : history.reads[record].operation,
            interval: interval(visit),
            value: visit.isWrite
                ? stamp(visit) : history.values[Int(visit.operand &+ word)])
    }

    func evidence(_ place: ZeroIndex.Place) -> Evidence {
        let zeroing = zeros[place]
        return Evidence(
            role: .zeroing, operation: zeroing.operation, interval: zeroing.interval, value: 0,
            words: zeroing.words)
    }

    func writer(_ role: Evidence.Role, of cluster: Int) -> [Evidence] {
        let write = clusters[cluster].write
        return write < 0 ? [] : [evidence(role, visit: Int(write))]
    }

    func value(of cluster: Int) -> UInt64 {
        let write = clusters[cluster].write
        return write < 0 ? initial : stamp(visits[Int(write)])
    }

    func report(
        _ rule: Rule, expected: Expectation, read index: Int, _ others: [Evidence],
        _ verdicts: inout Verdicts
    ) {
        let observer = evidence(.observer, visit: index)
        var distinct = [observer]
        for one in others where !distinct.contains(where: { $0.operation == one.operation }) {
            distinct.append(one)
        }
        verdicts.add(
            Violation(
                rule: rule, file: history.file, offset: 8 * word, expected: expected,
                observed: .value(observer.value ?? 0), evidence: distinct,
                interval: observer.interval))
    }

    // MARK: - The ways to be wrong

    func reportFuture(read index: Int, cluster: Int, _ verdicts: inout Verdicts) {
        guard verdicts.wants(interval(visits[index])) else { return }
        report(
            .future, expected: .values(candidates(for: visits[index]).values), read: index,
            writer(.write, of: cluster), &verdicts)
    }

    func reportLostZeroing(
        _ place: ZeroIndex.Place, cluster: Int, _ verdicts: inout Verdicts
    ) {
        let observer = Int(clusters[cluster].invoking)
        guard verdicts.wants(interval(visits[observer])) else { return }
        var others = [evidence(place)] + writer(.write, of: cluster)
        let returning = clusters[cluster].returning
        if returning >= 0 { others.append(evidence(.witness, visit: Int(returning))) }
        report(
            zeros[place].rule, expected: .values(candidates(for: visits[observer]).values),
            read: observer, others, &verdicts)
    }

    func reportZeroRead(_ index: Int, _ verdicts: inout Verdicts) {
        let read = visits[index]
        guard verdicts.wants(interval(read)) else { return }
        // The stamp that stood in the way: of the zone around the read, or of the last before it.
        var nearest: Int?
        for zone in forward + backward where zone.low < read.invoked {
            if let best = nearest,
                clusters[best].latestInvocation >= clusters[Int(zone.cluster)].latestInvocation
            {
                continue
            }
            nearest = Int(zone.cluster)
        }
        var others: [Evidence] = []
        var expected = candidates(for: read).values.filter { $0 != 0 }
        if let nearest {
            others += writer(.write, of: nearest)
            for witness in [clusters[nearest].returning, clusters[nearest].invoking]
            where witness >= 0 && !visits[Int(witness)].isWrite {
                others.append(evidence(.witness, visit: Int(witness)))
            }
            if expected.isEmpty { expected = [value(of: nearest)] }
        }
        report(.freshness, expected: .values(expected), read: index, others, &verdicts)
    }

    /// A read that the exact search refuses: with it stand the reads shortly before and the
    /// zeroings that are too few.
    func reportGoingBack(_ index: Int, _ verdicts: inout Verdicts) {
        let read = visits[index]
        guard verdicts.wants(interval(read)) else { return }
        let candidates = candidates(for: read)
        let earlier = visits.indices.filter {
            !visits[$0].isWrite && visits[$0].returned < read.invoked
        }
        let others =
            earlier.sorted { visits[$0].returned > visits[$1].returned }.prefix(2)
            .map { evidence(.witness, visit: $0) }
            + candidates.zeroings.suffix(2).map { evidence($0) }
            + candidates.writes.suffix(2).map { evidence(.write, visit: $0) }
        let seen = history.values[Int(read.operand &+ word)]
        report(
            .goingBack, expected: .values(candidates.values.filter { $0 != seen }), read: index,
            others, &verdicts)
    }

    /// A value from nowhere. A stamp made for this very word was here in an earlier epoch: stale.
    /// Any other is foreign; if this history knows who wrote it, and where, that is told.
    func reportUnknown(
        read index: Int, _ value: UInt64, _ candidates: Candidates, _ verdicts: inout Verdicts
    ) {
        guard verdicts.wants(interval(visits[index])) else { return }
        let isOld = key.verify(Stamp(rawValue: value), file: history.file, word: word)
        var others = candidates.writes.suffix(3).map { evidence(.write, visit: $0) }
        others += candidates.zeroings.suffix(1).map { evidence($0) }
        if !isOld, let origin = StampOrigin(of: value, in: history, key: key) {
            others.insert(
                Evidence(
                    role: .stampOwner, operation: origin.operation, interval: origin.interval,
                    value: value, home: 8 * origin.word), at: 0)
        }
        report(
            isOld ? .freshness : .provenance, expected: .values(candidates.values), read: index,
            others, &verdicts)
    }
}
