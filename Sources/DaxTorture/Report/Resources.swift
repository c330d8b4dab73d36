package import DaxModel
internal import DaxText

/// What a filesystem that the run made had free, before the run's files and after them (R9).
package struct SpaceFacts: Hashable, Sendable {
    /// Bytes free when it was new.
    package var baseline: UInt64
    /// Bytes free when everything in it was removed, and it was mounted anew.
    package var after: UInt64

    /// How far apart they may be. What a filesystem keeps for itself differs by a few blocks: a
    /// directory that grew, btrees, free lists. A leak counts from one small extent on.
    package static let tolerance: UInt64 = 256 << 10

    package init(baseline: UInt64, after: UInt64) {
        self.baseline = baseline
        self.after = after
    }

    /// What R9 says of it: blocks that were freed did not come back, or are free twice.
    package var violation: Finding? {
        let difference = after > baseline ? after - baseline : baseline - after
        if difference <= SpaceFacts.tolerance { return nil }
        return Finding(
            rule: .bystanders, file: "", offset: 0,
            expected: "\(baseline) bytes free, give or take \(SpaceFacts.tolerance)",
            observed: "\(after) bytes free",
            story: "with every file removed \(after.grouped) bytes are free, but "
                + "\(baseline.grouped) were when the filesystem was new: \(difference.grouped) "
                + (after < baseline ? "are lost" : "too many"),
            signature: Signature(
                rule: .bystanders, seen: "too \(after < baseline ? "little" : "much") free space"))
    }
}

/// What the books of a run took, beside what was granted (`oracle.memory`).
package struct MemoryFacts: Hashable, Sendable {
    package var budget: UInt64
    /// What the actors' logs have reserved, all together, full or not.
    package var logs: UInt64
    /// The most that the history of one epoch of one file took, and judging it.
    package var judgePeak: UInt64

    package init(budget: UInt64 = 0, logs: UInt64 = 0, judgePeak: UInt64 = 0) {
        self.budget = budget
        self.logs = logs
        self.judgePeak = judgePeak
    }
}
