package import DaxHost
package import DaxSystem
package import DaxText

/// How a run of a machine came to its end.
package enum MachineOutcome: Equatable, Sendable {
    /// The guest said its last word: the status that its body returned.
    case finished(status: Int32)
    /// The guest's kernel panicked, or the machine reset itself, in mid-run: QEMU says so.
    case panicked
    /// The guest switched the machine off in mid-run.
    case switchedOff
    /// The guest said nothing for so many seconds, or did not end when its time was over.
    case hung(seconds: Int)
    /// The guest sent what no guest of ours sends: its memory is broken.
    case garbled(reason: String)
    /// The guest never said that it is up; why, as far as it is known.
    case neverBooted(reason: String)
    /// The guest never said anything, for so many seconds.
    case silent(seconds: Int)
    /// QEMU itself ended badly, or nobody knows why.
    case qemuDied(reason: String)
    /// A signal reached QEMU itself, which then ends in good order; what it said of it.
    case qemuStopped(reason: String)
    /// The user ended it, and the guest could not be asked or did not obey.
    case interrupted
}

/// What is left of a machine that ran.
package struct MachineRun: Sendable {
    package var outcome: MachineOutcome
    /// The release that the guest's kernel said it is; nil if it never came up.
    package var kernelRelease: String?
    /// The whole files that the guest sent, by name.
    package var files: [String: [UInt8]] = [:]
    /// What the guest kept last (``Outbox/keepLatest(_:)``), whatever became of it; nil if nothing, or
    /// nothing whole.
    package var latest: [UInt8]?
    /// What was booted; nil where sha256sum(1) could not say.
    package var digests: MachineDigests?
    /// Why console.log does not hold all of the console; nil if it does.
    package var consoleFailure: SystemError?
    /// The last lines of the console, 50 at most.
    package var lastLines: [String] = []
    /// What the guest's kernel reported of itself (rule R10), in the order of the console.
    package var reports: [KernelReport] = []
    /// The console's line by which the kernel says that there was no memory left, counted from 0.
    package var outOfMemory: Int?
    /// From the start of QEMU to the guest's hello, in milliseconds of the host.
    package var bootMilliseconds: Int?
    /// The signals that came before the guest's last word; nil if none did.
    package var interrupt: Interrupt?
    /// The longest time between two looks at the machine, which are 20 ms apart where nothing keeps the
    /// host from it, in nanoseconds; 0 of a deterministic machine, whose clock stands still meanwhile.
    package var longestGap: UInt64 = 0
    /// How much of the CPU time that it wanted the machine got; all of it of a deterministic machine, whose
    /// clock counts instructions.
    package var share = HostShare()
    /// How many boots before this one showed no sign of life.
    package var silentBoots = 0
    /// What carried its instructions out.
    package var acceleration = Acceleration.tcg
    /// Why it is emulated though KVM was thought to work; nil where that is not so.
    package var failureOfKVM: String?
    /// The size of the initramfs in bytes.
    package var initramfsSize: Int
    /// The kernel's command line.
    package var commandLine: String
}

/// How long a machine may take, in seconds of the host that were seen to pass: while both are stopped
/// (a laptop's lid, a container's pause) none do.
package struct MachineLimits: Sendable {
    /// From the start of QEMU to the guest's hello.
    package var boot = 60
    /// From the hello to the last frame.
    package var run: Int
    /// Between two frames.
    package var silence = 90
    /// From the last frame to the end of QEMU, and from Ctrl-C to the last frame.
    package var end = 30

    package init(run: Int) { self.run = run }

    /// What they are once it is known how long the boot took, in seconds: a kernel that checks itself
    /// (KASAN, lockdep) is slow in all that it does, and slow is not hung.
    func after(boot seconds: Int) -> MachineLimits {
        var limits = self
        limits.silence = max(silence, MachineLimits.bootsOfSilence * seconds)
        limits.run = max(run, run / MachineLimits.ordinaryBoot * seconds)
        return limits
    }

    /// How long a kernel boots that does not check itself, in seconds, on a host that is busy.
    private static let ordinaryBoot = 30
    private static let bootsOfSilence = 4
}

extension Machine {
    /// Boots the machine and stays with it until it is gone.
    ///
    /// The console goes to console.log in `directory`, and each line of progress goes to `progress` as
    /// it comes; the guest's files stay in memory. No file is left anywhere else: what QEMU reads is in
    /// memory files that only it and this process ever see.
    ///
    /// A free emulated machine that shows no sign of life is booted once more, since nothing has been
    /// tried by then that could be hidden by it: on a busy host its timer may die early. The console of
    /// the first boot is console-silent.log then.
    ///
    /// One that does not come up under KVM is booted once more without, unless the user insisted; the
    /// console of the first boot is console-kvm.log then. "KVM works" is withdrawn.
    package func run(
        _ initramfs: Initramfs, config: [UInt8], in directory: borrowing Directory,
        limits: MachineLimits, progress: (String) -> Void
    ) throws(MachineError) -> MachineRun {
        if acceleration == .kvm {
            return try runDoubtingKVM(
                initramfs, config: config, in: directory, limits: limits, progress: progress)
        }
        return try runAsIs(
            initramfs, config: config, in: directory, limits: limits, progress: progress)
    }

    func runAsIs(
        _ initramfs: Initramfs, config: [UInt8], in directory: borrowing Directory,
        limits: MachineLimits, progress: (String) -> Void
    ) throws(MachineError) -> MachineRun {
        try check()
        let archive = initramfs.archive(config: config)
        let unpacked = acceleration == .tcg ? try kernel.unpacked() : nil
        do throws(SystemError) {
            var silentBoots = 0
            while true {
                var run = try boot(
                    kernel: unpacked, archive: archive, initramfs, in: directory, limits: limits,
                    progress: progress)
                run.silentBoots = silentBoots
                guard case .silent(let seconds) = run.outcome, !deterministic, acceleration == .tcg,
                    silentBoots == 0
                else { return run }
                progress("no sign of life in \(seconds) s: booting once more")
                try directory.rename("console.log", to: "console-silent.log")
                silentBoots = 1
            }
        } catch { throw .host(error) }
    }

    /// One boot, and all that comes of it. `kernel` is the unpacked one, where there is one.
    private func boot(
        kernel unpacked: [UInt8]?, archive: [UInt8], _ initramfs: Initramfs,
        in directory: borrowing Directory, limits: MachineLimits, progress: (String) -> Void
    ) throws(SystemError) -> MachineRun {
        let kernel = try HostFile.memory("kernel")
        if let unpacked { try kernel.write(unpacked.span) }
        let initrd = try HostFile.memory("initramfs")
        try initrd.write(archive.span)
        let outbox = try HostFile.memory("outbox", size: outboxSize)
        // Where QEMU's plugin is to see all stores, the machine's memory is a file, which both map.
        let isFollowed = powerCutPlugin != nil
        let ram = try HostFile.memory("memory", size: isFollowed ? layout.total : 0)
        // What the kernel printed is judged, and a disk may be full: QEMU has it in memory first.
        let console = try HostFile.memory("console")
        let log = try directory.create("console.log")
        let errors = try HostFile.memory("qemu's errors")
        let monitor = try QEMUMonitor()
        let child = try ChildProcess(
            arguments(
                kernel: unpacked == nil ? nil : kernel.inheritedPath,
                initramfs: initrd.inheritedPath, outbox: outbox.inheritedPath,
                console: console.inheritedPath, log: log.inheritedPath,
                libraryPath: initramfs.libraryPath,
                powerCut: isFollowed
                    ? MachineMemory.Files(memory: ram.inheritedPath, outbox: outbox.inheritedPath)
                    : nil) + monitor.arguments,
            environment: qemu.environment, output: errors, error: errors,
            inherited: [
                kernel.descriptor, initrd.descriptor, outbox.descriptor, console.descriptor,
                log.descriptor,
            ] + (isFollowed ? [ram.descriptor] : []) + monitor.inherited, guarded: true)
        // While it boots, which takes longer.
        var digesting = try? Digesting(
            kernel: self.kernel.path, qemu: qemu.path, archive: initrd,
            modules: initramfs.modules)
        let memory = try SharedFile(mapping: outbox, size: outboxSize)
        var watch = MachineWatch(
            child: child, reader: OutboxReader(over: memory), monitor: monitor, limits: limits,
            deterministic: deterministic)
        var run = MachineRun(
            outcome: .interrupted, initramfsSize: archive.count,
            commandLine: commandLine(libraryPath: initramfs.libraryPath))
        run.acceleration = acceleration
        try watch.follow(&run, progress)
        run.digests = digesting?.finish()
        let printed = try console.readAll()
        run.consoleFailure = Machine.complete(log, with: printed)
        let lines = ConsoleLog(printed)
        run.lastLines = lines.lines.suffix(50)
        run.reports = lines.reports
        run.outOfMemory = lines.outOfMemory
        switch run.outcome {
        case .neverBooted, .silent:
            guard let said = lines.lines.last(where: { $0.contains(Guest.complaint) }) else {
                break
            }
            let reason = said.firstRange(of: "\(Guest.complaint): ").map { said[$0.upperBound...] }
            run.outcome = .neverBooted(reason: reason.map(String.init) ?? said)
        case .qemuDied(let reason):
            let said =
                ConsoleLog(try errors.tail(QEMU.longestAnswer)).lines.last ?? "it said nothing"
            run.outcome = .qemuDied(reason: "\(reason): \(said)")
        case .qemuStopped(let reason):
            let said = ConsoleLog(try errors.tail(QEMU.longestAnswer)).lines.last
            run.outcome = .qemuStopped(reason: said ?? reason)
        default: break
        }
        return run
    }
    /// Writes the console anew where QEMU, which says nothing of a full disk, could not; why that is not
    /// possible either.
    static func complete(_ log: borrowing HostFile, with printed: [UInt8]) -> SystemError? {
        do throws(SystemError) {
            guard try log.size() != printed.count else { return nil }
            try log.resize(to: 0)
            try log.write(printed.span)
            return nil
        } catch { return error }
    }
}
