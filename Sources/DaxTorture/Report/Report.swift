package import DaxModel
package import DaxText

/// Everything a run has to say about itself; docs/report.md describes it as JSON.
///
/// Nothing in it depends on the host's clock: two runs of the deterministic machine from one seed
/// give the same report to the byte. What the host measured is in ``HostFigures``.
package struct Report: Hashable, Sendable {
    /// The name and version of the JSON form.
    package static let schema = "daxtorture-report-1"

    package var verdict = Verdict.untested
    /// `ext4-dax` or `xfs-dax`.
    package var fs: String
    /// The release, as uname(2) gives it; nil when none ever came up.
    package var kernel: String?
    package var seed: Seed
    /// Seconds during which actors ran, by the clock of the kernel under test.
    package var duration = 0.0
    /// What ended the run before its time; nil where it took its time, or ended of itself.
    package var interruption: Interruption?
    package var dax = DaxProof()
    /// What the config asked for: `always`, `inode` or `never`.
    package var daxMode = "always"
    /// Operations by kind; a kind that was asked for and never happened is there with 0.
    package var operations: [String: UInt64] = [:]
    /// Operations that failed, by kind and by errno; an access that ended in a signal by its name.
    package var operationsFailed: [String: [String: UInt64]] = [:]
    package var faults = FaultCounts()
    package var sigbus = SigbusCounts()
    /// Overlaps by pair of roles (``pair(_:_:)``); a pair that was asked for and never met is there
    /// with 0.
    package var overlaps: [String: UInt64] = [:]
    /// Overlaps by pair of roles and by what was faulted in; pairs of one role, too.
    package var coverage: [Coverage] = []
    package var checks = CheckCounts()
    package var power = PowerFacts()
    package var decided = DecidedFacts()
    /// What was free before and after; nil where others use the filesystem too.
    package var space: SpaceFacts?
    package var memory = MemoryFacts()
    /// What cuts of the power left; nil where the power was not cut.
    package var crash: CrashFacts?
    /// How the CPUs' counters were compared; nil in the deterministic machine.
    package var clock: ClockFacts?
    /// The first violations, in the order in which they were found.
    package var violations: [Finding] = []
    /// How many rounds there were; nil where the config asks for none.
    package var rounds: RoundFacts?
    /// How many violations there were, those that are not listed included.
    package var violationsTotal: UInt64 = 0
    /// The violations by what they have in common, in the order in which they were found.
    package internal(set) var signatures: [SignatureCount] = []
    /// What was known of this kernel and filesystem, seen or not: no part of the violations.
    package internal(set) var known: [KnownCount] = []
    /// Seconds from the first operation to the first violation, by the clock of the kernel under
    /// test.
    package var timeToFirstViolation: Double?
    /// How the same run went without DAX; nil where there was no such run.
    package var differential: DifferentialFacts?
    /// The virtual machine; nil where the run was on this machine itself.
    package var machine: MachineFacts?
    /// How the filesystem was made and mounted; nil where it was there before.
    package var volume: VolumeFacts?
    package var actors: [ActorFacts] = []
    package var processes = ProcessFacts()
    /// Latencies by kind of operation.
    package var latency: [String: Latency] = [:]
    /// What a reader has to know beside the figures, a sentence each.
    package var notes: [String] = []
    /// Why a run without a violation does not count as clean; empty when it does.
    package var vacuity: [String] = []

    package init(fs: String, seed: Seed) {
        self.fs = fs
        self.seed = seed
    }

    /// The name of a pair of roles among overlaps: the same whichever comes first.
    package static func pair(_ a: String, _ b: String) -> String {
        a <= b ? "\(a) x \(b)" : "\(b) x \(a)"
    }

    /// How many violations a report lists, the first of each signature before all others; the rest are
    /// counted.
    package static let listed = 64

    /// Draws the conclusion from the figures: sets `vacuity` and `verdict`.
    ///
    /// `obstacles` are what kept the run from being one at all (no machine, no DAX filesystem);
    /// with them, what else is missing follows and is not listed. What `vacuity` holds already
    /// stays.
    package mutating func conclude(obstacles: [String] = []) {
        if obstacles.isEmpty {
            vacuity += vacuityReasons().filter { !vacuity.contains($0) }
        } else {
            vacuity = obstacles
        }
        verdict = violationsTotal > 0 ? .violation : vacuity.isEmpty ? .clean : .untested
    }
}

/// On how many of the files under test DAX was shown to be on, by each proof.
package struct DaxProof: Hashable, Sendable {
    package var files: UInt64 = 0
    /// statx(2) gave STATX_ATTR_DAX.
    package var statx: UInt64 = 0
    /// mmap(2) took MAP_SYNC; nil where the memory promises nothing of the kind (virtio-pmem).
    package var mapSync: UInt64? = 0

    package init(files: UInt64 = 0, statx: UInt64 = 0, mapSync: UInt64? = 0) {
        self.files = files
        self.statx = statx
        self.mapSync = mapSync
    }

    /// Both proofs on every file, and at least one file.
    package var isComplete: Bool { files > 0 && statx == files && (mapSync ?? files) == files }
}

/// DAX page faults that the kernel handled, by the size of what it mapped.
package struct FaultCounts: Hashable, Sendable {
    package var pte: UInt64 = 0
    package var pmd: UInt64 = 0
    /// Attempts to map a PMD from which the kernel went back to PTEs.
    package var fellBack: UInt64 = 0

    package init(pte: UInt64 = 0, pmd: UInt64 = 0, fellBack: UInt64 = 0) {
        self.pte = pte
        self.pmd = pmd
        self.fellBack = fellBack
    }
}

/// SIGBUS by the oracle's rule R5: every one that was taken is under one heading.
package struct SigbusCounts: Hashable, Sendable {
    package var justified: UInt64 = 0
    /// Explained by nothing.
    package var unjustified: UInt64 = 0
    /// Accesses that had to take one and did not.
    package var missing: UInt64 = 0
    /// The page was poisoned.
    package var poisoned: UInt64 = 0
    /// Not explained by the size, but the filesystem may have been full.
    package var noSpace: UInt64 = 0
    /// What the actors logged; nobody has judged these yet.
    package var taken: UInt64 = 0

    package init(
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
    package var accounted: UInt64 { justified + poisoned + noSpace + unjustified }
}

/// What the oracle gave a verdict on.
package struct CheckCounts: Hashable, Sendable {
    package var words: UInt64 = 0
    package var bytes: UInt64 = 0
    /// Quiet points.
    package var epochs: UInt64 = 0
    /// In how many epochs a violation was found.
    package var violatedEpochs: UInt64 = 0

    package init(words: UInt64 = 0, bytes: UInt64 = 0, epochs: UInt64 = 0) {
        self.words = words
        self.bytes = bytes
        self.epochs = epochs
    }
}

/// The virtual machine that ran.
package struct MachineFacts: Hashable, Sendable {
    /// `kvm` or `tcg`.
    package var acceleration: String
    /// QEMU's version, as it calls itself: `10.0.2`.
    package var qemuVersion: String
    package var cpus: UInt64
    package var memory: ByteSize
    package var pmem: ByteSize
    /// The initramfs as QEMU loads it.
    package var initramfs: ByteSize
    package var commandLine: String
    /// What emulates the pmem, `memmap` or `nvdimm`, and where its struct pages lie, `mem` or
    /// `dev`.
    package var device: String
    package var map: String
    /// What the interleaving follows from; nil where it follows from nothing.
    package var seed: Seed?
    /// What the machine was made of; nil where nobody could say.
    package var digests: MachineDigests?

    package init(
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

/// How the filesystem under test was made and mounted.
package struct VolumeFacts: Hashable, Sendable {
    /// The command that made it.
    package var mkfs: String
    /// The tool's own word on its version; empty where it gave none.
    package var tool: String
    /// What mount(8) would be told.
    package var mount: String

    package init(mkfs: String, tool: String, mount: String) {
        (self.mkfs, self.tool, self.mount) = (mkfs, tool, mount)
    }
}

/// Rounds, each on files made anew (`run.rounds`).
package struct RoundFacts: Hashable, Sendable {
    package var done: UInt64
    /// In how many a violation was found.
    package var violated: UInt64

    package init(done: UInt64, violated: UInt64) { (self.done, self.violated) = (done, violated) }
}

/// Actors as they were asked for.
package struct ActorFacts: Hashable, Sendable {
    package var name: String
    package var role: String
    package var count: UInt64

    package init(name: String, role: String, count: UInt64) {
        self.name = name
        self.role = role
        self.count = count
    }
}

/// How long operations of one kind took: nanoseconds of the guest's clock, invocation to return.
package struct Latency: Hashable, Sendable {
    package var p50: UInt64
    package var p90: UInt64
    package var p99: UInt64
    package var max: UInt64

    package init(p50: UInt64, p90: UInt64, p99: UInt64, max: UInt64) {
        self.p50 = p50
        self.p90 = p90
        self.p99 = p99
        self.max = max
    }
}
