package import DaxModel

/// What lseek(2) says of holes and of the end of file (R1 to R4, and R6).
///
/// Both filesystems look the extents up one after the other, each at one instant, and read the size
/// before. Where DAX is on, a word can hold something else than zero only in a written block: what is
/// stored through a mapping, and what a write copies, goes to a block that was made written and zero
/// before. An unwritten block in which a page was faulted counts as data.
extension Semantics {
    /// SEEK_DATA from the beginning of `words` on found data at byte `found`: all before it was a hole.
    /// What of that lies behind `words` is not looked at.
    package mutating func seekData(
        _ operation: Operation, _ words: Range<UInt64>, found: UInt64, over interval: Interval
    ) {
        built.size(operation, in: found + 1...UInt64.max, over: interval)
        see(
            operation, words.clamped(to: words.lowerBound..<max(found / 8, words.lowerBound)),
            interval)
    }

    /// SEEK_HOLE from byte `offset` on found a hole, or the end of file, at byte `found`; nil: the file
    /// ended there or before (ENXIO).
    ///
    /// On DAX holes begin with pages, but for one that the search began in.
    package mutating func seekHole(
        _ operation: Operation, from offset: UInt64, found: UInt64?, over interval: Interval
    ) {
        guard let found else { return built.size(operation, in: 0...offset, over: interval) }
        guard found > offset else {
            built.size(operation, in: offset + 1...UInt64.max, over: interval)
            return see(operation, offset / 8..<offset / 8 + 1, interval)
        }
        let isEnd = !throughPageCache && found % UInt64(History.pageSize) != 0
        built.size(operation, in: found...(isEnd ? found : .max), over: interval)
    }

    private mutating func see(
        _ operation: Operation, _ words: Range<UInt64>, _ interval: Interval
    ) {
        // There what a mapping stored may lie in the page cache alone.
        guard !throughPageCache && !words.isEmpty else { return }
        holes.append(Hole(operation: operation, words: words, interval: interval))
    }

    /// A stretch of words that lay in a hole, each at some instant of the interval.
    struct Hole: Sendable {
        var operation: Operation
        var words: Range<UInt64>
        var interval: Interval
    }

    /// Makes reads of zeros of the holes. XFS lets nobody wait for a collapse or an insert in lseek(2),
    /// and moves the extents one by one, so that there are holes meanwhile which no word has.
    mutating func settleHoles() {
        let shifts = pending.filter { $0.kind == .collapse || $0.kind == .insert }.map(\.interval)
        for hole in holes where !shifts.contains(where: { $0.overlaps(hole.interval) }) {
            built.readZeros(hole.operation, hole.words, over: hole.interval)
        }
    }
}
