package import DaxBench
package import DaxConfig
import DaxMachine
import DaxModel
import DaxMutants
package import DaxReport
import DaxSystem
import DaxText

/// A run in a machine of its own, seen from the host.
package struct MachineSession {
    /// With the choices in it: its text alone runs the same thing again.
    private(set) var config: ResolvedConfig
    /// What it will boot, as chosen.
    let machine: Machine
    let initramfs: Initramfs
    /// One line on the accelerator that was chosen, and why.
    private let acceleration: String
    /// Whether the kernel checks itself, and is slow to boot.
    private let isSlow: Bool

    /// Chooses kernel, QEMU and accelerator and packs what the guest needs; nothing is started.
    ///
    /// `cache` is where QEMU, kernels and the trial of KVM are kept.
    package init(_ config: ResolvedConfig, cache: String) throws {
        let module = config.fs.type == .ext4 ? "ext4" : "xfs"
        let device = DaxMachine.PersistentDevice(rawValue: config.vm.device.rawValue)!
        let mutant = config.vm.mutant.flatMap(Mutant.named)
        let kernel = try MachineSession.kernel(config, mutant, cache: cache)
        try kernel.image.checkLength()
        let qemu = try QEMU.find(explicit: config.vm.qemu, cache: cache)
        var initramfs = try Initramfs(program: "/proc/self/exe")
        for tool in ["mke2fs", "e2fsck", "mkfs.xfs", "xfs_repair"] {
            try initramfs.add(tool: tool)
        }
        if let directory = kernel.modules {
            let modules = try KernelModules(directory: directory).order(
                needed: device.modules + [module],
                optional: KernelModules.checksums
                    + (config.fs.hasQuotas ? KernelModules.quotas : []),
                release: kernel.image.release)
            try initramfs.add(
                modules: modules,
                instead: try mutant.map {
                    [$0.module: try $0.image(among: modules, of: kernel.image.release)]
                } ?? [:])
        } else if let mutant {
            throw RunError.untested("\(mutant.name) needs modules to break: give --modules")
        } else {
            initramfs.require(builtIn: device.modules + [module])
        }
        var machine = Machine(qemu: qemu, kernel: kernel.image)
        machine.cpus = Int(config.vm.cpus)
        machine.memory = Int(config.vm.memory.bytes)
        machine.persistentMemory = Int(config.vm.pmem.bytes)
        machine.persistentDevice = device
        if config.vm.deterministic { machine.seed = (config.vm.seed ?? config.seed).value }
        // Debian's kernels can be preempted anywhere if asked: more interleavings on few CPUs.
        machine.kernelArguments = ["preempt=full"]
        if config.crash.cuts > 0 { machine.powerCutPlugin = try MachineSession.powerCutPlugin() }
        isSlow = kernel.features?.isSlow == true
        acceleration = try machine.accelerate(
            config.crash.cuts > 0
                ? .tcg : AccelerationRequest(rawValue: config.vm.acceleration.rawValue)!,
            cache: cache)
        self.machine = machine
        self.initramfs = initramfs
        self.config = try config.choosing(kernel, qemu)
        choose(machine.acceleration)
    }

    /// What QEMU loads to follow the persistent memory: it lies beside this program, or where an installed
    /// one has what belongs to it.
    private static func powerCutPlugin() throws -> String {
        let directory = Files.parent(of: try Files.canonical("/proc/self/exe"))
        let name = "libdaxtorture-powercut.so"
        let places = ["\(directory)/\(name)", "\(directory)/../libexec/daxtorture/\(name)"]
        guard let path = places.first(where: { Files.kind($0) == .regular }) else {
            throw RunError.untested("the power cannot be cut: there is no \(places[0])")
        }
        return path
    }

    /// How long the machine may take, `run` from its hello on.
    private func limits(run: Int) -> MachineLimits {
        var limits = MachineLimits(run: run)
        limits.silence = machine.deterministic ? 600 : 120
        if isSlow { limits.boot = 300 }
        return limits
    }

    private mutating func choose(_ acceleration: DaxMachine.Acceleration) {
        config = config.changing {
            $0.vm.acceleration = DaxConfig.Acceleration(rawValue: acceleration.rawValue)!
        }
    }

    /// The config as the guest gets it: without what is the host's alone, its paths among it, so that the
    /// guest is the same wherever the same kernel and QEMU were found, and however they were named.
    var guestConfig: [UInt8] {
        let config = config.changing {
            ($0.vm.kernel, $0.vm.modules, $0.vm.qemu) = (nil, nil, nil)
            ($0.vm.acceleration, $0.vm.seed) = (.auto, nil)
        }
        return Array(config.config.text(schema: .daxtorture).utf8)
    }

    private static func kernel(_ config: ResolvedConfig, _ mutant: Mutant?, cache: String) throws
        -> InstalledKernel
    {
        if let kernel = config.vm.kernel {
            return try InstalledKernel(kernel: kernel, modules: config.vm.modules)
        }
        var found = try InstalledKernel.find(cache: cache, withModule: mutant?.module)
        if let modules = config.vm.modules { found.modules = modules }
        return found
    }

    /// What was chosen, a line each.
    package var choices: [String] {
        var lines = [
            "kernel \(machine.kernel.release) (\(machine.kernel.path))",
            "QEMU \(machine.qemu.version), accelerator \(acceleration)",
        ]
        if let mutant = config.vm.mutant { lines.append("broken on purpose: \(mutant)") }
        return lines
    }

    /// Boots, and has the guest make the config's scripts smaller (`[minimise]`); the text of the smallest
    /// that shows what it is to show, which lies in `directory`, too; nil where nothing showed.
    package func minimise(
        in directory: borrowing ReportDirectory, progress: (String) -> Void
    ) throws -> String? {
        let budget = (config.minimise.budget?.nanoseconds ?? 0) / 1_000_000_000
        let limits = limits(run: 300 + Int(budget) * (machine.deterministic ? 60 : 3))
        let run = try machine.run(
            initramfs, config: guestConfig, in: directory.held, limits: limits, progress: progress)
        directory.keep(run)
        if let obstacle = run.files["obstacle.txt"] {
            throw RunError.untested(String(decoding: obstacle, as: UTF8.self))
        }
        return run.files[Minimisation.file].map { String(decoding: $0, as: UTF8.self) }
    }

    /// Boots, and has the guest measure what the config's `[bench]` asks for.
    package func bench(
        in directory: borrowing ReportDirectory, progress: (String) -> Void
    ) throws -> BenchReport {
        let limits = limits(run: machine.deterministic ? 3600 : 1800)
        let run = try machine.run(
            initramfs, config: guestConfig, in: directory.held, limits: limits, progress: progress)
        directory.keep(run)
        if let obstacle = run.files["obstacle.txt"] {
            throw RunError.untested(String(decoding: obstacle, as: UTF8.self))
        }
        guard let file = run.files[Bench.file],
            let report = (try? JSON(file)).flatMap(BenchReport.init)
        else { throw RunError.untested("the guest sent no figures: \(run.outcome)") }
        return report
    }

    /// Boots, follows, and draws up the report; console.log is in `directory` then.
    package func run(
        in directory: borrowing ReportDirectory, progress: (String) -> Void
    ) throws -> (report: Report, bootMilliseconds: Int?) {
        let runs = max(1, 2 * Int(config.oracle.compare))
        let seconds = runs * Int(config.run.duration.nanoseconds / 1_000_000_000)
        // A deterministic machine's second is several of the host's, and audits come on top.
        let limits = limits(run: 300 + seconds * (machine.deterministic ? 60 : 10))
        let run = try machine.run(
            initramfs, config: guestConfig,
            in: directory.held, limits: limits, progress: progress)
        directory.keep(run)
        if run.acceleration != machine.acceleration {
            var session = self
            session.choose(run.acceleration)
            directory.keep(
                Array(session.config.config.text(schema: .daxtorture).utf8), as: "resolved.toml")
        }
        let reading = MachineReading(
            run: run, planned: Double(config.run.duration.nanoseconds) / 1e9,
            memory: config.vm.memory)
        var report = try reading.report(
            sent: run.files["report.json"], latest: run.latest,
            obstacle: run.files["obstacle.txt"].map { String(decoding: $0, as: UTF8.self) },
            otherwise: Report(of: config))
        report.machine = MachineFacts(
            acceleration: run.acceleration.rawValue, qemuVersion: "\(machine.qemu.version)",
            cpus: config.vm.cpus, memory: config.vm.memory, pmem: config.vm.pmem,
            device: config.vm.device.rawValue, map: config.vm.map.rawValue,
            initramfs: ByteSize(bytes: UInt64(run.initramfsSize)),
            commandLine: run.commandLine, seed: machine.seed.map { Seed($0) },
            digests: run.digests)
        if let mutant = config.vm.mutant { report.notes.append("broken on purpose: \(mutant)") }
        return (report, run.bootMilliseconds)
    }
}

extension ResolvedConfig {
    /// The config with the kernel, its modules and the QEMU that were found, by their absolute paths.
    fileprivate func choosing(_ kernel: InstalledKernel, _ qemu: QEMU) throws -> ResolvedConfig {
        try changing {
            $0.vm.kernel = try Files.canonical(kernel.image.path)
            $0.vm.modules = try kernel.modules.map { try Files.canonical($0) }
            $0.vm.qemu = try Files.canonical(qemu.path)
        }
    }
}

extension ReportDirectory {
    /// What a machine left, but for the guest's report: there is one verdict, the host's, and no other
    /// may lie there if that one cannot be written.
    func keep(_ run: MachineRun) {
        if let failure = run.consoleFailure { note("\(failure)") }
        for (name, bytes) in run.files.sorted(by: { $0.key < $1.key }) where name != "report.json" {
            keep(bytes, as: name)
        }
    }
}
