package import DaxModel

/// How a call ended, as far as its effects go.
package enum CallResult: Sendable {
    /// The call did what it was asked.
    case done
    /// The call was refused before it touched anything.
    case refused
    /// The call failed, and may have done any part of what it was asked.
    case failed
}

/// Turns calls on one file into the effects and observations of its history.
///
/// What a call does to words and size is written down here once, for all filesystems, and with
/// `possible` wherever ext4 and xfs differ or their documentation leaves it open. Calls may come
/// in any order. `history()` closes the epoch: only then is it known which sizes each call may
/// have met, and so which zeroings are sure.
///
/// Ranges are in words of 8 bytes, sizes in bytes; a size is a multiple of 8.
package struct Semantics: Sendable {
    var built: History
    /// The calls whose effects depend on the size they met.
    var pending: ContiguousArray<Pending> = []
    /// Whether the page cache lies between the calls and the medium: then a write sets the size
    /// page by page, and writeback clears what lies beyond the end within its page.
    let throughPageCache: Bool

    struct Pending: Sendable {
        enum Kind: Sendable {
            case truncate
            case zero
            case allocate
            case collapse
            case insert
        }
        var kind: Kind
        var operation: Operation
        var words: Range<UInt64>
        var interval: Interval
        var certainty: Certainty
        /// The index of the call among the resizes; -1 if it resizes nothing.
        var resize: Int32
    }

    /// What lseek(2) said to be a hole.
    var holes: ContiguousArray<Hole> = []
    /// What went through private mappings; nil without a key.
    var copies: PrivateCopies?

    /// An epoch that begins with these words and this size; words beyond are zero.
    ///
    /// - Parameters:
    ///   - key: what the stamps were made with; private mappings need it.
    ///   - throughPageCache: the file is not on DAX.
    package init(
        file: FileNumber, words: ContiguousArray<UInt64>, size: UInt64, key: StampKey? = nil,
        throughPageCache: Bool = false
    ) {
        self.throughPageCache = throughPageCache
        copies = key.map { PrivateCopies(key: $0) }
        built = History(file: file, words: words, size: size)
    }
}

extension Semantics {
    /// pwrite(2) or an io_uring write of stamps into `words`; `written` of them were reported.
    ///
    /// A short write may have copied more than it reported.
    ///
    /// - Parameter inParts: whoever carried it out may have stopped at the end of any page, and gone on
    ///   later (io_uring does): the file may have ended there meanwhile.
    package mutating func write(
        _ operation: Operation, _ words: Range<UInt64>, sequence: UInt32, written: Int,
        _ result: CallResult, inParts: Bool = false, over interval: Interval
    ) {
        guard result != .refused else { return }
        let done = words.lowerBound..<words.lowerBound + UInt64(written)
        let rest = done.upperBound..<words.upperBound
        if !done.isEmpty {
            built.write(
                operation, done, sequence: sequence, over: interval, torn: true,
                inParts: inParts && History.pageEnd(of: done.lowerBound + 1) < done.upperBound)
        }
        if !rest.isEmpty {
            built.write(
                operation, rest, sequence: sequence, over: interval, certainty: .possible,
                torn: true)
        }
    }

    /// pread(2) or an io_uring read of `count` words from `word` on, which returned `values`.
    ///
    /// - Parameter atEnd: if it returned fewer words than asked, the end of file was the reason;
    ///   false for a fault in the caller's buffer.
    package mutating func read(
        _ operation: Operation, at word: UInt64, count: Int, values: some Collection<UInt64>,
        atEnd: Bool = true, over interval: Interval
    ) {
        let end = 8 * (word + UInt64(values.count))
        if !values.isEmpty {
            built.read(operation, at: word, values: values, over: interval, torn: true)
            built.size(operation, in: end...UInt64.max, over: interval)
        }
        if values.count < count && atEnd {
            built.size(operation, in: 0...end, over: interval)
        }
    }

    /// statx(2), or lseek to the end.
    package mutating func status(_ operation: Operation, size: UInt64, over interval: Interval) {
        built.size(operation, size, over: interval)
    }

    /// truncate to `size` bytes, by whatever call.
    package mutating func truncate(
        _ operation: Operation, to size: UInt64, _ result: CallResult, over interval: Interval
    ) {
        guard result != .refused else { return }
        let certainty: Certainty = result == .done ? .definite : .possible
        let index = Int32(built.resizes.count)
        built.resize(operation, to: size, over: interval, certainty: certainty)
        pend(.truncate, operation, History.from(size / 8), interval, certainty, resize: index)
    }

    /// fallocate(2) with PUNCH_HOLE (which keeps the size) over `words`.
    package mutating func punch(
        _ operation: Operation, _ words: Range<UInt64>, _ result: CallResult,
        over interval: Interval
    ) {
        guard result != .refused else { return }
        pend(.zero, operation, words, interval, result == .done ? .definite : .possible)
    }

    /// fallocate(2) with ZERO_RANGE over `words`.
    package mutating func zeroRange(
        _ operation: Operation, _ words: Range<UInt64>, keepSize: Bool, _ result: CallResult,
        over interval: Interval
    ) {
        guard result != .refused else { return }
        pend(.zero, operation, words, interval, result == .done ? .definite : .possible)
        if !keepSize { allocate(operation, words, keepSize: false, result, over: interval) }
    }

    /// fallocate(2) with no other mode over `words`: data stay, the size may grow.
    package mutating func allocate(
        _ operation: Operation, _ words: Range<UInt64>, keepSize: Bool, _ result: CallResult,
        over interval: Interval
    ) {
        guard result != .refused, !keepSize else { return }
        pend(.allocate, operation, words, interval, result == .done ? .definite : .possible)
    }

    /// fallocate(2) with COLLAPSE_RANGE: `words`, whole blocks, are taken out, and all that follows
    /// moves down.
    package mutating func collapse(
        _ operation: Operation, _ words: Range<UInt64>, _ result: CallResult,
        over interval: Interval
    ) {
        shift(.collapse, operation, words, by: -8 * Int64(words.count), result, interval)
    }

    /// fallocate(2) with INSERT_RANGE: all from the beginning of `words`, whole blocks, moves up
    /// behind them, and they become a hole.
    package mutating func insert(
        _ operation: Operation, _ words: Range<UInt64>, _ result: CallResult,
        over interval: Interval
    ) {
        shift(.insert, operation, words, by: 8 * Int64(words.count), result, interval)
    }

    private mutating func shift(
        _ kind: Pending.Kind, _ operation: Operation, _ words: Range<UInt64>, by change: Int64,
        _ result: CallResult, _ interval: Interval
    ) {
        guard result != .refused, !words.isEmpty else { return }
        let certainty: Certainty = result == .done ? .definite : .possible
        built.resize(operation, by: change, over: interval, certainty: certainty)
        pend(
            kind, operation, words, interval, certainty, resize: Int32(built.resizes.count - 1))
    }

    /// FICLONERANGE, copy_file_range(2), or a write from a mapping: `words` get what the words of file
    /// `source` from `from` on hold; `copied` of them were reported. The file grows where they end
    /// beyond its end.
    ///
    /// - Parameters:
    ///   - torn: the bytes of a word may arrive one by one (a copy, not a clone).
    ///   - grows: false for a read into a mapping, which reaches no further than the file does.
    package mutating func copy(
        _ operation: Operation, _ words: Range<UInt64>, source: FileNumber, from: UInt64,
        copied: Int,
        torn: Bool, grows: Bool = true, _ result: CallResult, over interval: Interval
    ) {
        guard result != .refused else { return }
        let done = words.lowerBound..<words.lowerBound + UInt64(copied)
        let rest = done.upperBound..<words.upperBound
        for (part, certainty) in [(done, Certainty.definite), (rest, .possible)]
        where !part.isEmpty {
            built.copy(
                operation, part, source: source, from: from + (part.lowerBound - words.lowerBound),
                over: interval, certainty: certainty, torn: torn)
            if grows { pend(.allocate, operation, part, interval, certainty) }
        }
    }

    /// One half of XFS_IOC_EXCHANGE_RANGE: `words` get what the words of file `source` from `from` on
    /// held before it. The other half is told to the other file's history, under the same name: so
    /// no word gets its own value back.
    ///
    /// The ranges are whole pages. It is refused where either reaches beyond the end of its file, so
    /// that its success says something of the size.
    package mutating func exchange(
        _ operation: Operation, _ words: Range<UInt64>, with source: FileNumber, from: UInt64,
        _ result: CallResult, over interval: Interval
    ) {
        guard result != .refused, !words.isEmpty else { return }
        built.copy(
            operation, words, source: source, from: from, over: interval,
            certainty: result == .done ? .definite : .possible)
        if result == .done {
            built.size(operation, in: 8 * words.upperBound...UInt64.max, over: interval)
        }
    }

    private mutating func pend(
        _ kind: Pending.Kind, _ operation: Operation, _ words: Range<UInt64>,
        _ interval: Interval, _ certainty: Certainty, resize: Int32 = -1
    ) {
        pending.append(
            Pending(
                kind: kind, operation: operation, words: words, interval: interval,
                certainty: certainty, resize: resize))
    }
}
