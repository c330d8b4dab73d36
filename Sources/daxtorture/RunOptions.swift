import ArgumentParser
import DaxConfig
import DaxMutants
import DaxSystem
import DaxText
import DaxTorture

/// The options of a run. All values are text here: the config's own rules judge them, so that a
/// flag, `--set` and a file get the same answer; that of numbers is whatever stands there, `-1`, too.
struct RunOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The filesystem under test: ext4-dax or xfs-dax.", valueName: "name"),
        completion: .list(FilesystemType.allCases.map(\.rawValue)))
    var fs: String?

    @Option(
        help: ArgumentHelp(
            "A config to start from: a file, or one that `daxtorture configs` lists.",
            valueName: "file"),
        completion: .custom { _, _, word in RunOptions.configs(of: word) })
    var config: String?

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp("Set one key of the config; may be repeated.", valueName: "key=value"),
        completion: .custom { _, _, word in ConfigSchema.daxtorture.completions(of: word) })
    var set: [String] = []

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp(
            "A file of violations that are known, and do not count (docs/known.md); may be repeated.",
            valueName: "file"),
        completion: .file(extensions: ["toml"]))
    var known: [String] = []

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How long actors run, such as 60s or 2h.", valueName: "time"))
    var duration: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("From one quiet point to the next.", valueName: "time"))
    var epoch: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("From which every random choice follows.", valueName: "n"))
    var seed: String?

    @Option(
        help: ArgumentHelp("Where the report goes; must hold none yet.", valueName: "dir"),
        completion: .directory)
    var report: String?

    @Option(
        help: ArgumentHelp("Torture in this directory of a DAX mount.", valueName: "dir"),
        completion: .directory)
    var mount: String?

    @Option(
        help: ArgumentHelp("Make the filesystem on this pmem device.", valueName: "dev"),
        completion: .file())
    var device: String?

    @Flag(help: "Whatever the device holds may be destroyed.")
    var format = false

    @Option(
        help: ArgumentHelp(
            "Boot this bzImage or vmlinuz, or what was built in this kernel tree.",
            valueName: "file"),
        completion: .file())
    var kernel: String?

    @Option(
        help: ArgumentHelp("Its modules: a directory as /lib/modules/RELEASE.", valueName: "dir"),
        completion: .directory)
    var modules: String?

    @Option(
        help: ArgumentHelp("Break the filesystem's module on purpose.", valueName: "name"),
        completion: .list(Mutant.all.map(\.name)))
    var mutant: String?

    @Option(
        help: ArgumentHelp("The qemu-system-x86_64 to start.", valueName: "file"),
        completion: .file())
    var qemu: String?

    @Option(
        help: ArgumentHelp("auto, kvm or tcg.", valueName: "name"),
        completion: .list(Acceleration.allCases.map(\.rawValue)))
    var accel: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("The machine's CPUs.", valueName: "n"))
    var cpus: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The machine's ordinary memory.", valueName: "size"))
    var memory: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The machine's emulated pmem.", valueName: "size"))
    var pmem: String?

    @Flag(help: "Make everything in the machine a function of the seed.")
    var deterministic = false

    @Flag(help: "After a violation run the same without DAX, and tell whether it is there, too.")
    var differential = false

    /// The config that file, `--set` and flags add up to, in that order; nothing of it is wrong. Where they
    /// name no seed, one is drawn.
    func resolve(
        _ schema: ConfigSchema, drawing draw: () -> Seed = { Seed(.random(in: 0...(.max))) }
    ) throws -> ResolvedConfig {
        var resolver = Resolver(schema: schema)
        if let config {
            let path = ShippedConfigs.path(of: config)
            let text: [UInt8]
            do { text = try ShippedConfigs.read(path) } catch {
                throw UsageError("--config: \(error)" + nearestConfig)
            }
            try resolver.read(text, name: path)
        }
        if let report,
            report.unicodeScalars.contains(where: {
                $0.properties.generalCategory == .control
            })
        {
            throw UsageError("--report: no path here has control characters")
        }
        for path in known {
            let bytes: [UInt8]
            do { bytes = try ShippedConfigs.read(path) } catch {
                throw UsageError("--known: \(error)")
            }
            try resolver.read(known: bytes, name: path)
        }
        for assignment in set { try resolver.set(assignment) }
        let flags: [(flag: String, key: String, value: String?)] = [
            ("--fs", "fs.type", fs), ("--duration", "run.duration", duration),
            ("--epoch", "run.epoch", epoch), ("--seed", "run.seed", seed),
            ("--mount", "fs.mount", mount), ("--device", "fs.device", device),
            ("--kernel", "vm.kernel", kernel), ("--modules", "vm.modules", modules),
            ("--mutant", "vm.mutant", mutant), ("--qemu", "vm.qemu", qemu),
            ("--accel", "vm.accel", accel),
            ("--cpus", "vm.cpus", cpus), ("--memory", "vm.memory", memory),
            ("--pmem", "vm.pmem", pmem),
            ("--deterministic", "vm.deterministic", deterministic ? "true" : nil),
            ("--differential", "run.differential", differential ? "true" : nil),
        ]
        for (flag, key, value) in flags {
            if let value { try resolver.set(flag: flag, key, value) }
        }
        return try resolver.resolved(drawing: draw)
    }

    /// A hint at the shipped config that was meant, where the file is not there.
    private var nearestConfig: String {
        guard let config, !Files.exists(config), !config.hasPrefix("/"),
            let name = config.split(separator: "/").last?.split(separator: ".").first,
            let nearest = nearest(to: String(name), among: ShippedConfigs.names)
        else { return "" }
        return "; the nearest that `daxtorture configs` lists is \(nearest)"
    }

    /// What `--config` may go on with: shipped configs, and files of this directory.
    private static func configs(of word: String) -> [String] {
        let files = ((try? Files.names(in: ".")) ?? []).filter { $0.hasSuffix(".toml") }
        return (ShippedConfigs.names + files).filter { $0.hasPrefix(word) }
    }
}
