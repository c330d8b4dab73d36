internal import DaxModel

/// Which rule two stamps break that a word cannot have held in any order: R3 or R4.
extension WordJudge {
    /// Two clusters of which neither can come first: stale data if one read began after the other
    /// write was over, a step back in time else.
    func reportConflict(_ a: Int, _ b: Int, _ verdicts: inout Verdicts) {
        if isStale(a, after: b) { return reportStale(a, after: b, &verdicts) }
        if isStale(b, after: a) { return reportStale(b, after: a, &verdicts) }
        let later = clusters[a].latestInvocation > clusters[b].latestInvocation
        let (last, other) = later || clusters[b].reads == 0 ? (a, b) : (b, a)
        let observer = Int(clusters[last].invoking)
        guard verdicts.wants(interval(visits[observer])) else { return }
        var others = writer(.write, of: last) + writer(.overwrite, of: other)
        for index in [
            clusters[other].returning, clusters[other].invoking, clusters[last].returning,
        ] where index >= 0 && !visits[Int(index)].isWrite {
            others.append(evidence(.witness, visit: Int(index)))
        }
        report(
            .goingBack, expected: .values([value(of: other)]), read: observer, others, &verdicts)
    }

    /// Whether a read of cluster `a` began after the write of cluster `b`, which came later, was over (R3).
    private func isStale(_ a: Int, after b: Int) -> Bool {
        clusters[a].reads > 0 && clusters[a].writeReturned < clusters[b].writeInvoked
            && clusters[b].writeReturned < clusters[a].latestInvocation
    }

    private func reportStale(_ stale: Int, after fresh: Int, _ verdicts: inout Verdicts) {
        let observer = Int(clusters[stale].invoking)
        guard verdicts.wants(interval(visits[observer])) else { return }
        report(
            .freshness, expected: .values(candidates(for: visits[observer]).values),
            read: observer, writer(.overwrite, of: fresh) + writer(.write, of: stale), &verdicts)
    }
}
