public import DaxModel

/// Rule R11 on one file and epoch: what fsync(2) or msync(2) acknowledged was written back.
///
/// Emulated memory keeps every store, so that a missing flush shows nothing in the data. It is
/// judged by what the kernel did: between the invocation of a store through a mapping and the
/// return of a sync that was invoked after the store's return, the kernel must have written the
/// page back. That is sound: a store that came before the kernel write-protected the page was
/// flushed after it, and one that came later faulted and made the page dirty again, for the sync to
/// find. Whoever flushes says so a little later than the page is clean, so that another operation
/// that was in flight when the sync returned may have done it by its own return.
///
/// It is one-sided: a flush within that time that was too early for the store passes for the one
/// that was missing. Not asked for are stores of earlier epochs, and pages that anything but stores
/// changed meanwhile: what was punched or cut off need not be written back.
public struct Durability: Sendable {
    /// Stores of an operation through a mapping, as far as they were done.
    private var stores: [Deed] = []
    private var syncs: [Deed] = []
    private var changes: [Deed] = []
    private var flushes: [Flush] = []
    /// Of every operation on the file: any may write back what it meets, or wait for who does.
    private var intervals: [Interval] = []

    private struct Deed {
        var operation: Operation
        var interval: Interval
        var pages: Range<UInt64>
    }

    private struct Flush {
        var at: Timestamp
        var pages: Range<UInt64>
    }

    /// A page that was acknowledged and not written back.
    public struct Unflushed: Hashable, Sendable {
        public var page: UInt64
        public var store: Operation
        public var stored: Interval
        public var sync: Operation
        public var synced: Interval
        /// When the page was written back last before the store, and first after the sync.
        public var before: Timestamp?
        public var after: Timestamp?
        /// How often the kernel wrote anything of the file back while the sync lasted.
        public var others: Int
    }

    public init() {}

    /// An operation on the file, whatever it was; besides what else is said of it.
    public mutating func add(_ interval: Interval) { intervals.append(interval) }

    /// A store through a mapping into `pages`.
    public mutating func store(
        _ operation: Operation, _ pages: Range<UInt64>, over interval: Interval
    ) {
        if !pages.isEmpty {
            stores.append(Deed(operation: operation, interval: interval, pages: pages))
        }
    }

    /// An fsync(2), or an msync(2) of `pages`, that succeeded.
    public mutating func sync(
        _ operation: Operation, _ pages: Range<UInt64>, over interval: Interval
    ) {
        syncs.append(Deed(operation: operation, interval: interval, pages: pages))
    }

    /// Anything else that may have changed `pages`.
    public mutating func change(
        _ operation: Operation, _ pages: Range<UInt64>, over interval: Interval
    ) {
        changes.append(Deed(operation: operation, interval: interval, pages: pages))
    }

    /// The kernel had written `pages` back at that instant.
    public mutating func flush(_ pages: Range<UInt64>, at instant: Timestamp) {
        flushes.append(Flush(at: instant, pages: pages))
    }

    /// Every page that was acknowledged in vain, once for each sync, in the order of the syncs.
    public func unflushed() -> [Unflushed] {
        let pages = Pages(stores, flushes)
        return syncs.sorted { $0.interval.invoked < $1.interval.invoked }.flatMap {
            (sync) -> [Unflushed] in
            let end = lastReturn(of: sync.interval)
            return pages.stored(in: sync.pages).compactMap { page in
                guard let store = pages.lastStore(of: page, before: sync.interval.invoked),
                    !pages.isFlushed(
                        page, after: stores[store].interval.invoked, by: end),
                    !isChanged(page, stores[store].interval, sync.interval)
                else { return nil }
                return Unflushed(
                    page: page, store: stores[store].operation, stored: stores[store].interval,
                    sync: sync.operation, synced: sync.interval,
                    before: pages.flush(of: page, before: stores[store].interval.invoked),
                    after: pages.flush(of: page, after: end), others: flushes(within: sync.interval)
                )
            }
        }
    }

    /// When the last of the operations returned that were in flight at the end of `interval`.
    private func lastReturn(of interval: Interval) -> Timestamp {
        intervals.reduce(interval.returned) { end, other in
            other.invoked <= interval.returned ? max(end, other.returned) : end
        }
    }

    private func flushes(within interval: Interval) -> Int {
        flushes.count { interval.invoked <= $0.at && $0.at <= interval.returned }
    }

    private func isChanged(_ page: UInt64, _ stored: Interval, _ synced: Interval) -> Bool {
        changes.contains {
            $0.pages.contains(page) && $0.interval.returned >= stored.invoked
                && $0.interval.invoked <= synced.returned
        }
    }

    /// Stores and flushes by page, each in order of time.
    private struct Pages {
        private var stores: [UInt64: [Visit]] = [:]
        private var flushes: [UInt64: [Timestamp]] = [:]

        /// A store that had returned, and of those returned by then the one invoked last.
        private struct Visit {
            var returned: Timestamp
            var invoked: Timestamp
            var latest: Int
        }

        init(_ all: [Deed], _ flushed: [Flush]) {
            let order = all.indices.sorted { all[$0].interval.returned < all[$1].interval.returned }
            for index in order {
                for page in all[index].pages {
                    var visit = Visit(
                        returned: all[index].interval.returned,
                        invoked: all[index].interval.invoked, latest: index)
                    if let last = stores[page]?.last, last.invoked > visit.invoked {
                        (visit.invoked, visit.latest) = (last.invoked, last.latest)
                    }
                    stores[page, default: []].append(visit)
                }
            }
            for flush in flushed.sorted(by: { $0.at < $1.at }) {
                for page in flush.pages where stores[page] != nil {
                    flushes[page, default: []].append(flush.at)
                }
            }
        }

        /// The pages of a range that anybody stored to.
        func stored(in range: Range<UInt64>) -> [UInt64] {
            stores.keys.filter(range.contains).sorted()
        }

        /// Of the stores that had returned before an instant, the one invoked last: a flush after
        /// it is one after all of them.
        func lastStore(of page: UInt64, before instant: Timestamp) -> Int? {
            let visits = stores[page] ?? []
            let count = visits.partitioningIndex { $0.returned >= instant }
            return count == 0 ? nil : visits[count - 1].latest
        }

        func flush(of page: UInt64, before instant: Timestamp) -> Timestamp? {
            (flushes[page] ?? []).last { $0 < instant }
        }

        func flush(of page: UInt64, after instant: Timestamp) -> Timestamp? {
            (flushes[page] ?? []).first { $0 > instant }
        }

        func isFlushed(_ page: UInt64, after: Timestamp, by: Timestamp) -> Bool {
            let times = flushes[page] ?? []
            let next = times.partitioningIndex { $0 >= after }
            return next < times.count && times[next] <= by
        }
    }
}

extension Array {
    /// The first index from which on `isBehind` holds, where it holds from some index on.
    fileprivate func partitioningIndex(_ isBehind: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
