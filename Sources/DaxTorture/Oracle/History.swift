public import DaxModel

/// What happened to one file during one epoch: the state it began in, then every effect and every
/// observation with its interval.
///
/// A history is a value; it may be appended to in any order, since only the intervals order it.
/// Offsets are in words of 8 bytes, sizes in bytes, pages have 4096 bytes. The records are flat
/// and hold no references, so that appending is a copy of 40 bytes.
///
/// What the caller promises:
/// - an actor's sequence writes a word once at most (a retry takes a new sequence);
/// - ticks count from 1: instant 0 is before the epoch;
/// - every effect that may have touched the file in the epoch is here, at least as `possible`;
/// - an effect's interval holds the instant at which each of its words changed.
public struct History: Sendable {
    /// The number of the file, as its stamps know it.
    public let file: UInt16
    /// The words at the quiet point before the epoch; those beyond its end are zero.
    public let initialWords: ContiguousArray<UInt64>
    /// The size at that quiet point, in bytes.
    public let initialSize: UInt64

    public private(set) var writes: ContiguousArray<Write> = []
    public private(set) var zeroings: ContiguousArray<Zeroing> = []
    public private(set) var copies: ContiguousArray<Copy> = []
    public private(set) var resizes: ContiguousArray<Resize> = []
    public private(set) var reads: ContiguousArray<Read> = []
    public private(set) var sizeObservations: ContiguousArray<SizeObservation> = []
    /// The values of all reads, one after the other.
    public private(set) var values: ContiguousArray<UInt64> = []

    /// Whether a page that was written keeps its block until something takes it away: a store to it
    /// needs no space then. Not where files share blocks, nor through the page cache.
    public var keepsBlocks = false

    /// Where among the values the zeros of holes are, which all of them share.
    private var zeros = 0..<0
    /// Words of private copies that held what was stored there, and those that did not.
    public private(set) var wordsKept = 0
    public private(set) var lostCopies: ContiguousArray<LostCopy> = []

    public init(file: UInt16, words: ContiguousArray<UInt64>, size: UInt64) {
        self.file = file
        initialWords = words
        initialSize = size
    }

    /// All words from `word` on, however large the file becomes.
    @inlinable
    public static func from(_ word: UInt64) -> Range<UInt64> { word..<UInt64.max }

    /// Makes room for that many records of each sort.
    public mutating func reserve(
        writes: Int = 0, zeroings: Int = 0, resizes: Int = 0, reads: Int = 0,
        sizeObservations: Int = 0, values: Int = 0
    ) {
        self.writes.reserveCapacity(writes)
        self.zeroings.reserveCapacity(zeroings)
        self.resizes.reserveCapacity(resizes)
        self.reads.reserveCapacity(reads)
        self.sizeObservations.reserveCapacity(sizeObservations)
        self.values.reserveCapacity(values)
    }
}

// MARK: - What might have been

extension History {
    /// The same, but that the access which read `index` was did not succeed: it took a SIGBUS.
    func faulting(atRead index: Int) -> History {
        var history = self
        let read = reads[index]
        history.reads[index].mapped = false
        history.access(
            read.operation, page: read.first / UInt64(History.pageWords), .sigbus,
            over: read.interval)
        return history
    }

    /// The same, but that the access of observation `index`, which ended in SIGBUS, succeeded.
    func succeeding(at index: Int) -> History {
        var history = self
        let observation = sizeObservations[index]
        history.sizeObservations[index].atLeast = observation.atMost + 1
        history.sizeObservations[index].atMost = .max
        history.sizeObservations[index].sort = .access(.succeeded)
        return history
    }
}

// MARK: - Memory

extension History {
    /// How many bytes the records and values take; the words of the beginning do not count, since
    /// the caller has them anyway.
    public var bytes: Int {
        writes.count * MemoryLayout<Write>.stride + zeroings.count * MemoryLayout<Zeroing>.stride
            + copies.count * MemoryLayout<Copy>.stride
            + resizes.count * MemoryLayout<Resize>.stride + reads.count * MemoryLayout<Read>.stride
            + sizeObservations.count * MemoryLayout<SizeObservation>.stride
            + values.count * MemoryLayout<UInt64>.stride
    }

    /// How many bytes the oracle will take at most, besides, to judge it: two copies of a 16-byte
    /// key for each read and write while it sorts them, and for each zeroing two nodes in each of
    /// two trees (of which there are up to twice as many as needed), two boundaries and a place in
    /// the table of time. Where words are copied, each effect stands in a table besides.
    public var bytesToJudge: Int {
        32 * (writes.count + reads.count) + 160 * zeroings.count + 128 * resizes.count
            + (copies.isEmpty ? 0 : 96 * (writes.count + zeroings.count + copies.count))
    }
}

// MARK: - Effects

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
    /// - Parameter gradual: it may have gone by way of sizes in between (ext4's fallocate does, and a
    ///   write that io_uring carries out in parts).
    @inlinable
    public mutating func extend(
        _ operation: Operation, to size: UInt64, over interval: Interval,
        certainty: Certainty = .definite, gradual: Bool = false
    ) {
        append(
            Resize(
                interval: interval, size: size, operation: operation, certainty: certainty,
                grows: true, gradual: gradual))
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
    public mutating func append(_ copy: Copy) { copies.append(copy) }
    public mutating func append(_ resize: Resize) { resizes.append(resize) }
    mutating func append(_ lost: LostCopy) { lostCopies.append(lost) }
    mutating func kept(words: Int) { wordsKept += words }
}

// MARK: - Observations

extension History {
    /// `operation` found `values` in the words from `word` on.
    ///
    /// - Parameters:
    ///   - torn: the bytes of a word may have been read one by one (a bulk copy).
    ///   - mapped: it went through a mapping and no SIGBUS came: R5 judges every page of it.
    public mutating func read(
        _ operation: Operation, at word: UInt64, values found: some Collection<UInt64>,
        over interval: Interval, torn: Bool = false, mapped: Bool = false
    ) {
        reads.append(
            Read(
                interval: interval, first: word, count: UInt32(found.count),
                values: UInt32(values.count), operation: operation, torn: torn, mapped: mapped))
        values.append(contentsOf: found)
    }

    /// `operation` found `words` to lie in a hole, and so to be zero.
    mutating func readZeros(_ operation: Operation, _ words: Range<UInt64>, over interval: Interval)
    {
        if zeros.count < words.count {
            zeros = values.count..<values.count + words.count
            values.append(contentsOf: repeatElement(0, count: words.count))
        }
        reads.append(
            Read(
                interval: interval, first: words.lowerBound, count: UInt32(words.count),
                values: UInt32(zeros.lowerBound), operation: operation, torn: false, mapped: false))
    }

    /// `operation` touched page `page` through a mapping, with that outcome.
    ///
    /// Reads and writes that say `mapped` need no access of their own.
    public mutating func access(
        _ operation: Operation, page: UInt64, pages: UInt64 = 1, _ outcome: AccessOutcome,
        over interval: Interval
    ) {
        let edge = page * UInt64(History.pageSize)
        sizeObservations.append(
            SizeObservation(
                interval: interval, atLeast: outcome == .succeeded ? edge + 1 : 0,
                atMost: outcome == .succeeded ? .max : edge, operation: operation,
                sort: .access(outcome), pages: pages))
    }

    /// `operation` saw the file to be `size` bytes long (statx).
    public mutating func size(_ operation: Operation, _ size: UInt64, over interval: Interval) {
        self.size(operation, in: size...size, over: interval)
    }

    /// `operation` saw that at some instant the file was within `bounds`, in bytes: a full read up
    /// to `end` says `end...`, a short one that ended there `...end`.
    public mutating func size(
        _ operation: Operation, in bounds: ClosedRange<UInt64>, over interval: Interval
    ) {
        sizeObservations.append(
            SizeObservation(
                interval: interval, atLeast: bounds.lowerBound, atMost: bounds.upperBound,
                operation: operation, sort: .seen))
    }

    /// Bytes of a page.
    public static let pageSize = 4096
    /// Words of a page.
    public static let pageWords = 512
}
