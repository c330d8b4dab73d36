import ArgumentParser
import DaxConfig
import DaxSystem
import DaxText

/// The options of a run. All values are text here: the config's own rules judge them, so that a
/// flag, `--set` and a file get the same answer.
struct RunOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The filesystem under test: ext4-dax or xfs-dax.", valueName: "name"))
    var fs: String?

    @Option(help: ArgumentHelp("A config to start from (docs/config.md).", valueName: "file"))
    var config: String?

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp("Set one key of the config; may be repeated.", valueName: "key=value"))
    var set: [String] = []

    @Option(help: ArgumentHelp("How long actors run, such as 60s or 2h.", valueName: "time"))
    var duration: String?

    @Option(help: ArgumentHelp("From one quiet point to the next.", valueName: "time"))
    var epoch: String?

    @Option(help: ArgumentHelp("From which every random choice follows.", valueName: "n"))
    var seed: String?

    @Option(help: ArgumentHelp("Where the report goes; must hold none yet.", valueName: "dir"))
    var report: String?

    @Option(help: ArgumentHelp("Torture in this directory of a DAX mount.", valueName: "dir"))
    var mount: String?

    @Option(help: ArgumentHelp("Make the filesystem on this pmem device.", valueName: "dev"))
    var device: String?

    @Flag(help: "Whatever the device holds may be destroyed.")
    var format = false

    @Option(help: ArgumentHelp("Boot this bzImage or vmlinuz.", valueName: "file"))
    var kernel: String?

    @Option(
        help: ArgumentHelp("Its modules: a directory as /lib/modules/RELEASE.", valueName: "dir"))
    var modules: String?

    @Option(help: ArgumentHelp("Break the filesystem's module on purpose.", valueName: "name"))
    var mutant: String?

    @Option(help: ArgumentHelp("The qemu-system-x86_64 to start.", valueName: "file"))
    var qemu: String?

    @Option(help: ArgumentHelp("auto, kvm or tcg.", valueName: "name"))
    var accel: String?

    @Option(help: ArgumentHelp("The machine's CPUs.", valueName: "n"))
    var cpus: String?

    @Option(help: ArgumentHelp("The machine's ordinary memory.", valueName: "size"))
    var memory: String?

    @Option(help: ArgumentHelp("The machine's emulated pmem.", valueName: "size"))
    var pmem: String?

    @Flag(help: "Make everything in the machine a function of the seed.")
    var deterministic = false

    @Flag(help: "After a violation run the same without DAX, and tell whether it is there, too.")
    var differential = false

    /// The config that file, `--set` and flags add up to, in that order.
    func resolve(_ schema: ConfigSchema) throws -> Config {
        var resolver = Resolver(schema: schema)
        if let config {
            do {
                try resolver.read(Files.text(config), name: config)
            } catch let error as SystemError {
                throw UsageError("--config: \(error)")
            }
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
        var config = try resolver.resolved()
        if config.run.seed == nil { config.run.seed = Seed(UInt64.random(in: 0...(.max))) }
        return config
    }
}
