package import DaxModel
import DaxOperations

/// When, within one epoch, the filesystem may have had no space left.
///
/// Two bounds together. What files can hold is limited, so that free space never falls below a
/// floor: what was free at its least less all that the files could still grow by. And an allocation
/// that finds nothing free has the filesystem commit what was freed and tries again: to fail it
/// takes others that ask for the whole of that floor while it is under way.
///
/// Both filesystems do so. ext4 retries faults, writes and fallocate (ext4_should_retry_alloc, which
/// forces a commit), but not the metadata of a call that gives blocks back; there, what was freed
/// since the last commit may be all that there was. XFS gives freed space back at once, and waits for
/// busy extents (xfs_extent_busy_flush).
package struct SpaceOutlook: Sendable {
    /// Operations by an instant, with what they and all before them asked for, in bytes.
    private struct Sums: Sendable {
        var instants: [UInt64] = []
        var sums: [UInt64] = []

        init(_ asked: [(at: UInt64, bytes: UInt64)]) {
            var sum: UInt64 = 0
            for one in asked.sorted(by: { $0.at < $1.at }) {
                sum += one.bytes
                instants.append(one.at)
                sums.append(sum)
            }
        }

        /// Bytes that the operations asked for whose instant is `limit` or before.
        func sum(upTo limit: UInt64) -> UInt64 {
            var (low, high) = (0, instants.count)
            while low < high {
                let middle = (low + high) / 2
                if instants[middle] <= limit { low = middle + 1 } else { high = middle }
            }
            return low == 0 ? 0 : sums[low - 1]
        }
    }

    /// Free space at its least, in bytes; 0 where nothing is known of it.
    private let floor: UInt64
    /// The intervals in which a filler had all free space on purpose: from before it took that to
    /// after it had come back.
    private var full: [Interval] = []
    private var invoked = Sums([])
    private var returned = Sums([])
    private let slack: UInt64
    /// What was asked for since the last commit that is known of; nil where freed blocks come back
    /// at once.
    private var pending: UInt64?

    /// Space may have run out at any instant (`free` is 0), or at none (`free` is `UInt64.max`).
    package init(free: UInt64) {
        floor = free
        slack = 0
    }

    /// The outlook on the epoch of `actorLogs`, in which at least `floor` bytes stayed free but for
    /// what a filler took.
    ///
    /// - Parameters:
    ///   - askedBefore: what the run's earlier epochs asked for, in bytes.
    ///   - givesBackLate: freed blocks come back with the next commit only (ext4).
    package init(
        of actorLogs: [ActorLog], floor: UInt64, askedBefore: UInt64, givesBackLate: Bool,
        slack: UInt64
    ) {
        self.floor = floor
        self.slack = slack
        var (begins, ends): ([(at: UInt64, bytes: UInt64)], [(at: UInt64, bytes: UInt64)]) = (
            [], []
        )
        for actorLog in actorLogs {
            full += SpaceOutlook.fills(actorLog)
            for record in actorLog.log.records where record.asksForSpace {
                let bytes = record.spaceAskedFor(givesBackLate ? UInt64(Page.bytes) : extent)
                begins.append((record.interval.invoked.ticks, bytes))
                ends.append((record.interval.returned.ticks, bytes))
            }
        }
        invoked = Sums(begins)
        returned = Sums(ends)
        asked = askedBefore &+ (invoked.sums.last ?? 0)
        pending = givesBackLate ? asked : nil
    }

    /// What the run has asked for up to the epoch's end, in bytes.
    package private(set) var asked: UInt64 = 0

    /// Whether there may have been no space at some instant of an operation. One that is not
    /// `retried` fails where freed blocks have not come back yet.
    package func mayRunOut(over interval: Interval, retried: Bool) -> Bool {
        let interval = interval.widened(by: slack)
        if full.contains(where: { $0.overlaps(interval) }) { return true }
        let begun = invoked.sum(upTo: interval.returned.ticks)
        let over =
            interval.invoked.ticks == 0 ? 0 : returned.sum(upTo: interval.invoked.ticks - 1)
        if floor <= begun - over { return true }
        guard let pending, !retried else { return false }
        return floor <= pending || !full.isEmpty
    }

    /// What XFS is told to allocate at least (extszinherit).
    private var extent: UInt64 { UInt64(Page.pmdBytes) }

    /// The intervals from each filling to the first syncfs after the draining, which commits what
    /// came back.
    private static func fills(_ actorLog: ActorLog) -> [Interval] {
        var (fills, begin, isDrained): ([Interval], Timestamp?, Bool) = ([], nil, false)
        for record in actorLog.log.records {
            switch record.kind.traits.space {
            case .fill:
                if begin == nil { (begin, isDrained) = (record.interval.invoked, false) }
            case .drain:
                if record.outcome == .done { isDrained = true }
            case .commit:
                guard isDrained && record.outcome == .done else { continue }
                if let from = begin { fills.append(Interval(from, record.interval.returned)) }
                begin = nil
            case .none, .asks, .retries: break
            }
        }
        if let begin { fills.append(Interval(begin, Timestamp(ticks: .max))) }
        return fills
    }
}

extension Record {
    /// Whether blocks may be allocated for the operation.
    fileprivate var asksForSpace: Bool {
        switch kind.traits.space {
        case .asks, .retries: true
        case .none, .fill, .drain, .commit: false
        }
    }

    /// The most bytes that may be allocated for the operation, where the filesystem allocates whole
    /// extents of `extent` bytes.
    fileprivate func spaceAskedFor(_ extent: UInt64) -> UInt64 {
        length + 2 * (faulted == .pmd ? UInt64(Page.pmdBytes) : extent)
    }
}
