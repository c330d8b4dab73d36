import DaxActors
import DaxChecks
import DaxHost
import DaxModel
package import DaxOperations
import DaxOracle
import DaxSystem

/// A process that runs actors: this one, or one that was forked for that.
///
/// Nothing of it is asked for while an epoch runs: what a controller wants to know of its actors
/// then lies in memory that all processes share (`PoolMember`).
protocol ActorHost: AnyObject, Sendable {
    /// Gives each actor the epoch's window, or its duel.
    func begin(_ starts: [ActorNumber: EpochStart]) throws(ForkedProcess.Gone)

    /// Starts a round of each.
    func start() throws(ForkedProcess.Gone)

    /// Ends the guarded access that `spec`'s thread is in, if it is in one.
    func interrupt(_ spec: ActorSpec)

    /// Takes what an actor saw by itself that must not be.
    func takeFindings(of actor: ActorNumber) throws(ForkedProcess.Gone) -> [ActorFinding]

    /// Compares an actor's long mapping of file `file`, of `size` bytes, with what `auditor` read;
    /// messages call the actor `name`.
    func compare(
        _ actor: ActorNumber, file: Int, size: UInt64, called name: String, with auditor: Auditor
    ) throws(ForkedProcess.Gone) -> [Finding]

    /// What an actor's mappings of file `file` reach, compared with where the file lies, `blocks`.
    func locate(_ actor: ActorNumber, file: Int, by check: FrameCheck, _ blocks: FileBlocks) throws
        -> LocatedPages

    /// What there is to say of how an actor worked.
    func remarks(on actor: ActorNumber) throws(ForkedProcess.Gone) -> Remarks

    /// Ends it, when no round is running.
    func end()

    /// Gives up on those that are stuck in the kernel.
    func abandon()

    /// How it ended by itself; nil while it goes on.
    var exit: ChildProcess.Exit? { get }
}

/// What an actor is told before an epoch.
package struct EpochStart: BitwiseCopyable, Sendable {
    var epoch: UInt64
    var kind: EpochKind
    var seed: UInt64
    var duel: Duel?

    package init(epoch: UInt64, kind: EpochKind, seed: UInt64, duel: Duel? = nil) {
        (self.epoch, self.kind, self.seed, self.duel) = (epoch, kind, seed, duel)
    }
}

/// What the pages of an actor's two mappings of a file are, compared with the file's own.
struct LocatedPages: BitwiseCopyable, Sendable {
    /// As `FrameCheck.judge` gives it.
    struct Pages: BitwiseCopyable, Sendable {
        var found: FileBlocks.Findings
        var shows: Bool?
    }

    var long: Pages
    var short: Pages

    init(_ view: FileUnderTest, by check: FrameCheck, _ blocks: FileBlocks) throws {
        let long = try check.judge(view.long, of: view.file, with: blocks)
        let short = try check.judge(view.short, of: view.file, with: blocks)
        self.long = Pages(found: long.pages, shows: long.shows)
        self.short = Pages(found: short.pages, shows: short.shows)
    }
}

/// What a reader of the report has to know of one actor.
struct Remarks: Sendable {
    var truncatesThroughRing: Bool
    /// Why it ended early, if it did.
    var trouble: SystemError?
    var notes: [String]
    /// Why the kernel polls no ring of its, if it wanted one.
    var refusal: SystemError?
    var failures: FailureTally?
    /// What of its task the actor never came to.
    var unfinished: String?

    init(_ runner: ActorRunner) {
        let context = runner.context
        truncatesThroughRing = context.truncatesThroughRing
        (trouble, notes) = (context.trouble, context.notes)
        (refusal, failures) = (runner.actor.refusal, runner.actor.failures)
        unfinished = runner.actor.unfinished
    }
}

extension Parcel {
    mutating func put(_ remarks: Remarks) {
        put(remarks.truncatesThroughRing)
        put(optional: remarks.trouble) { $0.put($1) }
        put(each: remarks.notes) { $0.put($1) }
        put(optional: remarks.refusal) { $0.put($1) }
        put(remarks.failures)
        put(optional: remarks.unfinished) { $0.put($1) }
    }

    mutating func takeRemarks() -> Remarks { Remarks(&self) }
}

extension Remarks {
    fileprivate init(_ parcel: inout Parcel) {
        truncatesThroughRing = parcel.take()
        trouble = parcel.takeOptional { $0.takeError() }
        notes = parcel.takeEach { $0.takeText() }
        refusal = parcel.takeOptional { $0.takeError() }
        failures = parcel.take()
        unfinished = parcel.takeOptional { $0.takeText() }
    }
}
