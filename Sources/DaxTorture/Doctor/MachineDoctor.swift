package import DaxDevices
import DaxHost
package import DaxMachine
import DaxSystem
import DaxText

/// Whether a virtual machine can be booted here, and how fast.
package struct MachineDoctor {
    let cache: String
    let roots: Roots

    /// `cache` is where QEMU and kernels are kept; `roots` are made trees in tests.
    package init(cache: String, roots: Roots = Roots()) {
        (self.cache, self.roots) = (cache, roots)
    }

    /// All of it. KVM is tried by booting a kernel, which takes two seconds where it works and fifteen
    /// where it does not.
    package func diagnoses() throws(MachineError) -> [Diagnosis] {
        let (qemu, ofQEMU) = try findQEMU()
        let (kernel, ofKernel) = try findKernel()
        return [ofQEMU, ofKernel, tools(kernel)]
            + [try kvm(qemu, kernel), memory, cacheSpace]
    }

    private func findQEMU() throws(MachineError) -> (QEMU?, Diagnosis) {
        do throws(MachineError) {
            let qemu = try QEMU.find(cache: cache)
            return (qemu, .ok("QEMU", "\(qemu.version) (\(qemu.path))"))
        } catch {
            let mend =
                "daxtorture fetch (QEMU \(QEMU.oldest) into the cache; the host keeps its own)"
            switch error {
            case .interrupted: throw error
            case .noQEMU:
                let finding = "none in \(cache)/qemu, none in PATH"
                return (nil, .missing("QEMU", finding, mend: mend, essential: true))
            case .oldQEMU(let path, let version, _):
                let fault =
                    "\(path) is QEMU \(version): before \(QEMU.oldest) an emulated cmpxchg16b that faults corrupts flags, and newer "
                    + "kernels die of it at random"
                return (nil, .broken("QEMU", fault, mend: mend, essential: true))
            default: return (nil, .broken("QEMU", "\(error)", mend: mend, essential: true))
            }
        }
    }

    private func findKernel() throws(MachineError) -> (InstalledKernel?, Diagnosis) {
        let cached = KernelListing(cache: cache).kernels.count
        let mend = "daxtorture fetch (Debian's into the cache; the host keeps its own)"
        do throws(MachineError) {
            let kernel = try InstalledKernel.find(cache: cache)
            try kernel.image.checkLength()
            for filesystem in ["ext4", "xfs"] { _ = try kernel.order(forFilesystem: filesystem) }
            let others = cached > 1 ? ", and \(cached - 1) more" : ""
            return (
                kernel, .ok("kernel", "\(kernel.image.release) (\(kernel.image.path))\(others)")
            )
        } catch {
            switch error {
            case .interrupted: throw error
            case .noKernel:
                let finding = "none in /boot, none in \(cache)/kernels"
                return (nil, .missing("kernel", finding, mend: mend, essential: true))
            default: return (nil, .broken("kernel", "\(error)", mend: mend, essential: true))
            }
        }
    }

    /// What goes into the machine, and what unpacks a kernel and its modules.
    private func tools(_ kernel: InstalledKernel?) -> Diagnosis {
        var names = ["mke2fs", "e2fsck", "mkfs.xfs", "xfs_repair"]
        if let kernel { names += kernel.unpackers }
        let missing = names.filter { ChildProcess.find($0) == nil }
        if missing.isEmpty { return .ok("tools", names.joined(separator: ", ")) }
        return .missing(
            "tools", missing.joined(separator: ", "),
            mend: "apt-get install e2fsprogs xfsprogs xz-utils zstd lz4", essential: true)
    }

    private func kvm(_ qemu: QEMU?, _ kernel: InstalledKernel?) throws(MachineError) -> Diagnosis {
        let subject = "KVM"
        let slower = "machines are emulated, ten times slower"
        let node = "\(roots.dev)/kvm"
        guard Files.exists(node) else {
            return .missing(subject, "no \(node): \(slower)", mend: remedyForNoNode)
        }
        do throws(SystemError) { _ = try HostFile.updating(node) } catch {
            return .missing(
                subject, "\(error): \(slower)",
                mend:
                    "sudo chgrp kvm \(node) && sudo chmod g+rw \(node) && sudo usermod -aG kvm USER, "
                    + "and log in again")
        }
        guard let qemu, let kernel else {
            return .broken(
                subject, "\(node) can be opened; whether it works needs a QEMU and a kernel to try",
                mend: "what is missing above")
        }
        guard let reason = try KVMTrial(qemu: qemu, kernel: kernel.image, cpus: 2).reasonAgainst()
        else { return .ok(subject, "a trial boot succeeded") }
        if Interrupts.seen > 0 { throw .interrupted }
        return .broken(
            subject, "\(reason): \(slower)",
            mend:
                "nothing has to be: --accel auto emulates by itself; it is the host under this one "
                + "that must allow nested virtualisation")
    }

    /// The module that would make the node, where the CPU has what it needs.
    private var remedyForNoNode: String {
        let flags = (try? Files.text("\(roots.proc)/cpuinfo")) ?? ""
        let words = Set(flags.split(whereSeparator: \.isWhitespace))
        for (flag, module) in [("vmx", "kvm_intel"), ("svm", "kvm_amd")] {
            if words.contains(Substring(flag)) {
                return "sudo modprobe \(module); of a container: start it with --device /dev/kvm"
            }
        }
        return
            "the CPU shows neither vmx nor svm: switch virtualisation on in the firmware, or, in a "
            + "virtual machine, nested virtualisation on its host"
    }

    /// What the machine of the default config takes: its memory, its pmem, and QEMU with what it sends.
    private static let wholeMachine: UInt64 = (1 << 30) + (1 << 30) + (256 << 20)
    /// What one with --memory 640MiB --pmem 320MiB takes.
    private static let smallMachine: UInt64 = (640 << 20) + (320 << 20) + (256 << 20)

    private var memory: Diagnosis {
        guard let available = HostMemory(roots: roots).available else {
            return .broken("memory", "/proc/meminfo says nothing", mend: "mount -t proc proc /proc")
        }
        let text = "\(available >> 20) MiB are free, \(Self.wholeMachine >> 20) are needed"
        if available >= Self.wholeMachine { return .ok("memory", text) }
        return .missing(
            "memory", text, mend: "daxtorture --memory 640MiB --pmem 320MiB --fs ext4-dax",
            essential: available < Self.smallMachine)
    }

    /// What QEMU and two kernels with their modules take.
    private static let cacheNeeds: UInt64 = 1 << 30

    private var cacheSpace: Diagnosis {
        var place = cache
        while !Files.exists(place), place.count > 1 { place = Files.parent(of: place) }
        let free = (try? Filesystem.freeBytes(place)) ?? 0
        let text = "\(free >> 20) MiB are free for \(cache)"
        if !Files.isWritable(place) {
            return .missing(
                "cache", "\(place) cannot be written to: nothing can be fetched",
                mend: "export XDG_CACHE_HOME=DIR")
        }
        if free >= Self.cacheNeeds { return .ok("cache", text) }
        return .missing(
            "cache", "\(text), \(Self.cacheNeeds >> 20) are wanted for QEMU and kernels",
            mend: "export XDG_CACHE_HOME=DIR, on a larger filesystem")
    }
}
