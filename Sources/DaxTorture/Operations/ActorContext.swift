package import DaxModel
package import DaxSystem

/// What an actor works with: its files, its ring, its random numbers, and the log that every
/// operation goes to.
///
/// Between the two timestamps of an operation stands the operation and nothing else: no lock, no
/// allocation, no system call of our own, no cache line that another actor writes. What an
/// operation needs is prepared before the first, and logged after the second.
package final class ActorContext {
    /// How many operations the ring takes in one batch.
    package static let depth = 8

    package let actor: ActorNumber
    package var random: Random
    package var log: Log
    package let files: [FileUnderTest]
    package let key: StampKey
    package var ring: Ring
    package var buffer: Buffer
    private var sequence: UInt32 = 0
    /// Pages that private stores may still copy in this epoch.
    package var copiesLeft = ActorContext.copiesLimit
    /// Whether this kernel truncates through io_uring (6.9 and later); else it is ftruncate(2).
    package let truncatesThroughRing: Bool
    /// Harness trouble: an errno where none can be, which ends the run as untested.
    package var trouble: SystemError?
    /// What this actor saw by itself that must not be, since the latest quiet point.
    private(set) var findings: [ActorFinding] = []
    /// What a reader of the report has to know of this actor, a sentence each.
    package var notes: [String] = []
    /// The directory of the files under test.
    package let directory: String
    package var refused: Set<OperationKind> = []
    package var lostDAX: Set<String> = []
    /// Where the actors meet in this epoch.
    package var hotWindow: HotWindow
    /// What this epoch is for.
    package private(set) var epochKind = EpochKind.free
    /// How the actor meets its opponent in this epoch, if it has one.
    package var duel: Duel?
    /// Whether the operation that is invoked next waits for its slot.
    package var isReady = false
    /// Whether this step's loads and stores are to fault.
    package var isFresh = false
    /// The watch over what accesses fault in; nil where nobody wants to know.
    private var watch: FaultWatch?
    /// Where the actor announces the call that it is in; nil where nobody wants to know.
    package let progress: ProgressCounter?

    /// A context for actor `actor`, whose largest operation moves `words` words. The watch
    /// is over the thread that it works on.
    package init(
        actor: ActorNumber, seed: UInt64, key: StampKey, files: [FileUnderTest], words: Int,
        log: Log, watch: FaultWatch? = nil, progress: ProgressCounter? = nil
    ) throws(SystemError) {
        self.actor = actor
        self.key = key
        self.files = files
        self.log = log
        self.watch = watch
        self.progress = progress
        let path = files[0].file.path
        directory = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        random = Random(seed: seed, stream: UInt64(actor.rawValue))
        ring = try Ring(depth: ActorContext.depth)
        buffer = Buffer(words: words)
        truncatesThroughRing = ring.supports(.ftruncate)
        hotWindow = HotWindow(seed: seed, epoch: 0, pages: files[0].pages)
    }

    /// Words the largest operation moves.
    package var capacity: Int { buffer.count }

    /// Forgets the log and all private copies, and takes the window of epoch `number`, or that of its duel, if
    /// it has one.
    package func begin(
        epoch number: UInt64, kind: EpochKind = .free, seed: UInt64, duel: Duel? = nil
    ) {
        log.clear()
        dropCopies()
        self.duel = duel
        epochKind = kind
        (isReady, isFresh) = (false, false)
        hotWindow = duel?.hotWindow ?? HotWindow(seed: seed, epoch: number, pages: files[0].pages)
    }

    /// Fills the buffer with the stamps of a new operation on `words` of `file`; its sequence.
    package func stamp(_ words: Range<UInt64>, of file: FileUnderTest, at: Int = 0) -> UInt32 {
        stamp(words, number: file.number, in: &buffer, at: at)
    }

    /// Fills `memory` from its word `at` on with the stamps of a new operation on `words` of the
    /// file of that number; its sequence. Words that cannot be reached are left out.
    package func stamp(
        _ words: Range<UInt64>, number: FileNumber, in memory: inout Buffer, at: Int
    ) -> UInt32 {
        precondition(sequence < UInt32.max, "an actor ran out of stamps")
        sequence += 1
        for (index, word) in words.prefix(memory.count - at).enumerated() {
            memory[at + index] =
                key.stamp(actor: actor, sequence: sequence, file: number, word: word).rawValue
        }
        return sequence
    }

    /// Logs an operation that has just returned.
    package func logOperation(
        _ kind: OperationKind, _ path: AccessPath, _ file: FileUnderTest?, over interval: Interval,
        offset: UInt64, length: UInt64, done: UInt64, reference: UInt32 = 0,
        source: FileNumber? = nil, faulted: FaultSize = .none, outcome: Record.Outcome = .done,
        code: Int32 = 0, signal: UInt8 = 0, strayPages: Int16 = 0,
        circumstances: Record.Circumstances = []
    ) {
        progress?.withdraw()
        log.append(
            Record(
                interval: interval, offset: offset,
                length: length, done: done, reference: reference, kind: kind, path: path,
                outcome: outcome, file: file?.number ?? Record.noFile,
                circumstances: circumstances, source: source, faulted: faulted, signal: signal,
                strayPages: strayPages, code: code))
    }

    package func report(_ finding: ActorFinding) {
        // One broken file is enough to know.
        guard findings.count < ActorContext.depth, let last = log.records.last else { return }
        var finding = finding
        finding.at = last.interval.returned
        if finding.events.isEmpty { finding.events = [FindingEvent(last)] }
        findings.append(finding)
    }

    /// Hands the actor's findings over.
    package func takeFindings() -> [ActorFinding] {
        defer { findings = [] }
        return findings
    }

    /// Whether a call was done; where its errno is none of `refusals` the harness is in trouble.
    @discardableResult
    package func expect(_ code: Int32, _ call: String, or refusals: [Int32] = []) -> Bool {
        if code != 0 && !refusals.contains(code) { trouble = SystemError(call, code: code) }
        return code == 0
    }

    /// What the access that has just returned faulted in.
    package func faulted() -> FaultSize { watch?.next() ?? .none }
}
