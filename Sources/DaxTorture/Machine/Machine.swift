internal import DaxSystem

/// How a machine's instructions are carried out.
package enum Acceleration: String, Sendable {
    case kvm, tcg
}

/// What emulates the persistent memory.
package enum PersistentDevice: String, Sendable {
    /// The end of the ordinary memory, which the command line's memmap= sets apart.
    case memmap
    /// A DIMM, which ACPI's NFIT describes. It has no label area, so that the kernel makes one
    /// namespace of all of it.
    case nvdimm
    /// Memory of QEMU's on a PCI device; a flush is a request to QEMU, whose fsync(2) of the memory file
    /// means nothing.
    case virtio = "virtio-pmem"

    /// The modules without which the kernel does not find it.
    package var modules: [String] {
        switch self {
        case .memmap: ["libnvdimm", "nd_pmem", "nd_e820"]
        case .nvdimm: ["libnvdimm", "nd_pmem", "nfit"]
        case .virtio: ["libnvdimm", "nd_pmem", "virtio_pci", "virtio_pmem"]
        }
    }
}

/// A machine that is going to be booted: everything about it but the filesystem it boots from.
package struct Machine: Sendable {
    package var qemu: QEMU
    package var kernel: KernelImage
    package var acceleration = Acceleration.tcg
    /// On what KVM was chosen; nil where it was not.
    var trustInKVM: KVMTrust?
    /// Virtual CPUs, 1 to 64.
    package var cpus = 2
    /// Ordinary memory in bytes: a multiple of 2 MiB, 256 MiB or more.
    package var memory = 1 << 30
    /// Emulated persistent memory in bytes: a multiple of 2 MiB, so that a huge page of a file can
    /// be one of the device.
    package var persistentMemory = 1 << 30
    package var persistentDevice = PersistentDevice.memmap
    /// Not nil: everything in the machine is a function of this seed.
    package var seed: UInt64?
    /// The most that the guest can send in one run, in bytes: a power of two.
    package var outboxSize = 256 << 20
    /// More words for the kernel's command line.
    package var kernelArguments: [String] = []
    /// Not nil: QEMU follows what of the persistent memory is durable, by the plugin of that path, and there
    /// is another such memory for what a power cut leaves.
    package var powerCutPlugin: String?

    package init(qemu: QEMU, kernel: KernelImage) {
        self.qemu = qemu
        self.kernel = kernel
    }

    package var deterministic: Bool { seed != nil }

    /// Begins the word by which a guest knows that it is deterministic. A word with a dot in it
    /// is taken for a module's parameter, which the kernel neither knows nor complains of.
    static let seedWord = "daxtorture.seed="

    /// How long a task may be stuck before the kernel says so, in seconds; a kernel that was slow to boot
    /// is given more.
    static let hungTaskSeconds: UInt64 = 30

    /// Refuses what cannot be: sizes QEMU or the kernel would round.
    func check() throws(MachineError) {
        let huge = 2 << 20
        guard (1...64).contains(cpus) else { throw .badShape("1 to 64 CPUs, not \(cpus)") }
        guard memory % huge == 0, memory >= 256 << 20 else {
            throw .badShape("memory must be a multiple of 2MiB and at least 256MiB")
        }
        guard persistentMemory % huge == 0, persistentMemory >= 16 << 20 else {
            throw .badShape("pmem must be a multiple of 2MiB and at least 16MiB")
        }
        guard powerCutPlugin == nil || (acceleration == .tcg && persistentDevice == .memmap) else {
            throw .badShape("a power cut needs emulated instructions, and memory of memmap=")
        }
        precondition(outboxSize & (outboxSize - 1) == 0, "a PCI region is a power of two")
        if deterministic {
            guard acceleration == .tcg else {
                throw .badShape("a deterministic machine is emulated: it cannot use KVM")
            }
        }
    }

    var layout: MachineMemory {
        MachineMemory(memory: memory, persistentMemory: persistentMemory)
    }

    /// The kernel's command line.
    func commandLine(libraryPath: String) -> String {
        var words = [
            // Every line the kernel prints goes to console.log, warnings of a run above all.
            "console=ttyS0"
        ]
        if persistentDevice == .memmap {
            words.append("memmap=\(persistentMemory >> 20)M!\(layout.start >> 20)M")
            if powerCutPlugin != nil { words += layout.secondWords }
        }
        words += [
            // Any oops ends the machine at once: what runs on after it proves nothing.
            "oops=panic", "panic=-1",
            // A task that is stuck is named, with its stack, before the host gives up on it.
            "sysctl.kernel.hung_task_timeout_secs=\(Machine.hungTaskSeconds)",
            // The same addresses in each boot: logs can be compared, and QEMU -seed is enough.
            "nokaslr",
            // The emulated TSC is the host's or the instruction count; the kernel's watchdog would
            // call it unstable when the host is busy, and switch clocks in mid-run.
            "tsc=reliable",
            // Nothing hostile runs in there, and each mitigation costs emulated instructions.
            "mitigations=off",
            "rdinit=/init",
            // Swift's runtime looks for itself in /proc, which is not mounted when /init starts.
            "SWIFT_ROOT=/",
            "LD_LIBRARY_PATH=\(libraryPath)",
        ]
        // On a host that is busy the emulated timer comes late, and the kernel's boot-time check of
        // it panics.
        if acceleration == .tcg { words.append("no_timer_check") }
        // There, too, the kernel now and then measures its TSC against a timer that came late, takes
        // it for forty times slower than it is, and lives forty times too fast: what should end
        // within seconds is late at once. The emulated TSC is the host's, whose rate is known here.
        if acceleration == .tcg && !deterministic {
            words.append("tsc_early_khz=\(Machine.hostTicksPerMillisecond)")
        }
        // The kernel stirs its command line into its random numbers: with the seed in it, another
        // seed gives other addresses, other free lists, and so another run from the start.
        if let seed { words.append("\(Machine.seedWord)\(seed)") }
        return (words + kernelArguments).joined(separator: " ")
    }

    /// The rate of the host's time-stamp counter, in kHz.
    private static let hostTicksPerMillisecond =
        Int((Clock.measureTicksPerSecond() / 1000).rounded())

    /// Ordinary and persistent memory. The DIMM's is private memory of QEMU's: nothing of the
    /// host's disk is touched, and it is blank at each boot.
    private func memoryArguments(_ files: MachineMemory.Files?) -> [String] {
        let machine = "pc,max-ram-below-4g=\(layout.low)"
        let all = (memory + persistentMemory) >> 20
        if let files, let powerCutPlugin {
            return layout.arguments(
                machine: machine, files, plugin: powerCutPlugin, isSingle: deterministic)
        }
        switch persistentDevice {
        case .memmap: return ["-machine", machine, "-m", "\(all)M"]
        case .nvdimm:
            return [
                "-machine", machine + ",nvdimm=on",
                "-m", "\(memory >> 20)M,slots=1,maxmem=\(all)M",
                "-object", "memory-backend-ram,id=pmem,size=\(persistentMemory >> 20)M",
                "-device", "nvdimm,memdev=pmem",
            ]
        case .virtio:
            return [
                "-machine", machine, "-m", "\(memory >> 20)M,slots=1,maxmem=\(all)M",
                "-object",
                "memory-backend-memfd,id=pmem,size=\(persistentMemory >> 20)M,share=on",
                "-device", "virtio-pmem-pci,memdev=pmem,id=pmem0",
            ]
        }
    }

    /// QEMU's arguments. The files are given as paths that only the child can open; `kernel` is that of
    /// the unpacked kernel, where there is one, and `log` gets what `console` gets.
    func arguments(
        kernel unpacked: String? = nil, initramfs: String, outbox: String, console: String,
        log: String, libraryPath: String, powerCut: MachineMemory.Files? = nil
    ) -> [String] {
        var arguments = [qemu.path] + qemu.dataArguments
        arguments += ["-nodefaults", "-no-user-config", "-display", "none", "-no-reboot"]
        arguments += memoryArguments(powerCut) + ["-smp", "\(cpus)"]
        arguments += ["-kernel", unpacked ?? kernel.path, "-initrd", initramfs]
        arguments += ["-append", commandLine(libraryPath: libraryPath)]
        // A file never blocks: a console that could would let the host's timing in.
        arguments += [
            "-chardev", "file,id=console,path=\(console),logfile=\(log)",
            "-serial", "chardev:console",
        ]
        arguments += [
            "-object",
            "memory-backend-file,id=outbox,mem-path=\(outbox),size=\(outboxSize),share=on",
            "-device", "ivshmem-plain,memdev=outbox",
        ]
        switch (acceleration, seed) {
        case (.kvm, _): arguments += ["-accel", "kvm", "-cpu", "host"]
        case (.tcg, nil):
            arguments += [
                "-accel", "tcg,thread=multi", "-cpu", qemu.emulatedCPU(deterministic: false),
            ]
        case (.tcg, let seed?):
            arguments += [
                "-accel", "tcg,thread=single", "-icount", "shift=1,sleep=off,align=off",
                "-cpu", qemu.emulatedCPU(deterministic: true),
                "-rtc", "base=2026-01-01T00:00:00,clock=vm", "-seed", "\(seed)",
            ]
        }
        return arguments
    }
}
