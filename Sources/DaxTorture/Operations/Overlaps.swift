import DaxModel
package import DaxSystem

/// Counts overlaps: two operations of different actors on the same page whose intervals intersect.
///
/// An actor has one batch in flight at a time, so a sweep over time holds at most one batch per
/// actor, and the cost is linear in operations.
package struct Overlaps: Sendable {
    /// A pair of roles, as indices into the roles that the counter was made with, lower first.
    package struct Pair: Hashable, Sendable {
        package var a: Int
        package var b: Int

        package init(_ a: Int, _ b: Int) {
            self.a = min(a, b)
            self.b = max(a, b)
        }
    }

    /// Overlaps by the larger of what the two operations faulted in.
    package struct Counts: Hashable, Sendable {
        package private(set) var none: UInt64 = 0
        package private(set) var pte: UInt64 = 0
        package private(set) var pmd: UInt64 = 0

        package init() {}

        package var sum: UInt64 { none + pte + pmd }

        package subscript(size: FaultSize) -> UInt64 {
            switch size {
            case .none: none
            case .pte: pte
            case .pmd: pmd
            }
        }

        mutating func count(_ size: FaultSize) {
            switch size {
            case .none: none += 1
            case .pte: pte += 1
            case .pmd: pmd += 1
            }
        }
    }

    /// How many pairs of operations of two actors overlapped, by their roles.
    package private(set) var counts: [Pair: Counts] = [:]
    /// Overlaps, those of one role included, of which the two actors were in different processes.
    package private(set) var betweenProcesses: UInt64 = 0

    package init() {}

    /// An actor's log of one epoch, with the numbers of its role and its process.
    package typealias RoleLog = (role: Int, process: Int, records: SharedRows<Record>)

    /// Adds one epoch.
    package mutating func add(_ logs: [RoleLog]) {
        var next = [Int](repeating: 0, count: logs.count)
        var last = [Int](repeating: 0, count: logs.count)
        // An operation is compared with those that were invoked before it and may still run: of
        // each other actor, the ones whose return is not yet passed.
        while let actor = earliest(logs, next) {
            let record = logs[actor].records[next[actor]]
            for other in logs.indices where other != actor {
                let records = logs[other].records
                while last[other] < next[other],
                    records[last[other]].interval.returned < record.interval.invoked
                {
                    last[other] += 1
                }
                for index in last[other]..<next[other]
                where records[index].interval.overlaps(record.interval)
                    && records[index].sharesPage(with: record)
                {
                    counts[Pair(logs[actor].role, logs[other].role), default: Counts()]
                        .count(max(records[index].faulted, record.faulted))
                    if logs[actor].process != logs[other].process { betweenProcesses += 1 }
                }
            }
            next[actor] += 1
        }
    }

    private func earliest(_ logs: [RoleLog], _ next: [Int]) -> Int? {
        var best: (actor: Int, at: Timestamp)?
        for actor in logs.indices where next[actor] < logs[actor].records.count {
            let at = logs[actor].records[next[actor]].interval.invoked
            if best == nil || at < best!.at { best = (actor, at) }
        }
        return best?.actor
    }
}

extension Record {
    /// The bytes it may have touched: for a truncate all from the smaller size on.
    package var touched: Range<UInt64> {
        switch kind.traits.reach {
        case .range, .blocks: offset..<offset + length
        case .onward: offset..<UInt64.max
        case .file: 0..<UInt64.max
        }
    }

    func sharesPage(with other: Record) -> Bool {
        if halfSharesPage(with: other) { return true }
        if let half = otherHalf, half.halfSharesPage(with: other) { return true }
        guard let half = other.otherHalf else { return false }
        return halfSharesPage(with: half) || otherHalf?.halfSharesPage(with: half) ?? false
    }

    private func halfSharesPage(with other: Record) -> Bool {
        guard file == other.file, file != Record.noFile else { return false }
        let size = UInt64(Page.bytes)
        let (a, b) = (touched, other.touched)
        guard !a.isEmpty && !b.isEmpty else { return false }
        return a.lowerBound / size <= (b.upperBound - 1) / size
            && b.lowerBound / size <= (a.upperBound - 1) / size
    }
}
