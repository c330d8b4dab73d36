public import DaxModel

/// What operations did.
extension History {
    /// `operation` put the stamp of its actor and `sequence` into each of `words`.
    ///
    /// - Parameters:
    ///   - torn: the bytes of a word may have arrived one by one (a bulk copy).
    ///   - mapped: it went through a mapping; if it is definite, no SIGBUS came, and R5 judges
    ///     every page of it.
    ///   - inParts: it may have been carried out in parts, which end with pages.
    @inlinable
    public mutating func write(
        _ operation: Operation, _ words: Range<UInt64>, sequence: UInt32, over interval: Interval,
        certainty: Certainty = .definite, torn: Bool = false, mapped: Bool = false,
        inParts: Bool = false
    ) {
        append(
            Write(
                interval: interval, first: words.lowerBound,
                count: UInt32(words.upperBound - words.lowerBound), sequence: sequence,
                operation: operation, certainty: certainty, torn: torn, mapped: mapped,
                inParts: inParts))
    }

    /// `operation` set each of `words` to zero.
    ///
    /// - Parameters:
    ///   - words: `History.from(word)` for all words from one on.
    ///   - torn: the bytes of a word may have become zero one by one (a memset).
    ///   - rule: what a violation that this zeroing proves is called: `.regrowth` where it is the
    ///     work of a shrink, else `.freshness`.
    @inlinable
    public mutating func zero(
        _ operation: Operation, _ words: Range<UInt64>, over interval: Interval,
        certainty: Certainty = .definite, torn: Bool = false, rule: Rule = .freshness
    ) {
        append(
            Zeroing(
                interval: interval, words: words, operation: operation, certainty: certainty,
                torn: torn, rule: rule))
    }

    /// `operation` made the file `size` bytes long.
    @inlinable
    public mutating func resize(
        _ operation: Operation, to size: UInt64, over interval: Interval,
        certainty: Certainty = .definite
    ) {
        append(
            Resize(
                interval: interval, size: size, operation: operation, certainty: certainty,
                grows: false, gradual: false))
    }

    /// `operation` made the file `size` bytes long unless it was that long already: a write beyond
    /// the end, an fallocate without KEEP_SIZE.
    ///
    /// - Parameters:
    ///   - gradual: it may have gone by way of sizes in between (ext4's fallocate does, and a write
    ///     that io_uring carries out in parts).
    ///   - least: the least of these sizes.
    @inlinable
    public mutating func extend(
        _ operation: Operation, to size: UInt64, over interval: Interval,
        certainty: Certainty = .definite, gradual: Bool = false, least: UInt64 = 0
    ) {
        append(
            Resize(
                interval: interval, size: size, operation: operation, certainty: certainty,
                grows: true, gradual: gradual, least: least))
    }

    /// `operation` made the file longer by `change` bytes, or shorter, whatever its size was.
    public mutating func resize(
        _ operation: Operation, by change: Int64, over interval: Interval,
        certainty: Certainty = .definite
    ) {
        append(
            Resize(
                interval: interval, size: 0, change: change, operation: operation,
                certainty: certainty, grows: false, gradual: false))
    }

    public mutating func append(_ write: Write) { writes.append(write) }
    public mutating func append(_ zeroing: Zeroing) { zeroings.append(zeroing) }
    package mutating func append(_ copy: Copy) { copies.append(copy) }
    public mutating func append(_ resize: Resize) { resizes.append(resize) }
    mutating func append(_ lost: LostCopy) { lostCopies.append(lost) }
    mutating func kept(words: Int) { wordsKept += words }
}
