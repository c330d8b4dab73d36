public import DaxConfig
public import DaxMachine
public import DaxReport
import DaxSystem
import DaxText

/// A run in a machine of its own, seen from the host.
public struct MachineSession {
    private let config: Config
    private let schema: ConfigSchema
    /// What it will boot, as chosen.
    public let machine: Machine
    private let initramfs: Initramfs

    /// Chooses kernel, QEMU and accelerator and packs what the guest needs; nothing is started.
    public init(_ config: Config, schema: ConfigSchema, cache: String) throws(MachineError) {
        self.config = config
        self.schema = schema
        let kernel = try MachineSession.kernel(config.vm, cache: cache)
        let qemu = try QEMU.find(explicit: config.vm.qemu, cache: cache)
        var initramfs = try Initramfs(program: "/proc/self/exe")
        for tool in ["mke2fs", "mkfs.xfs"] { try initramfs.add(tool: tool) }
        if let directory = kernel.modules {
            let name = config.fs.type == .ext4 ? "ext4" : "xfs"
            let modules = try KernelModules(directory: directory).order(
                needed: KernelModules.persistentMemory + [name],
                optional: KernelModules.checksums, release: kernel.image.release)
            try initramfs.add(modules: modules)
        }
        var machine = Machine(qemu: qemu, kernel: kernel.image)
        machine.cpus = Int(config.vm.cpus)
        machine.memory = Int(config.vm.memory.bytes)
        machine.persistentMemory = Int(config.vm.pmem.bytes)
        if config.vm.deterministic { machine.seed = config.run.seed?.value }
        self.machine = machine
        self.initramfs = initramfs
    }

    private static func kernel(_ vm: MachineConfig, cache: String) throws(MachineError)
        -> InstalledKernel
    {
        if let kernel = vm.kernel {
            return try InstalledKernel(kernel: kernel, modules: vm.modules)
        }
        var found = try InstalledKernel.find(cache: cache)
        if let modules = vm.modules { found.modules = modules }
        return found
    }

    /// One line on what was chosen.
    public var choice: String {
        "kernel \(machine.kernel.release), QEMU \(machine.qemu.version) "
            + "\(machine.acceleration.rawValue), \(machine.cpus) CPUs"
            + (machine.deterministic ? ", deterministic" : "")
    }

    /// Boots, follows and reports; report.json and the rest are in `directory` then.
    public func run(
        in directory: borrowing ReportDirectory, progress: (String) -> Void
    ) throws -> Report {
        let seconds = Int(config.run.duration.nanoseconds / 1_000_000_000)
        // A deterministic machine's second is several of the host's, and audits come on top.
        var limits = MachineLimits(run: 300 + seconds * (machine.deterministic ? 30 : 10))
        limits.silence = machine.deterministic ? 300 : 120
        let run = try machine.run(
            initramfs, config: Array(config.text(schema: schema).utf8),
            directory: directory.path, limits: limits, progress: progress)
        var report = try report(of: run, in: directory)
        report.kernel = run.kernelRelease
        report.conclude(obstacles: report.vacuity)
        try directory.write(report)
        return report
    }

    private func report(of run: MachineRun, in directory: borrowing ReportDirectory) throws
        -> Report
    {
        var report = Report(fs: config.fs.type.rawValue, seed: config.run.seed ?? Seed(0))
        if case .finished = run.outcome, run.files["report.json"] != nil {
            report = try Report(json: JSON(Files.read(directory.path(of: "report.json"))))
        } else {
            report.vacuity = ["\(run.outcome)"]
        }
        return report
    }
}
