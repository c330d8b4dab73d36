internal import DaxModel

extension Semantics {
    /// The history of the epoch, with every effect that depends on the size worked out.
    package consuming func history() -> History {
        extend()
        let sizes = SizeHistory(initial: built.initialSize, resizes: built.resizes)
        let remains = pending.contains { $0.kind == .truncate && $0.certainty == .possible }
        for call in pending {
            switch call.kind {
            case .truncate: zeroBeyond(call, sizes, remains: remains)
            case .zero: zeroWithin(call, sizes, remains: remains)
            case .allocate: break
            case .collapse, .insert: move(call, sizes, remains: remains)
            }
        }
        for index in built.resizes.indices { zeroTails(Int32(index), sizes) }
        if throughPageCache { zeroTailsAtWriteback(sizes) }
        settleHoles()
        copies?.settle(into: &built, pending.compactMap(\.cut))
        return built
    }

    /// Most writes lie within the file, whatever its size was: only the others may have made it
    /// longer. Truncates alone tell them apart, since growth only adds to the size.
    ///
    /// What is done of a call lies behind where it begins, and so does the size that it leaves if it made
    /// the file longer. Not so through the page cache, where a write of which nothing was copied may set
    /// the size to its own beginning.
    private mutating func extend() {
        let sizes = SizeHistory(initial: built.initialSize, resizes: built.resizes)
        for call in pending where call.kind == .allocate {
            let end = 8 * call.words.upperBound
            guard end > sizes.extremes(over: call.interval).least else { continue }
            // ext4's fallocate sets the size after each extent that it allocates.
            built.extend(
                call.operation, to: end, over: call.interval, certainty: call.certainty,
                gradual: true, least: least(call.words))
        }
        // A write through the page cache sets it after each page, and one that is done in parts
        // after each of them.
        for write in built.writes where !write.mapped {
            let end = 8 * write.words.upperBound
            guard end > sizes.extremes(over: write.interval).least else { continue }
            built.extend(
                write.operation, to: end, over: write.interval, certainty: write.certainty,
                gradual: throughPageCache || write.inParts || write.certainty == .possible,
                least: least(write.words))
        }
    }

    /// The least size to which what is done of a call on `words` makes the file longer.
    private func least(_ words: Range<UInt64>) -> UInt64 {
        throughPageCache ? 0 : 8 * words.lowerBound + 1
    }

    /// At the instant of a truncate, whether it cuts or lengthens the file, all pages beyond the
    /// new size hold nothing; but if a truncate failed, what it left beyond the end may lie there
    /// until the next cut. The words between the size and its page's end are cleared by a cut
    /// alone; growth need not touch what was stored there through a mapping. It is a cut if every
    /// candidate is greater: sizes in between, too, are greater than the least of them.
    private mutating func zeroBeyond(_ call: Pending, _ sizes: SizeHistory, remains: Bool) {
        let first = call.words.lowerBound
        let edge = History.pageEnd(of: first)
        let cuts = sizes.candidates(over: call.interval, without: call.resize)
            .allSatisfy { $0.size > 8 * first }
        built.zero(
            call.operation, History.from(edge), over: call.interval,
            certainty: cuts || !remains ? call.certainty : .possible, rule: .regrowth)
        guard edge > first else { return }
        built.zero(
            call.operation, first..<edge, over: call.interval,
            certainty: cuts ? call.certainty : .possible, torn: true, rule: .regrowth)
    }

    /// Whole pages of the range lose their blocks or become unwritten. The parts of pages at its
    /// two ends are zeroed, and only as far as the file reaches: xfs stops at its end, ext4 at the
    /// end of its last page. Pages beyond that hold nothing as it is, unless a failed truncate left
    /// something there, which ext4 does not touch.
    private mutating func zeroWithin(_ call: Pending, _ sizes: SizeHistory, remains: Bool) {
        let words = call.words
        let reach = sizes.extremes(over: call.interval).least / 8
        let inner = min(History.pageEnd(of: words.lowerBound), words.upperBound)
        let outer = max(inner, words.upperBound / 512 * 512)
        let sure = remains ? min(max(History.pageEnd(of: reach), inner), outer) : outer
        clear(inner..<sure, by: call, .definite)
        clear(sure..<outer, by: call, .possible)
        for part in [words.lowerBound..<inner, outer..<words.upperBound] {
            let split = min(max(reach, part.lowerBound), part.upperBound)
            clear(part.lowerBound..<split, by: call, .definite)
            clear(split..<part.upperBound, by: call, .possible)
        }
        zeroToEndOfPage(call, sizes)
    }

    /// ext4_punch_hole lengthens a hole that crosses the end of file to the end of the page in which the
    /// file ends, by a whole page where it ends at a page's border. A zero range, which does not, is
    /// allowed the same: those words lie behind the end.
    private mutating func zeroToEndOfPage(_ call: Pending, _ sizes: SizeHistory) {
        let words = call.words
        var edges: Set<UInt64> = []
        for candidate in sizes.candidates(over: call.interval)
        where 8 * words.lowerBound < candidate.size && 8 * words.upperBound > candidate.size {
            let page = candidate.size / UInt64(History.pageSize)
            edges.insert((page + 1) * UInt64(History.pageWords))
        }
        for edge in edges.sorted() where words.upperBound < edge {
            clear(words.upperBound..<edge, by: call, .possible)
        }
    }

    /// All words from the range on move, as far as there are any: pages beyond the end hold
    /// nothing, before and after, unless a failed truncate left something there, which may move, too.
    private mutating func move(_ call: Pending, _ sizes: SizeHistory, remains: Bool) {
        let words = call.words
        let end = History.pageEnd(of: sizes.extremes(over: call.interval).greatest / 8)
        if call.kind == .insert {
            built.zero(call.operation, words, over: call.interval, certainty: call.certainty)
        }
        let (to, from) =
            call.kind == .insert
            ? (words.upperBound, words.lowerBound) : (words.lowerBound, words.upperBound)
        let sure = max(to, end)
        if to < sure {
            built.copy(
                call.operation, to..<sure, source: built.file, from: from, over: call.interval,
                certainty: call.certainty)
        }
        guard remains else { return }
        let last = sizes.all.reduce(built.initialSize) { max($0, $1.size) }
        let moved = History.pageEnd(of: last / 8) &- from &+ to
        guard sure < moved else { return }
        built.copy(
            call.operation, sure..<moved, source: built.file, from: from + (sure - to),
            over: call.interval, certainty: .possible)
    }

    private mutating func clear(
        _ words: Range<UInt64>, by call: Pending, _ certainty: Certainty
    ) {
        guard !words.isEmpty else { return }
        built.zero(
            call.operation, words, over: call.interval,
            certainty: call.certainty == .definite ? certainty : .possible, torn: true)
    }

    /// What a mapping stored between the end of file and its page's end may be cleared when the
    /// size changes, or survive.
    private mutating func zeroTails(_ index: Int32, _ sizes: SizeHistory) {
        let resize = built.resizes[Int(index)]
        var seen: [UInt64] = []
        for candidate in sizes.candidates(over: resize.interval, without: index) {
            let first = candidate.size / 8
            let edge = History.pageEnd(of: first)
            guard edge > first, !seen.contains(first) else { continue }
            seen.append(first)
            built.zero(
                resize.operation, first..<edge, over: resize.interval, certainty: .possible,
                torn: true, rule: .regrowth)
        }
    }

    /// Writeback of the page in which the file ends clears what lies beyond the end, whenever it
    /// comes and as often as it comes, whatever was stored there through a mapping.
    private mutating func zeroTailsAtWriteback(_ sizes: SizeHistory) {
        var tails: [UInt64: UInt64] = [:]
        for candidate in sizes.all {
            let first = candidate.size / 8
            let edge = History.pageEnd(of: first)
            if edge > first { tails[edge] = min(tails[edge] ?? first, first) }
        }
        guard !tails.isEmpty else { return }
        let nobody = Operation(OperationID(actor: .harness, index: .max), kind: .max)
        let epoch = built.span
        for (edge, first) in tails.sorted(by: { $0.key < $1.key }) {
            built.append(
                Zeroing(
                    interval: epoch, words: first..<edge, operation: nobody, certainty: .possible,
                    torn: true, rule: .regrowth, recurs: true))
        }
    }
}

extension Semantics.Pending {
    /// The private copies that the call may take away; nil for none. Punches, zero ranges and
    /// writes leave them alone.
    fileprivate var cut: PrivateCopies.Cut? {
        let page = UInt64(History.pageWords)
        return switch kind {
        case .truncate:
            PrivateCopies.Cut(
                page: History.pageEnd(of: words.lowerBound) / page, interval: interval)
        case .collapse, .insert:
            PrivateCopies.Cut(page: words.lowerBound / page, interval: interval)
        case .zero, .allocate: nil
        }
    }
}

extension History {
    /// The interval from the first invocation of all records to the last return.
    fileprivate var span: Interval {
        var (first, last) = (UInt64.max, UInt64(1))
        func widen(_ interval: Interval) {
            first = min(first, interval.invoked.ticks)
            last = max(last, interval.returned.ticks)
        }
        for write in writes { widen(write.interval) }
        for read in reads { widen(read.interval) }
        for zeroing in zeroings { widen(zeroing.interval) }
        for resize in resizes { widen(resize.interval) }
        return Interval(Timestamp(ticks: min(first, last)), Timestamp(ticks: last))
    }

    /// The first word of the first page that begins at or after `word`.
    static func pageEnd(of word: UInt64) -> UInt64 {
        let words = UInt64(pageWords)
        return (word + words - 1) / words * words
    }
}

extension SizeHistory {
    /// The sizes that the file may have had at some instant of an interval.
    func candidates(over interval: Interval) -> [Candidate] {
        var hint = 0
        return Array(candidates(in: moments(of: interval, hint: &hint)))
    }

    /// The sizes that the file may have had at some instant of an interval, but for those that one
    /// resize gave.
    func candidates(over interval: Interval, without resize: Int32) -> [Candidate] {
        candidates(over: interval).filter { $0.resize != resize }
    }
}
