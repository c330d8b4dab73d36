internal import DaxModel

/// Which pages certainly had a written block all through an access: a store to one needs no space,
/// so that a full filesystem is no excuse for a SIGBUS there.
///
/// A page has one from the return of anything that put words into it, and keeps it until something
/// that may free it, move it, or make it unwritten: any zeroing, copy or shift, or a resize to less
/// than the page's end. What is only possible counts as if it had happened.
struct WrittenPages {
    private struct Taker {
        var words: Range<UInt64>
        var interval: Interval
    }

    private let history: History
    /// The intervals of what was written for sure, for each of the pages that are asked about.
    private var writes: [UInt64: [Interval]] = [:]
    private var takers: [Taker] = []

    init(_ history: History) {
        self.history = history
        guard history.keepsBlocks else { return }
        for observation in history.sizeObservations where observation.sort == .access(.noSpace) {
            for page in observation.allPages { writes[page] = [] }
        }
        guard !writes.isEmpty else { return }
        let words = UInt64(History.pageWords)
        for write in history.writes where write.certainty == .definite && write.count > 0 {
            for page in write.first / words...(write.words.upperBound - 1) / words
            where writes[page] != nil {
                writes[page]?.append(write.interval)
            }
        }
        takers += history.zeroings.map { Taker(words: $0.words, interval: $0.interval) }
        takers += history.copies.map { Taker(words: $0.words, interval: $0.interval) }
        takers += history.resizes.filter { !$0.grows }.map {
            Taker(
                words: History.from($0.change == nil ? $0.size / 8 : 0), interval: $0.interval)
        }
    }

    /// Whether each page that may be meant had its written block from before the access to its end.
    func hold(_ observation: SizeObservation) -> Bool {
        observation.allPages.allSatisfy { holds(page: $0, throughout: observation.interval) }
    }

    /// Whether `page` had its written block from before `access` began to its end.
    private func holds(page: UInt64, throughout access: Interval) -> Bool {
        guard history.keepsBlocks, let since = lastWrite(page, before: access) else { return false }
        let first = page * UInt64(History.pageWords)
        let words = first..<first + UInt64(History.pageWords)
        let span = Interval(since, access.returned)
        return !takers.contains { $0.words.overlaps(words) && $0.interval.overlaps(span) }
    }

    /// When the last write began that had returned before `access` began; instant 0 where the page
    /// held something before the epoch.
    private func lastWrite(_ page: UInt64, before access: Interval) -> Timestamp? {
        let last = writes[page]?.filter { $0.returned < access.invoked }.map(\.invoked).max()
        if let last { return last }
        let first = Int(page) * History.pageWords
        let known = history.initialWords.count
        guard first < known else { return nil }
        let words = history.initialWords[first..<min(first + History.pageWords, known)]
        return words.contains { $0 != 0 } ? Timestamp(ticks: 0) : nil
    }
}

extension SizeObservation {
    /// The pages of which one ended in SIGBUS.
    fileprivate var allPages: ClosedRange<UInt64> {
        let last = atMost / UInt64(History.pageSize)
        return last - min(last, pages - 1)...last
    }
}
