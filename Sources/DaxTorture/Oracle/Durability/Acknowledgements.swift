package import DaxModel

/// Since when what a page holds must be durable: what R14 asks of fsync(2) and msync(2).
///
/// A sync that succeeded has made durable what its pages held when it was invoked. By the demand `settled`
/// that is asked only where nothing else may have kept it from a page that was stored to (docs/oracle.md,
/// "R14"): nobody touched its huge page through a mapping while the sync lasted, nobody else was writing
/// back, and nothing but stores changed the huge page between the first of these stores and the sync's
/// return. A page that nobody has stored to through a mapping since it was durable last needs no writeback,
/// and is asked of every sync.
package struct Acknowledgements: Sendable {
    /// Pages of syncs for which it was decided whether to ask, once for each sync.
    package struct Asked: Hashable, Sendable {
        package var candidates = 0
        package var asked = 0
        /// Somebody touched the huge page while the sync lasted.
        package var touched = 0
        /// Somebody else was writing back.
        package var beside = 0
        /// Something else than stores changed the huge page.
        package var changed = 0

        package init() {}

        package static func += (sum: inout Asked, other: Asked) {
            sum.candidates += other.candidates
            sum.asked += other.asked
            sum.touched += other.touched
            sum.beside += other.beside
            sum.changed += other.changed
        }
    }

    /// A sync that is asked of a page.
    package struct Sync: Sendable {
        package var operation: Operation
        package var interval: Interval
    }

    package private(set) var asked = Asked()
    private let begin: Timestamp
    /// For each page the syncs that are asked of it, each with when it returned, in the order of that; of
    /// those so far it is the one that was invoked last.
    private var byPage: [[(returned: Timestamp, latest: Sync)]]
    /// The same of the file's size, for which every sync of the file is asked.
    private var bySize: [(returned: Timestamp, latest: Sync)] = []

    /// Of a file of `pages` pages, all of which was durable at `begin`.
    package init(
        _ durability: Durability, begin: Timestamp, pages: Int, _ demand: Durability.Demand
    ) {
        self.begin = begin
        byPage = Array(repeating: [], count: pages)
        let syncs = durability.syncs.sorted { $0.interval.invoked < $1.interval.invoked }
        let gates = Gates(durability, demand)
        for page in 0..<pages {
            let number = PageNumber(rawValue: UInt64(page))
            var since = begin
            var valid: [Sync] = []
            for sync in syncs where sync.pages.contains(number) {
                asked.candidates += 1
                switch gates.reason(number, since: since, sync.interval) {
                case .touched: asked.touched += 1
                case .beside: asked.beside += 1
                case .changed: asked.changed += 1
                case nil:
                    asked.asked += 1
                    since = max(since, sync.interval.invoked)
                    valid.append(Sync(operation: sync.operation, interval: sync.interval))
                }
            }
            byPage[page] = Acknowledgements.ordered(valid)
        }
        bySize = Acknowledgements.ordered(
            syncs.map { Sync(operation: $0.operation, interval: $0.interval) })
    }

    /// Since when a page's words must be durable at an instant.
    package func since(page: Int, at instant: Timestamp) -> Timestamp {
        max(begin, sync(ofPage: page, before: instant)?.interval.invoked ?? begin)
    }

    /// The same of the file's size.
    package func sinceSize(at instant: Timestamp) -> Timestamp {
        max(begin, latest(bySize, before: instant)?.interval.invoked ?? begin)
    }

    /// The sync by which a page's words must be durable at an instant; nil if they are since the beginning.
    package func sync(ofPage page: Int, before instant: Timestamp) -> Sync? {
        latest(byPage[page], before: instant)
    }

    private func latest(
        _ syncs: [(returned: Timestamp, latest: Sync)], before instant: Timestamp
    ) -> Sync? {
        var (low, high) = (0, syncs.count)
        while low < high {
            let middle = (low + high) / 2
            if syncs[middle].returned < instant { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? nil : syncs[low - 1].latest
    }

    private static func ordered(_ syncs: [Sync]) -> [(returned: Timestamp, latest: Sync)] {
        var ordered: [(returned: Timestamp, latest: Sync)] = []
        for sync in syncs.sorted(by: { $0.interval.returned < $1.interval.returned }) {
            var latest = sync
            if let last = ordered.last?.latest, last.interval.invoked > sync.interval.invoked {
                latest = last
            }
            ordered.append((sync.interval.returned, latest))
        }
        return ordered
    }
}

/// What a demand leaves out.
private struct Gates {
    enum Reason {
        case touched
        case beside
        case changed
    }

    private let demand: Durability.Demand
    private var stores: [PageNumber: [Interval]] = [:]
    private let touches: [UInt64: Durability.Spans]
    private let changes: [UInt64: Durability.Spans]
    private let writebacks: [Interval]
    /// What the kernel's own threads wrote back, and when they may have begun.
    private let threads: Durability.Spans

    init(_ durability: Durability, _ demand: Durability.Demand) {
        self.demand = demand
        for store in durability.stores {
            for page in store.pages { stores[page, default: []].append(store.interval) }
        }
        touches = durability.touches.mapValues(Durability.Spans.init)
        changes = durability.changesByHugePage().mapValues(Durability.Spans.init)
        writebacks = durability.writebacks
        threads = Durability.Spans(
            durability.flushes.compactMap { flush in
                flush.since.map { Interval(min($0, flush.at), flush.at) }
            })
    }

    /// Why a sync is not asked of a page, which was durable as it was at `since`; nil if it is.
    func reason(_ page: PageNumber, since: Timestamp, _ sync: Interval) -> Reason? {
        guard demand == .settled else { return nil }
        let first = (stores[page] ?? []).filter {
            $0.returned >= since && $0.invoked <= sync.returned
        }.map(\.invoked).min()
        guard let first else { return nil }
        let huge = Durability.huge(page)
        if touches[huge]?.meet(sync) == true { return .touched }
        // The sync itself is one of them.
        if writebacks.count(where: { $0.overlaps(sync) }) > 1 || threads.meet(sync) {
            return .beside
        }
        return changes[huge]?.meet(Interval(min(first, sync.invoked), sync.returned)) == true
            ? .changed : nil
    }
}
