public import DaxModel

/// What happened to one file during one epoch: the state it began in, then every effect and every
/// observation with its interval.
///
/// A history is a value; it may be appended to in any order, since only the intervals order it.
/// Offsets are in words of 8 bytes, sizes in bytes, pages have 4096 bytes. The records are flat
/// and hold no references, so that appending is a copy of 48 bytes.
///
/// What the caller promises:
/// - an actor's sequence writes a word once at most (a retry takes a new sequence);
/// - ticks count from 1: instant 0 is before the epoch;
/// - every effect that may have touched the file in the epoch is here, at least as `possible`;
/// - an effect's interval holds the instant at which each of its words changed.
public struct History: Sendable {
    /// The number of the file, as its stamps know it.
    public let file: FileNumber
    /// The words at the quiet point before the epoch; those beyond its end are zero.
    public let initialWords: ContiguousArray<UInt64>
    /// The size at that quiet point, in bytes.
    public let initialSize: UInt64

    public internal(set) var writes: ContiguousArray<Write> = []
    public internal(set) var zeroings: ContiguousArray<Zeroing> = []
    package internal(set) var copies: ContiguousArray<Copy> = []
    public internal(set) var resizes: ContiguousArray<Resize> = []
    public internal(set) var reads: ContiguousArray<Read> = []
    public internal(set) var sizeObservations: ContiguousArray<SizeObservation> = []
    /// The values of all reads, one after the other.
    public internal(set) var values: ContiguousArray<UInt64> = []

    /// Whether a page that was written keeps its block until something takes it away: a store to it
    /// needs no space then. Not where files share blocks, nor through the page cache.
    public var keepsBlocks = false

    /// Where among the values the zeros of holes are, which all of them share.
    var zeros = 0..<0
    /// Words of private copies that held what was stored there; `lostCopies` are those that did
    /// not.
    public internal(set) var wordsKept = 0
    public internal(set) var lostCopies: ContiguousArray<LostCopy> = []

    /// Bytes of a page.
    public static let pageSize = 4096
    /// Words of a page.
    public static let pageWords = 512

    public init(file: FileNumber, words: ContiguousArray<UInt64>, size: UInt64) {
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
    /// The history, but that the access which read `index` was did not succeed: it took a SIGBUS.
    func faulting(atRead index: Int) -> History {
        var history = self
        let read = reads[index]
        history.reads[index].mapped = false
        history.access(
            read.operation, page: read.first / UInt64(History.pageWords), .sigbus,
            over: read.interval)
        return history
    }

    /// The history, but that the access of observation `index`, which ended in SIGBUS, succeeded.
    func succeeding(at index: Int) -> History {
        var history = self
        let observation = sizeObservations[index]
        history.sizeObservations[index].atLeast = observation.atMost + 1
        history.sizeObservations[index].atMost = .max
        history.sizeObservations[index].sort = .access(.succeeded)
        return history
    }
}

// MARK: - Effects alone

extension History {
    /// The history without what anybody found: all that was done, for who found something else.
    package consuming func withoutObservations() -> History {
        var history = self
        history.reads = []
        history.values = []
        history.zeros = 0..<0
        history.sizeObservations = []
        history.lostCopies = []
        history.wordsKept = 0
        // A store that succeeded says that its page was there.
        for index in history.writes.indices { history.writes[index].mapped = false }
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
