package import DaxModel
package import DaxText

/// What a run is to do: everything in it, and nothing that the machine it runs on decides.
///
/// A value that came out of a ``Resolver`` satisfies every rule of docs/config.md. Its text
/// (``text()``) alone runs the same thing again.
package struct Config: Hashable, Sendable {
    package var run = RunConfig()
    package var fs = FilesystemConfig()
    package var vm = MachineConfig()
    package var oracle = OracleConfig()
    package var crash = CrashConfig()
    package var minimise = MinimiseConfig()
    package var bench = BenchConfig()
    /// The files that begin with something of their own, in the order of their names.
    package var files: [FileConfig] = []
    /// The actors in the order of their names, which are unique.
    package var actors: [ActorConfig]
    /// What is known and does not count, in the order in which it was read.
    package var known: [KnownIssue] = []

    /// The built-in default: everything at once on one file.
    package init() {
        actors = [
            ActorConfig(name: "fault", role: "faulter", count: 2),
            ActorConfig(name: "punch", role: "puncher", count: 1),
            ActorConfig(
                name: "recycle", role: "recycler", count: 1,
                pause: TimeSpan(nanoseconds: 50_000_000)),
            ActorConfig(
                name: "truncate", role: "truncater", count: 1,
                pause: TimeSpan(nanoseconds: 4_000_000)),
            ActorConfig(name: "write", role: "writer", count: 2),
            // By its name the last, since every third actor's mapping is MAP_SYNC, a writer's, too.
            ActorConfig(
                name: "xfer", role: "io", count: 1, pause: TimeSpan(nanoseconds: 1_000_000)),
        ]
    }
}

/// `[run]`: how long, and from which seed.
package struct RunConfig: Hashable, Sendable {
    /// How long actors run; audits come on top.
    package var duration = TimeSpan.seconds(60)
    /// The seed; nil: the caller draws one and writes it here before anything starts.
    package var seed: Seed?
    /// The time from one quiet point to the next.
    package var epoch = TimeSpan.seconds(2)
    package var until = RunEnd.duration
    /// Whether a run that found a violation is repeated without DAX.
    package var differential = false
    /// Whether every second epoch goes to the coldest cell of the coverage table.
    package var steer = true
    /// In how many processes the actors are.
    package var processes: UInt64 = 2
    /// How many rounds there are, each with files made anew; nil: the files go on from epoch to epoch.
    package var rounds: UInt64?

    package init() {}
}

/// What ends a run before somebody interrupts it.
package enum RunEnd: String, CaseIterable, Hashable, Sendable {
    /// The run's duration, or so many violations that more would say nothing new.
    case duration
    /// The run's duration, or the first quiet point that finds a violation.
    case violation
}

/// A filesystem that daxtorture knows how to make, mount and check.
package enum FilesystemType: String, CaseIterable, Hashable, Sendable {
    case ext4 = "ext4-dax"
    case xfs = "xfs-dax"
}

/// Whether, and by what, the files under test are on DAX.
package enum DaxMode: String, CaseIterable, Hashable, Sendable {
    /// The mount's `-o dax=always`: every file is on DAX.
    case always
    /// The mount's `-o dax=inode` and the directory's FS_XFLAG_DAX, which its files inherit.
    case inode
    /// The mount's `-o dax=never`, by which no file is on DAX: the same torture, through the page
    /// cache.
    case never
}

/// The extents that a file under test starts with.
package enum ExtentLayout: String, CaseIterable, Hashable, Sendable {
    /// Allocated in one piece, at multiples of 2 MiB where the filesystem can.
    case aligned
    /// Block by block, no two neighbours together: no PMD can map them.
    case broken
    /// Nothing is allocated.
    case hole
    /// One of the other layouts for each 2 MiB, by the seed.
    case mixed
}

/// `[fs]`: what is tortured, and where it lies.
package struct FilesystemConfig: Hashable, Sendable {
    package var type = FilesystemType.ext4
    package var dax = DaxMode.always
    /// Files under test.
    package var files: UInt64 = 1
    /// The size that every file starts with.
    package var fileSize = ByteSize.mib(32)
    /// Whether mkfs makes extents that files can share.
    package var reflink = false
    /// Whether the filesystem is made so that files can exchange ranges, where the kernel knows how.
    package var exchange = false
    /// Whether ext4 may write zeros to a whole small unwritten extent of which a part is written.
    package var zeroout = false
    /// Whether on ext4, too, writes fail of which nothing can be read.
    package var failingGrowth = false
    /// The extents that every file starts with.
    package var layout = ExtentLayout.aligned
    /// What a ballast file leaves free beside the files; nil: there is none.
    package var free: ByteSize?
    /// More options for mkfs, a letter with its values each.
    package var mkfs: [String] = []
    /// More options for mount.
    package var mountOptions: [String] = []
    /// A directory on a mounted DAX filesystem; nil: not there.
    package var mount: String?
    /// A block device to make the filesystem on; nil: none.
    package var device: String?

    package init() {}

    /// Whether the filesystem counts what belongs to whom.
    package var hasQuotas: Bool {
        (mkfs + mountOptions).contains { $0.contains("quota") || $0.contains("project") }
    }

    /// `mkfs`, once a config was resolved: no rule is broken.
    package var mkfsOptions: MkfsOptions { (try? MkfsOptions(mkfs)) ?? MkfsOptions() }
}

/// What QEMU executes the guest with.
package enum Acceleration: String, CaseIterable, Hashable, Sendable {
    /// KVM where a probe shows that it works, else TCG.
    case auto
    case kvm
    case tcg
}

/// What emulates the persistent memory.
package enum PersistentDevice: String, CaseIterable, Hashable, Sendable {
    /// Ordinary memory that the kernel's command line sets apart (memmap=, nd_e820).
    case memmap
    /// A DIMM of QEMU's, which ACPI describes to the kernel (nfit).
    case nvdimm
    /// Memory that a guest shares with its host, which has to be asked to make it durable (virtio-pmem):
    /// nothing can be mapped by MAP_SYNC there.
    case virtio = "virtio-pmem"
}

/// Where the struct pages of the persistent memory lie; ndctl calls it `map`.
package enum PageMap: String, CaseIterable, Hashable, Sendable {
    /// In ordinary memory.
    case mem
    /// In the persistent memory itself, behind a superblock of their own.
    case dev
}

/// `[vm]`: the machine that is booted when neither a mount nor a device is named.
package struct MachineConfig: Hashable, Sendable {
    /// A bzImage or vmlinuz; nil: the newest image that is installed.
    package var kernel: String?
    /// A directory as /lib/modules/RELEASE is; nil: the one that belongs to the image.
    package var modules: String?
    /// The qemu-system-x86_64 to start; nil: the first that is new enough.
    package var qemu: String?
    package var acceleration = Acceleration.auto
    package var cpus: UInt64 = 2
    /// Ordinary memory, beside the emulated persistent memory.
    package var memory = ByteSize.gib(1)
    /// Emulated persistent memory.
    package var pmem = ByteSize.gib(1)
    package var device = PersistentDevice.memmap
    package var map = PageMap.mem
    /// Whether the whole machine is to be a function of the seed.
    package var deterministic = false
    /// The seed from which the interleaving follows in a deterministic machine; nil: `run.seed`.
    package var seed: Seed?
    /// The mutant that takes the place of the filesystem's module; nil: the module as shipped.
    package var mutant: String?

    package init() {}
}

/// Which pages fsync and msync are held to have written back (R11).
package enum AcknowledgedPages: String, CaseIterable, Sendable {
    /// None: R11 is not judged.
    case off
    /// Pages that nobody touched meanwhile, nor changed by anything but stores.
    case settled
    /// All pages that nothing but stores changed.
    case all
}

/// How the page frames behind mappings are judged (R12).
package enum FrameRule: String, CaseIterable, Sendable {
    /// Not at all.
    case off
    /// A page of zeros may be mapped wherever the file's block holds zeros, too.
    case on
    /// A page of zeros over a written block is a violation.
    case strict
}

/// `[oracle]`: what the checker may use.
package struct OracleConfig: Hashable, Sendable {
    /// Memory for logs and model together.
    package var memory = ByteSize.mib(512)
    /// Whether quiet points check anything; a run without is untested.
    package var check = true
    /// The pages for which R11 is judged: what fsync and msync acknowledged.
    package var durability = AcknowledgedPages.settled
    /// Which frames mappings may reach.
    package var frames = FrameRule.on
    /// How often the torture is to be run with its checks and without, by turns, to compare their
    /// speed; 0 for a run as it is meant.
    package var compare: UInt64 = 0

    package init() {}
}

/// What of the stores is left when the power fails.
package enum CacheModel: String, CaseIterable, Sendable {
    /// What was flushed and fenced, and of the rest what the caches wrote back by chance.
    case adr
    /// All of them: what energy is left writes the caches back.
    case eadr
}

/// `[crash]`: cuts of the power, and what is left of the files (R14).
package struct CrashConfig: Hashable, Sendable {
    /// How often in each epoch what is left is kept, to be looked at; 0: the power is never cut.
    package var cuts: UInt64 = 0
    package var model = CacheModel.adr

    package init() {}
}

/// `[minimise]`: the run is one that makes its scripts smaller; `daxtorture minimise` writes it.
package struct MinimiseConfig: Hashable, Sendable {
    /// What the scripts are to show; nil: it is an ordinary run.
    package var signatures: [String]?
    /// How long it may take; nil: as long as it takes.
    package var budget: TimeSpan?

    package init() {}
}

/// `[bench]`: the run measures page faults and does not torture; `daxtorture bench` writes it.
package struct BenchConfig: Hashable, Sendable {
    /// What is measured; nil: it is an ordinary run.
    package var kind: BenchKind?
    /// How often each point is measured.
    package var passes: UInt64 = 7
    /// How many threads there are at the most.
    package var threads: UInt64 = 2

    package init() {}
}

/// What a benchmark measures.
package enum BenchKind: String, CaseIterable, Hashable, Sendable {
    /// Faults per second, and how long they take.
    case faults
    /// The instructions that a fault or a call takes, on a deterministic machine.
    case instructions
}

/// `[actor.NAME]`: some actors of one role.
package struct ActorConfig: Hashable, Sendable {
    package var name: String
    /// One of the schema's roles.
    package var role: String
    /// How many actors there are of it; 0 leaves them out.
    package var count: UInt64
    /// The smallest operation.
    package var min: ByteSize
    /// The largest operation.
    package var max: ByteSize
    /// What an operation's offset is a multiple of: a power of two.
    package var align: ByteSize
    /// The time between one operation's return and the next one's invocation.
    package var pause: TimeSpan
    /// What a script does, a step each; empty for all other roles.
    package var steps: [String]

    package init(
        name: String, role: String = "", count: UInt64 = 1, min: ByteSize = ByteSize(bytes: 8),
        max: ByteSize = .kib(64), align: ByteSize = ByteSize(bytes: 8),
        pause: TimeSpan = TimeSpan(nanoseconds: 0), steps: [String] = []
    ) {
        self.name = name
        self.role = role
        self.count = count
        self.min = min
        self.max = max
        self.align = align
        self.pause = pause
        self.steps = steps
    }
}
