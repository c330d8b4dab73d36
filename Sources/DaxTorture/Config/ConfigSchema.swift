internal import DaxText

/// One key: where it lives in a value, how it is written, what it means.
struct ConfigKey<Root>: Sendable {
    let name: String
    /// For docs/config.md: what is allowed, and what the key means.
    let range: String
    let meaning: String
    /// The value as a TOML literal; nil where none is set.
    let literal: @Sendable (Root) -> String?
    let set: @Sendable (inout Root, RawValue) throws(Misfit) -> Void

    init<Value>(
        _ name: String, _ path: any WritableKeyPath<Root, Value> & Sendable, _ type: KeyType<Value>,
        _ meaning: String
    ) {
        self.name = name
        self.meaning = meaning
        range = type.range
        literal = { type.literal($0[keyPath: path]) }
        set = { (root, raw) throws(Misfit) in root[keyPath: path] = try type.decode(raw) }
    }

    init<Value>(
        optional name: String, _ path: any WritableKeyPath<Root, Value?> & Sendable,
        _ type: KeyType<Value>, _ meaning: String
    ) {
        self.name = name
        self.meaning = meaning
        range = type.range
        literal = { $0[keyPath: path].map(type.literal) }
        set = { (root, raw) throws(Misfit) in root[keyPath: path] = try type.decode(raw) }
    }
}

/// A table of a config and its keys.
struct ConfigTable<Root>: Sendable {
    let name: String
    let meaning: String
    let keys: [ConfigKey<Root>]
}

/// Every table and key there is. Reader, writer, `--set`, suggestions and docs/config.md follow
/// from it, so a key that is added here is added everywhere.
package struct ConfigSchema: Sendable {
    /// The version that `format` names.
    package static let format = 1

    /// The roles an actor can have, in the order in which they are listed to a user.
    package let roles: [String]

    /// By a mutant's name the filesystem that it breaks.
    let broken: [String: FilesystemType]
    let tables: [ConfigTable<Config>]
    let file: ConfigTable<FileConfig>
    let actor: ConfigTable<ActorConfig>
    let promise: ConfigTable<Promise>
    /// Why an actor cannot do a script's step on such a filesystem; nil if it can.
    let stepComplaint: @Sendable (String, ActorConfig, FilesystemConfig) -> String?
    /// Why a script's steps, each of which is one, do not go together, or with those of others; nil if they
    /// do.
    let scriptComplaint: @Sendable (ActorConfig, Config) -> String?

    /// A schema for a program whose actors have `roles`, a list that is not empty, and that can
    /// break a kernel as `mutants` names, each the module of one filesystem. `stepComplaint` and
    /// `scriptComplaint` know the steps of scripts.
    package init(
        roles: [String] = [
            "writer", "faulter", "truncater", "puncher", "mover", "cloner", "churner", "syncer",
            "filler", "freezer", "administrator", "io", "pinner", "borrower", "forker", "recycler",
            "poisoner", "script",
        ],
        mutants: [(name: String, filesystem: FilesystemType)] = [],
        stepComplaint: @escaping @Sendable (String, ActorConfig, FilesystemConfig) -> String? = {
            _, _, _ in nil
        },
        scriptComplaint: @escaping @Sendable (ActorConfig, Config) -> String? = { _, _ in nil }
    ) {
        (self.stepComplaint, self.scriptComplaint) = (stepComplaint, scriptComplaint)
        precondition(!roles.isEmpty, "a schema without roles")
        self.roles = roles
        broken = Dictionary(uniqueKeysWithValues: mutants.map { ($0.name, $0.filesystem) })
        let mutants = mutants.map(\.name)
        tables = [
            ConfigSchema.run, ConfigSchema.fs, ConfigSchema.vm(mutants), ConfigSchema.oracle,
            ConfigSchema.crash, ConfigSchema.minimise, ConfigSchema.bench,
        ]
        file = ConfigSchema.file
        actor = ConfigSchema.actor(roles)
        promise = ConfigSchema.promise(mutants)
    }

    private static let run = ConfigTable<Config>(
        name: "run", meaning: "how long, and from which seed",
        keys: [
            ConfigKey(
                "duration", \.run.duration, .span(.milliseconds(100)...(.hours(720))),
                "how long actors run; audits come on top"),
            ConfigKey(
                optional: "seed", \.run.seed, .seed,
                "from which every random choice follows; drawn and printed when absent"),
            ConfigKey(
                "epoch", \.run.epoch, .span(.milliseconds(10)...(.hours(1))),
                "from one quiet point, with its audit, to the next"),
            ConfigKey(
                "until", \.run.until, .choice("end"),
                "violation: the first quiet point that finds one ends the run, as git bisect likes"),
            ConfigKey(
                "differential", \.run.differential, .boolean,
                "after a violation run the same without DAX, and say whether it happens there, too"
            ),
            ConfigKey(
                "steer", \.run.steer, .boolean,
                "let two actors duel in every second epoch, where coverage is thinnest, and mappings "
                    + "grow old in every fourth"),
            ConfigKey(
                "processes", \.run.processes, .integer(1...8),
                "deal the actors out to so many, in which mmap and faults do not stop each other"),
            ConfigKey(
                optional: "rounds", \.run.rounds, .integer(1...1_000_000),
                "so many rounds in place of epochs: each makes the files anew, and its scripts go "
                    + "through their steps once"),
        ])

    private static let fs = ConfigTable<Config>(
        name: "fs", meaning: "what is tortured, and where it lies",
        keys: [
            ConfigKey("type", \.fs.type, .choice("filesystem"), "the filesystem under test"),
            ConfigKey(
                "dax", \.fs.dax, .choice("DAX mode"),
                "by the mount, by an inode flag that files inherit, or not at all (then untested)"),
            ConfigKey("files", \.fs.files, .integer(1...16), "files under test"),
            ConfigKey(
                "file-size", \.fs.fileSize, .size(.kib(64)...(.gib(1024)), multipleOf: .kib(64)),
                "the size that every file starts with, and its largest; where actors draw ranges 4MiB "
                    + "or more, and a multiple of 2MiB"),
            ConfigKey(
                "reflink", \.fs.reflink, .boolean,
                "make a filesystem whose files can share extents (xfs-dax only)"),
            ConfigKey(
                "exchange", \.fs.exchange, .boolean,
                "make a filesystem whose files can exchange ranges, if the kernel can (Linux 6.10; "
                    + "xfs-dax only): the role cloner does so"),
            ConfigKey(
                "zeroout", \.fs.zeroout, .boolean,
                "let ext4 make all of a small unwritten extent written where a part of it is (its "
                    + "extent_max_zeroout_kb is 0 else; a mount of one's own keeps what it has)"),
            ConfigKey(
                "failing-growth", \.fs.failingGrowth, .boolean,
                "let writes of the role io that are meant to fail at once, from memory that cannot be "
                    + "read, begin beyond the end of file on ext4-dax, too (their first word can be "
                    + "read there else)"),
            ConfigKey(
                "layout", \.fs.layout, .choice("layout"),
                "the extents that every file starts with: in one piece, block by block, none, or "
                    + "one of these for each 2MiB"),
            ConfigKey(
                optional: "free", \.fs.free, .size(.mib(1)...(.gib(1024))),
                "fill the filesystem with ballast but for so much"),
            ConfigKey(
                "mkfs", \.fs.mkfs, .lines,
                "more options for mke2fs or mkfs.xfs, such as \"-O fast_commit\" (below)"),
            ConfigKey(
                "mount-options", \.fs.mountOptions, .lines,
                "more options for the mount, such as \"data=writeback\" (below)"),
            ConfigKey(
                optional: "mount", \.fs.mount, .path,
                "torture in this directory of a mounted filesystem, not in a virtual machine"),
            ConfigKey(
                optional: "device", \.fs.device, .path,
                "make the filesystem on this block device, not in a virtual machine"),
        ])

    private static func vm(_ mutants: [String]) -> ConfigTable<Config> {
        ConfigTable(
            name: "vm", meaning: "the virtual machine, where neither a mount nor a device is named",
            keys: [
                ConfigKey(
                    optional: "kernel", \.vm.kernel, .path,
                    "a bzImage or vmlinuz, or a kernel tree after make; absent: the newest installed "
                        + "image"),
                ConfigKey(
                    optional: "modules", \.vm.modules, .path,
                    "a directory as /lib/modules/RELEASE is; absent: the image's own, or the tree's, "
                        + "or, beside another vm.kernel, none"),
                ConfigKey(
                    optional: "qemu", \.vm.qemu, .path,
                    "the qemu-system-x86_64 to start; absent: the first that is new enough"),
                ConfigKey(
                    "accel", \.vm.acceleration, .choice("accelerator"),
                    "auto takes KVM where a probe shows that it works, else TCG; a machine that "
                        + "does not come up under KVM then is booted once more under TCG, and says so"
                ),
                ConfigKey("cpus", \.vm.cpus, .integer(1...64), "virtual CPUs"),
                ConfigKey(
                    "memory", \.vm.memory, .size(.mib(256)...(.gib(1024)), multipleOf: .mib(2)),
                    "ordinary memory"),
                ConfigKey(
                    "pmem", \.vm.pmem, .size(.mib(64)...(.gib(1024)), multipleOf: .mib(2)),
                    "emulated persistent memory, beside the ordinary"),
                ConfigKey(
                    "device", \.vm.device, .choice("pmem device"),
                    "memory that memmap= sets apart (nd_e820), a DIMM of QEMU's (nfit), or memory that "
                        + "the host makes durable when asked (virtio_pmem), where MAP_SYNC is refused"
                ),
                ConfigKey(
                    "map", \.vm.map, .choice("page map"),
                    "where the struct pages of the pmem lie: in ordinary memory, or in the pmem"),
                ConfigKey(
                    "deterministic", \.vm.deterministic, .boolean,
                    "make everything in the machine a function of the seed"),
                ConfigKey(
                    optional: "seed", \.vm.seed, .seed,
                    "from which the interleaving follows, where vm.deterministic; absent: run.seed, "
                        + "from which the operations follow in any case"),
                ConfigKey(
                    optional: "mutant", \.vm.mutant,
                    .name("mutant", of: mutants, listedBy: "daxtorture mutants"),
                    "break the filesystem's module on purpose, to see that it is noticed"),
            ])
    }

    private static let oracle = ConfigTable<Config>(
        name: "oracle", meaning: "what the checker may use",
        keys: [
            ConfigKey(
                "memory", \.oracle.memory, .size(.mib(16)...(.gib(64))),
                "memory for logs and model together"),
            ConfigKey(
                "check", \.oracle.check, .boolean,
                "false: quiet points check nothing, and the run is untested; for benchmarks"),
            ConfigKey(
                "durability", \.oracle.durability, .choice("set of pages"),
                "of which pages fsync and msync are held to have written back what was stored "
                    + "(R11); see docs/oracle.md"),
            ConfigKey(
                "frames", \.oracle.frames, .choice("rule"),
                "whether mappings are held to reach their files' own blocks (R12); strict: where a "
                    + "block is written, pages of zeros count, too"),
            ConfigKey(
                "compare", \.oracle.compare, .integer(0...100),
                "not 0: a benchmark of so many rounds, each the run with its checks and without; "
                    + "untested"),
        ])

    private static let crash = ConfigTable<Config>(
        name: "crash", meaning: "cuts of the power (docs/power-cut.md)",
        keys: [
            ConfigKey(
                "cuts", \.crash.cuts, .integer(0...1000),
                "how often in each epoch what a power cut would leave is kept; the quiet point mounts "
                    + "and judges it (R14)"),
            ConfigKey(
                "model", \.crash.model, .choice("cache model"),
                "what is left: what was flushed and fenced, and of other lines some (adr), or all "
                    + "stores (eadr)"),
        ])

    private static let minimise = ConfigTable<Config>(
        name: "minimise", meaning: "what `daxtorture minimise` hands to the machine",
        keys: [
            ConfigKey(
                optional: "signatures", \.minimise.signatures, .lines,
                "the violations that smaller scripts are to show; an ordinary run has none"),
            ConfigKey(
                optional: "budget", \.minimise.budget, .span(.seconds(1)...(.hours(24))),
                "how long scripts may be made smaller"),
        ])

    private static let bench = ConfigTable<Config>(
        name: "bench", meaning: "what `daxtorture bench` hands to the machine",
        keys: [
            ConfigKey(
                optional: "kind", \.bench.kind, .choice("kind"),
                "what is measured; an ordinary run measures nothing"),
            ConfigKey(
                "passes", \.bench.passes, .integer(1...1000), "how often each point is measured"),
            ConfigKey(
                "threads", \.bench.threads, .integer(1...64), "how many threads fault at the most"),
        ])

    private static let file = ConfigTable<FileConfig>(
        name: "file.NAME", meaning: "what a file under test, f0 or f1 and so on, begins with",
        keys: [
            ConfigKey(
                "size", \.size,
                .size(ByteSize(bytes: 0)...(.gib(1024)), multipleOf: .kib(4)), "its size"),
            ConfigKey(
                "extents", \.extents, .lines,
                "its extents in the order in which they are made (below); the rest is a hole"),
        ])

    private static func actor(_ roles: [String]) -> ConfigTable<ActorConfig> {
        let word = ByteSize(bytes: 8)
        return ConfigTable(
            name: "actor.NAME", meaning: "some actors of one role",
            keys: [
                ConfigKey("role", \.role, .name("role", of: roles), "what they do; required"),
                ConfigKey("count", \.count, .integer(0...64), "how many; 0 leaves them out"),
                ConfigKey(
                    "min", \.min, .size(word...(.gib(1)), multipleOf: word),
                    "bytes of the smallest operation"),
                ConfigKey(
                    "max", \.max, .size(word...(.gib(1)), multipleOf: word),
                    "bytes of the largest operation"),
                ConfigKey(
                    "align", \.align, .powerOfTwo(word...(.gib(1))),
                    "what offsets are multiples of"),
                ConfigKey(
                    "pause", \.pause, .span(TimeSpan(nanoseconds: 0)...(.hours(1))),
                    "between an operation's return and the next one's invocation"),
                ConfigKey(
                    "steps", \.steps, .lines,
                    "what a script does, again and again (below); of no use to another role"),
            ])
    }
}

extension ConfigSchema {
    /// The rule that a script's steps break, or the lack of them.
    func brokenStep(_ config: Config) -> BrokenRule? {
        for actor in config.actors {
            let (role, steps) = ("actor.\(actor.name).role", "actor.\(actor.name).steps")
            if (actor.role == "script") == actor.steps.isEmpty {
                return BrokenRule(
                    steps, role, message: "a script has steps, and no other role has any")
            }
            for step in actor.steps {
                let complaint = stepComplaint(step, actor, config.fs)
                if let complaint { return BrokenRule(steps, role, message: complaint) }
            }
        }
        for actor in config.actors where !actor.steps.isEmpty {
            if let complaint = scriptComplaint(actor, config) {
                return BrokenRule("actor.\(actor.name).steps", message: complaint)
            }
        }
        return nil
    }

    /// The rule that a mutant of another filesystem breaks; it stands at `key`, and the filesystem at
    /// `place`.
    func brokenRule(
        mutant: String?, _ key: String, on type: FilesystemType?, _ place: String
    ) -> BrokenRule? {
        guard let mutant, let type, let filesystem = broken[mutant], filesystem != type else {
            return nil
        }
        return BrokenRule(
            key, place, message: "\(mutant) breaks \(filesystem.rawValue), not \(type.rawValue)")
    }
}
