package import DaxModel

/// Rule R11 on one file and epoch: what fsync(2) or msync(2) acknowledged was written back.
///
/// Emulated memory keeps every store, so that a missing flush shows nothing in the data. It is
/// judged by what the kernel did: between the invocation of a store through a mapping and the
/// return of a sync that was invoked after the store's return, the kernel must have written the
/// page back. That is sound: a store that came before the kernel write-protected the page was
/// flushed after it, and one that came later faulted and made the page dirty again, for the sync to
/// find. Whoever flushes says so a little later than the page is clean, so that another operation
/// that was in flight when the sync returned, on this file or another, may have done it by its own
/// return; and so may a thread of the kernel's own, of which it is not known when it began: only that
/// it came to this page after the one that it wrote back before.
///
/// It is one-sided: a flush within that time that was too early for the store passes for the one
/// that was missing. Not asked for are pages that anything but stores changed meanwhile: what was
/// punched or cut off need not be written back.
package struct Durability: Sendable {
    /// Stores of an operation through a mapping, as far as they were done.
    private(set) var stores: [PageOperation] = []
    private(set) var syncs: [PageOperation] = []
    private(set) var changes: [PageOperation] = []
    private(set) var flushes: [Flush] = []
    /// The interval of every operation: any may write back what it meets, or wait for whoever does.
    private var intervals: [Interval] = []
    /// The intervals of operations that may have faulted on a page, by huge page.
    private(set) var touches: [UInt64: [Interval]] = [:]
    /// The intervals of operations that write back, whatever of the file: those of `syncs` among them.
    private(set) var writebacks: [Interval] = []

    struct PageOperation {
        var operation: Operation
        var interval: Interval
        var pages: Range<PageNumber>
    }

    struct Flush {
        var at: Timestamp
        var pages: Range<PageNumber>
        /// When the writeback may have begun; nil if it was within an operation.
        var since: Timestamp?
    }

    /// Which pages R11 asks for.
    package enum Demand: String, CaseIterable, Sendable {
        /// Pages of huge pages that stood still: nobody touched them while the sync lasted, and
        /// nothing but stores changed them between the store and the sync's return. A fault or a
        /// zeroing takes hold of the whole entry, and a sync that meets it has to wait for it, and
        /// find the dirty mark still there.
        case settled
        /// All pages, but those that something else than stores changed.
        case all
    }

    /// A page that was acknowledged and not written back.
    package struct Unflushed: Hashable, Sendable {
        package var page: PageNumber
        package var store: Operation
        package var stored: Interval
        package var sync: Operation
        package var synced: Interval
        /// When the page was written back last before the store, and first after the sync.
        package var before: Timestamp?
        package var after: Timestamp?
        /// How often the kernel wrote anything of the file back while the sync lasted.
        package var others: Int
    }

    package init() {}

    /// Adds an operation on the filesystem, whatever it was, besides what else is said of it.
    package mutating func add(_ interval: Interval) { intervals.append(interval) }

    /// Adds an operation that writes back.
    package mutating func writeBack(over interval: Interval) { writebacks.append(interval) }

    /// Adds a store through a mapping into `pages`.
    package mutating func store(
        _ operation: Operation, _ pages: Range<PageNumber>, over interval: Interval
    ) {
        if !pages.isEmpty {
            stores.append(PageOperation(operation: operation, interval: interval, pages: pages))
        }
    }

    /// Adds an operation that may have faulted on any of `pages`.
    package mutating func touch(_ pages: Range<PageNumber>, over interval: Interval) {
        guard let last = pages.last else { return }
        for huge in Durability.huge(pages.lowerBound)...Durability.huge(last) {
            touches[huge, default: []].append(interval)
        }
    }

    static func huge(_ page: PageNumber) -> UInt64 {
        page.rawValue / UInt64(Page.pmdPages)
    }

    func changesByHugePage() -> [UInt64: [Interval]] {
        changes.reduce(into: [:]) { all, change in
            guard let last = change.pages.last else { return }
            for huge in Durability.huge(change.pages.lowerBound)...Durability.huge(last) {
                all[huge, default: []].append(change.interval)
            }
        }
    }

    /// Adds an fsync(2), or an msync(2) of `pages`, that succeeded.
    package mutating func sync(
        _ operation: Operation, _ pages: Range<PageNumber>, over interval: Interval
    ) {
        syncs.append(PageOperation(operation: operation, interval: interval, pages: pages))
    }

    /// Adds anything else that may have changed `pages`.
    package mutating func change(
        _ operation: Operation, _ pages: Range<PageNumber>, over interval: Interval
    ) {
        changes.append(PageOperation(operation: operation, interval: interval, pages: pages))
    }

    /// Adds a writeback: the kernel had written `pages` back at that instant; `since` is when it
    /// may have begun, if it was a thread of the kernel's own, and not an operation.
    package mutating func flush(
        _ pages: Range<PageNumber>, at instant: Timestamp, since: Timestamp? = nil
    ) {
        flushes.append(Flush(at: instant, pages: pages, since: since))
    }

    /// For how many pages it was asked whether a sync had written them back, counted once for each
    /// sync.
    package struct Asked: Hashable, Sendable {
        /// Pages of the sync that had been stored to before.
        package var candidates = 0
        /// Candidates that were asked for.
        package var asked = 0
        /// Candidates that were not asked for, since somebody touched their huge page while the
        /// sync lasted.
        package var touched = 0
        /// Candidates that were not asked for, since something else than stores changed them, or
        /// their huge page, after the store.
        package var changed = 0

        package init() {}

        package static func += (sum: inout Asked, other: Asked) {
            sum.candidates += other.candidates
            sum.asked += other.asked
            sum.touched += other.touched
            sum.changed += other.changed
        }
    }

    /// What a set of syncs was asked and what it left.
    package struct Findings: Sendable {
        package var asked = Asked()
        /// The pages that were acknowledged in vain, in the order of the syncs.
        package var unflushed: [Unflushed] = []
    }

    /// Judges every page that was stored to, at each sync of it.
    package func judge(_ demand: Demand) -> Findings {
        let pages = Pages(stores, flushes)
        let all = Spans(intervals)
        let reasons = Reasons(self, demand)
        var findings = Findings()
        for sync in syncs.sorted(by: { $0.interval.invoked < $1.interval.invoked }) {
            let end = max(
                sync.interval.returned, all.lastReturn(invokedBy: sync.interval.returned))
            for page in pages.stored(in: sync.pages) {
                guard let store = pages.lastStore(of: page, before: sync.interval.invoked),
                    case let stored = stores[store].interval
                else { continue }
                findings.asked.candidates += 1
                switch reasons.notToAsk(page, stored, sync.interval) {
                case .touched:
                    findings.asked.touched += 1
                    continue
                case .changed:
                    findings.asked.changed += 1
                    continue
                case nil: findings.asked.asked += 1
                }
                if pages.isFlushed(
                    page, after: stored.invoked, by: end, synced: sync.interval.returned)
                {
                    continue
                }
                findings.unflushed.append(
                    Unflushed(
                        page: page, store: stores[store].operation, stored: stored,
                        sync: sync.operation, synced: sync.interval,
                        before: pages.flush(of: page, before: stored.invoked),
                        after: pages.flush(of: page, after: end),
                        others: flushes(within: sync.interval)))
            }
        }
        return findings
    }

    private func flushes(within interval: Interval) -> Int {
        flushes.count { interval.invoked <= $0.at && $0.at <= interval.returned }
    }
}
