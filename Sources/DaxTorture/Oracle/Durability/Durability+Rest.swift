internal import DaxModel

extension Durability {
    /// Why a page is not asked for.
    enum Reason {
        case touched
        case changed
    }

    /// What a demand leaves out.
    struct Reasons {
        private let demand: Demand
        private let touches: [UInt64: Spans]
        private let changesByHugePage: [UInt64: Spans]
        private let changes: [PageOperation]

        init(_ durability: Durability, _ demand: Demand) {
            self.demand = demand
            touches = durability.touches.mapValues(Spans.init)
            changesByHugePage = durability.changesByHugePage().mapValues(Spans.init)
            changes = durability.changes
        }

        /// Why a page that was stored to is not asked of a sync; nil if it is.
        func notToAsk(_ page: PageNumber, _ stored: Interval, _ synced: Interval) -> Reason? {
            if demand == .settled && touches[Durability.huge(page)]?.meet(synced) == true {
                return .touched
            }
            return isChanged(page, from: stored.invoked, to: synced.returned) ? .changed : nil
        }

        /// Whether something else than stores changed a page, or by that demand its huge page.
        func isChanged(_ page: PageNumber, from first: Timestamp, to last: Timestamp) -> Bool {
            switch demand {
            case .settled:
                changesByHugePage[Durability.huge(page)]?.meet(Interval(first, last)) == true
            case .all:
                changes.contains {
                    $0.pages.contains(page) && $0.interval.returned >= first
                        && $0.interval.invoked <= last
                }
            }
        }
    }
}

// MARK: - From epoch to epoch

extension Durability {
    /// What the next epoch begins with: of each page the last store that nothing has been asked of, if
    /// no sync was invoked after it, nothing else changed it, and it was not written back since.
    package func rest(_ demand: Demand) -> Durability {
        let pages = Pages(stores, flushes)
        let reasons = Reasons(self, demand)
        var rest = Durability()
        for page in pages.all {
            let end = Timestamp(ticks: .max)
            guard let last = pages.lastStore(of: page, before: end) else { continue }
            let store = stores[last]
            let isOver =
                pages.isFlushed(page, after: store.interval.invoked, by: end, synced: end)
                || reasons.isChanged(page, from: store.interval.invoked, to: end)
                || syncs.contains {
                    $0.pages.contains(page) && store.interval.precedes($0.interval)
                }
            if !isOver { rest.store(store.operation, page..<page + 1, over: store.interval) }
        }
        return rest
    }
}
