public import DaxModel
public import DaxSystem

/// What an actor works with: its files, its ring, its random numbers, and the log that every
/// operation goes to.
///
/// Between the two timestamps of an operation stands the operation and nothing else: no lock, no
/// allocation, no system call of our own, no cache line that another actor writes. What an
/// operation needs is prepared before the first, and logged after the second.
public final class Hand {
    /// How many operations the ring takes in one batch.
    public static let depth = 8

    public let actor: UInt8
    public var random: Random
    public internal(set) var log: Log
    public let files: [FileUnderTest]
    let key: StampKey
    var ring: Ring
    var buffer: Buffer
    private var sequence: UInt32 = 0
    /// Pages that private stores may still copy in this epoch.
    var copiesLeft = Hand.copiesLimit
    /// Whether this kernel truncates through io_uring (6.9 and later); else it is ftruncate(2).
    public let truncatesThroughRing: Bool
    /// Harness trouble: an errno where none can be, which ends the run as untested.
    public internal(set) var trouble: SystemError?
    /// Where the actors meet in this epoch.
    public var focus: Focus

    /// A hand for actor `actor` (1 to 255), whose largest operation moves `words` words.
    public init(
        actor: UInt8, seed: UInt64, key: StampKey, files: [FileUnderTest], words: Int,
        log: Log
    ) throws(SystemError) {
        self.actor = actor
        self.key = key
        self.files = files
        self.log = log
        random = Random(seed: seed, stream: UInt64(actor))
        ring = try Ring(depth: Hand.depth)
        buffer = Buffer(words: words)
        truncatesThroughRing = ring.supports(.ftruncate)
        focus = Focus(seed: seed, epoch: 0, pages: files[0].pages)
    }

    /// Words the largest operation moves.
    public var capacity: Int { buffer.count }

    /// Forgets the log and all private copies, and turns to where epoch `number` plays.
    public func begin(epoch number: UInt64, seed: UInt64) {
        log.clear()
        dropCopies()
        focus = Focus(seed: seed, epoch: number, pages: files[0].pages)
    }

    /// Fills the buffer with the stamps of a new operation on `words` of `file`; its sequence.
    func stamp(_ words: Range<UInt64>, of file: FileUnderTest, at: Int = 0) -> UInt32 {
        precondition(sequence < UInt32.max, "an actor ran out of stamps")
        sequence += 1
        let number = UInt16(file.number)
        for (index, word) in words.enumerated() {
            buffer[at + index] =
                key.stamp(actor: actor, sequence: sequence, file: number, word: word).rawValue
        }
        return sequence
    }

    /// Logs an operation that has just returned.
    func note(
        _ kind: OperationKind, _ path: AccessPath, _ file: FileUnderTest, from: UInt64,
        to: UInt64, offset: UInt64, length: UInt64, done: UInt64, reference: UInt32 = 0,
        source: UInt8 = 0, outcome: Record.Outcome = .done, code: Int32 = 0
    ) {
        log.append(
            Record(
                interval: Interval(Timestamp(ticks: from), Timestamp(ticks: to)), offset: offset,
                length: length, done: done, reference: reference, kind: kind, path: path,
                outcome: outcome, file: file.number, source: source, code: code))
    }
}
