import DaxModel

extension Durability {
    /// Stores and flushes by page, each in order of time.
    struct Pages {
        private let stores: [PageNumber: [Visit]]
        private var flushes: [PageNumber: [Flush]] = [:]
        /// The pages that anybody stored to.
        let all: [PageNumber]

        /// A store that had returned, and of all that had returned by then the one invoked last.
        private struct Visit {
            var returned: Timestamp
            var invoked: Timestamp
            var latest: Int
        }

        init(_ operations: [PageOperation], _ flushed: [Flush]) {
            let order = operations.indices.sorted {
                operations[$0].interval.returned < operations[$1].interval.returned
            }
            var stores: [PageNumber: [Visit]] = [:]
            for index in order {
                for page in operations[index].pages {
                    var visit = Visit(
                        returned: operations[index].interval.returned,
                        invoked: operations[index].interval.invoked, latest: index)
                    if let last = stores[page]?.last, last.invoked > visit.invoked {
                        (visit.invoked, visit.latest) = (last.invoked, last.latest)
                    }
                    stores[page, default: []].append(visit)
                }
            }
            self.stores = stores
            all = stores.keys.sorted()
            for flush in flushed.sorted(by: { $0.at < $1.at }) {
                for page in flush.pages where stores[page] != nil {
                    flushes[page, default: []].append(flush)
                }
            }
        }

        /// The pages of a range that anybody stored to.
        func stored(in range: Range<PageNumber>) -> ArraySlice<PageNumber> {
            let first = all.partitioningIndex { $0 >= range.lowerBound }
            return all[first..<max(first, all.partitioningIndex { $0 >= range.upperBound })]
        }

        /// The store invoked last of those that had returned before an instant, nil if none had: a
        /// flush after it is one after all of them.
        func lastStore(of page: PageNumber, before instant: Timestamp) -> Int? {
            let visits = stores[page] ?? []
            let count = visits.partitioningIndex { $0.returned >= instant }
            return count == 0 ? nil : visits[count - 1].latest
        }

        func flush(of page: PageNumber, before instant: Timestamp) -> Timestamp? {
            (flushes[page] ?? []).last { $0.at < instant }?.at
        }

        func flush(of page: PageNumber, after instant: Timestamp) -> Timestamp? {
            (flushes[page] ?? []).first { $0.at > instant }?.at
        }

        /// Whether the page was written back after an instant and by another, or by a thread of the
        /// kernel's own that may have been at it when the sync returned.
        func isFlushed(_ page: PageNumber, after: Timestamp, by: Timestamp, synced: Timestamp)
            -> Bool
        {
            let all = flushes[page] ?? []
            let next = all.partitioningIndex { $0.at >= after }
            if next < all.count && all[next].at <= by { return true }
            return all[next...].contains { $0.since.map { $0 <= synced } ?? false }
        }
    }

    /// Intervals, to ask which of them meet another.
    struct Spans {
        private let invoked: [Timestamp]
        /// For each interval, when the last of it and those before had returned.
        private let returned: [Timestamp]

        init(_ intervals: [Interval]) {
            let order = intervals.sorted { $0.invoked < $1.invoked }
            invoked = order.map(\.invoked)
            var last = Timestamp(ticks: 0)
            returned = order.map {
                last = max(last, $0.returned)
                return last
            }
        }

        /// When the last of the intervals returned that were invoked by an instant; 0 if none was.
        func lastReturn(invokedBy instant: Timestamp) -> Timestamp {
            let count = invoked.partitioningIndex { $0 > instant }
            return count == 0 ? Timestamp(ticks: 0) : returned[count - 1]
        }

        /// Whether one of the intervals has an instant in common with `interval`.
        func meet(_ interval: Interval) -> Bool {
            let count = invoked.partitioningIndex { $0 > interval.returned }
            return count > 0 && returned[count - 1] >= interval.invoked
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
