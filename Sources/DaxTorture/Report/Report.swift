public import DaxModel
public import DaxText

/// Everything a run has to say about itself; docs/report.md describes it as JSON.
///
/// Nothing in it depends on the host's clock: two runs of the deterministic machine from one seed
/// give the same report to the byte. What the host measured is in ``HostFigures``.
public struct Report: Hashable, Sendable {
    /// The name and version of the JSON form.
    public static let schema = "daxtorture-report-1"

    public var verdict = Verdict.untested
    /// `ext4-dax` or `xfs-dax`.
    public var fs: String
    /// The release, as uname(2) gives it; nil when none ever came up.
    public var kernel: String?
    public var seed: Seed
    /// Seconds during which actors ran, by the clock of the kernel under test.
    public var duration = 0.0
    /// Nil where the run took its time, or ended of itself.
    public var interruption: Interruption?
    public var dax = DaxProof()
    /// What the config asked for: `always`, `inode` or `never`.
    public var daxMode = "always"
    /// By kind; a kind that was asked for and never happened is there with 0.
    public var operations: [String: UInt64] = [:]
    /// Of those, the ones that failed, by kind and by errno; an access that ended in a signal by its
    /// name.
    public var operationsFailed: [String: [String: UInt64]] = [:]
    public var faults = FaultCounts()
    public var sigbus = SigbusCounts()
    /// By pair of roles (``pair(_:_:)``); a pair that was asked for and never met is there with 0.
    public var overlaps: [String: UInt64] = [:]
    /// The same, by what was faulted in; pairs of one role, too.
    public var coverage: [Coverage] = []
    public var checks = CheckCounts()
    public var power = PowerFacts()
    public var decided = DecidedFacts()
    /// What was free before and after; nil where others use the filesystem too.
    public var space: SpaceFacts?
    public var memory = MemoryFacts()
    /// Nil in the deterministic machine.
    public var clock: ClockFacts?
    /// The first of them, in the order in which they were found.
    public var violations: [Finding] = []
    /// All of them, those that are not listed included.
    public var violationsTotal: UInt64 = 0
    /// Seconds from the first operation, by the clock of the kernel under test.
    public var timeToFirstViolation: Double?
    /// How the same run went without DAX; nil where there was no such run.
    public var differential: DifferentialFacts?
    /// The virtual machine; nil where the run was on this machine itself.
    public var machine: MachineFacts?
    public var actors: [ActorFacts] = []
    public var processes = ProcessFacts()
    /// By kind of operation.
    public var latency: [String: Latency] = [:]
    /// What a reader has to know beside the figures, a sentence each.
    public var notes: [String] = []
    /// Why a run without a violation does not count as clean; empty when it does.
    public var vacuity: [String] = []

    public init(fs: String, seed: Seed) {
        self.fs = fs
        self.seed = seed
    }

    /// The name of a pair of roles among overlaps: the same whichever comes first.
    public static func pair(_ a: String, _ b: String) -> String {
        a <= b ? "\(a) x \(b)" : "\(b) x \(a)"
    }

    /// How many violations a report lists; the rest are counted.
    public static let listed = 64

    /// Adds a violation, or counts it if enough are listed.
    public mutating func add(_ violation: Finding) {
        if violations.count < Report.listed { violations.append(violation) }
        violationsTotal += 1
    }

    /// Draws the conclusion from the figures: sets `vacuity` and `verdict`.
    ///
    /// `obstacles` are what kept the run from being one at all (no machine, no DAX filesystem);
    /// with them, what else is missing follows and is not listed. What `vacuity` holds already
    /// stays.
    public mutating func conclude(obstacles: [String] = []) {
        if obstacles.isEmpty {
            vacuity += vacuityReasons().filter { !vacuity.contains($0) }
        } else {
            vacuity = obstacles
        }
        verdict = violationsTotal > 0 ? .violation : vacuity.isEmpty ? .clean : .untested
    }
}

/// On how many of the files under test DAX was shown to be on, by each proof.
public struct DaxProof: Hashable, Sendable {
    public var files: UInt64 = 0
    /// statx(2) gave STATX_ATTR_DAX.
    public var statx: UInt64 = 0
    /// mmap(2) took MAP_SYNC.
    public var mapSync: UInt64 = 0

    public init(files: UInt64 = 0, statx: UInt64 = 0, mapSync: UInt64 = 0) {
        self.files = files
        self.statx = statx
        self.mapSync = mapSync
    }

    /// Both proofs on every file, and at least one file.
    public var isComplete: Bool { files > 0 && statx == files && mapSync == files }
}

/// DAX page faults that the kernel handled, by the size of what it mapped.
public struct FaultCounts: Hashable, Sendable {
    public var pte: UInt64 = 0
    public var pmd: UInt64 = 0
    /// Attempts to map a PMD from which the kernel went back to PTEs.
    public var fellBack: UInt64 = 0

    public init(pte: UInt64 = 0, pmd: UInt64 = 0, fellBack: UInt64 = 0) {
        self.pte = pte
        self.pmd = pmd
        self.fellBack = fellBack
    }
}

/// SIGBUS by the oracle's rule R5: every one that was taken is under one heading.
public struct SigbusCounts: Hashable, Sendable {
    public var justified: UInt64 = 0
    /// Explained by nothing.
    public var unjustified: UInt64 = 0
    /// Accesses that had to take one and did not.
    public var missing: UInt64 = 0
    /// The page was poisoned.
    public var poisoned: UInt64 = 0
    /// Not explained by the size, but the filesystem may have been full.
    public var noSpace: UInt64 = 0
    /// What the actors logged; nobody has judged these yet.
    public var taken: UInt64 = 0

    public init(
        justified: UInt64 = 0, unjustified: UInt64 = 0, missing: UInt64 = 0, poisoned: UInt64 = 0,
        noSpace: UInt64 = 0, taken: UInt64 = 0
    ) {
        self.justified = justified
        self.unjustified = unjustified
        self.missing = missing
        self.poisoned = poisoned
        self.noSpace = noSpace
        self.taken = taken
    }

    /// How many the oracle put under a heading: as many as were taken, or the harness is wrong.
    public var accounted: UInt64 { justified + poisoned + noSpace + unjustified }
}

/// What the oracle gave a verdict on.
public struct CheckCounts: Hashable, Sendable {
    public var words: UInt64 = 0
    public var bytes: UInt64 = 0
    /// Quiet points.
    public var epochs: UInt64 = 0

    public init(words: UInt64 = 0, bytes: UInt64 = 0, epochs: UInt64 = 0) {
        self.words = words
        self.bytes = bytes
        self.epochs = epochs
    }
}

/// The virtual machine that ran.
public struct MachineFacts: Hashable, Sendable {
    /// `kvm` or `tcg`.
    public var acceleration: String
    /// As it calls itself: `10.0.2`.
    public var qemuVersion: String
    public var cpus: UInt64
    public var memory: ByteSize
    public var pmem: ByteSize
    /// The initramfs as QEMU loads it.
    public var initramfs: ByteSize
    public var commandLine: String
    /// What emulates the pmem, `memmap` or `nvdimm`, and where its struct pages lie, `mem` or
    /// `dev`.
    public var device: String
    public var map: String
    /// What the interleaving follows from; nil where it follows from nothing.
    public var seed: Seed?
    /// Nil where nobody could say.
    public var digests: MachineDigests?

    public init(
        acceleration: String, qemuVersion: String, cpus: UInt64, memory: ByteSize, pmem: ByteSize,
        device: String, map: String, initramfs: ByteSize, commandLine: String, seed: Seed? = nil,
        digests: MachineDigests? = nil
    ) {
        self.acceleration = acceleration
        self.qemuVersion = qemuVersion
        self.cpus = cpus
        self.memory = memory
        self.pmem = pmem
        self.device = device
        self.map = map
        self.initramfs = initramfs
        self.commandLine = commandLine
        self.seed = seed
        self.digests = digests
    }
}

/// Actors as they were asked for.
public struct ActorFacts: Hashable, Sendable {
    public var name: String
    public var role: String
    public var count: UInt64

    public init(name: String, role: String, count: UInt64) {
        self.name = name
        self.role = role
        self.count = count
    }
}

/// How long operations of one kind took: nanoseconds of the guest's clock, invocation to return.
public struct Latency: Hashable, Sendable {
    public var p50: UInt64
    public var p90: UInt64
    public var p99: UInt64
    public var max: UInt64

    public init(p50: UInt64, p90: UInt64, p99: UInt64, max: UInt64) {
        self.p50 = p50
        self.p90 = p90
        self.p99 = p99
        self.max = max
    }
}
