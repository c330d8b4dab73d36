package import DaxModel

/// Rule R11 on a frozen filesystem: from the return of a freeze to the invocation of the thaw nothing
/// of it changes, neither by calls nor by stores through shared mappings.
///
/// A freeze stops writers (SB_FREEZE_WRITE), then page faults that may write (SB_FREEZE_PAGEFAULT),
/// and then writes everything back (sync_filesystem), which write-protects every mapping of what is
/// dirty. What may be written without a fault is dirty; so that a store has to fault, and to wait in
/// sb_start_pagefault until the thaw. That holds where the kernel knows that an inode has dirty pages.
/// The second half of a fault through MAP_SYNC does not tell it (dax_insert_pfn_mkwrite): nothing is
/// asked where files are mapped so.
package struct Freezes: Sendable {
    /// The freezes that succeeded, whether they lasted or not; they name no page.
    private var freezes: [PageOperation] = []
    private var thaws: [Interval] = []
    /// Operations that changed something, all of it within their intervals.
    private var changes: [PageOperation] = []

    private struct PageOperation {
        var operation: Operation
        var interval: Interval
        var page: PageNumber
    }

    /// A stretch in which the filesystem was frozen for sure: what froze it, the interval of that,
    /// and when the first thaw after it was invoked.
    private struct Stretch {
        var freeze: Operation
        var frozen: Interval
        var thawed: Timestamp
    }

    /// What changed while nothing could.
    package struct Change: Hashable, Sendable {
        package var operation: Operation
        package var interval: Interval
        /// The first page that the operation changed.
        package var page: PageNumber
        package var freeze: Operation
        package var frozen: Interval
        /// When the first thaw was invoked.
        package var thawed: Timestamp
    }

    /// What a set of freezes was seen to do.
    package struct Findings: Sendable {
        /// Freezes that lasted.
        package var freezes = 0
        /// Changes that began while the filesystem was frozen, and did not end before the thaw:
        /// those that had to wait.
        package var waited = 0
        package var changes: [Change] = []
    }

    package init() {}

    package mutating func freeze(_ operation: Operation, over interval: Interval) {
        freezes.append(PageOperation(operation: operation, interval: interval, page: .first))
    }

    /// Adds a thaw, whether it did anything or not.
    package mutating func thaw(over interval: Interval) { thaws.append(interval) }

    /// Adds a store through a shared mapping, or a call, that changed something from `page` on;
    /// with its interval cut down to what it changed, if it did more.
    package mutating func change(_ operation: Operation, page: PageNumber, over interval: Interval)
    {
        changes.append(PageOperation(operation: operation, interval: interval, page: page))
    }

    package func judge() -> Findings {
        var findings = Findings()
        let all = stretches()
        findings.freezes = all.count
        guard !all.isEmpty else { return findings }
        for change in changes {
            // They do not overlap, since nothing that is frozen can be frozen.
            guard
                let stretch = all.last(where: { $0.frozen.returned < change.interval.invoked }),
                change.interval.invoked < stretch.thawed
            else { continue }
            guard change.interval.returned < stretch.thawed else {
                findings.waited += 1
                continue
            }
            findings.changes.append(
                Change(
                    operation: change.operation, interval: change.interval, page: change.page,
                    freeze: stretch.freeze, frozen: stretch.frozen, thawed: stretch.thawed))
        }
        findings.changes.sort { $0.interval.returned < $1.interval.returned }
        return findings
    }

    /// The stretches in which the filesystem was frozen for sure, in order. A freeze without a thaw
    /// is left out.
    private func stretches() -> [Stretch] {
        freezes.compactMap { freeze in
            let thawed = thaws.filter { $0.returned >= freeze.interval.invoked }
                .map(\.invoked).min()
            guard let thawed, freeze.interval.returned < thawed else { return nil }
            return Stretch(freeze: freeze.operation, frozen: freeze.interval, thawed: thawed)
        }.sorted { $0.frozen.returned < $1.frozen.returned }
    }
}
