internal import DaxHost
internal import DaxSystem

/// The inside of a machine: this program as its first process, and as that process's one child.
///
/// The first brings the kernel to where real DAX can be mounted, waits for the child, and switches
/// the machine off. The child says to the host that it is up and runs what the caller wants run:
/// if it dies of a bug of its own, that is not the kernel's panic at losing its first process.
package struct Guest: Sendable {
    /// Whether this process is inside a machine of ours: then `main` is all it should do.
    ///
    /// Process 1 alone is no proof: in a container a program is that, too.
    package static var isHere: Bool {
        (GuestKernel.isInit || CommandLine.arguments.dropFirst().first == childWord)
            && Files.kind(Initramfs.configPath) != nil
    }

    /// How the line begins that the console shows when the child died of a bug of its own.
    package static let deathNote = "daxtorture: the run died"

    private static let childWord = "inside-the-machine"

    /// The road to the host.
    package let outbox: Outbox
    /// What the caller gave the machine to boot with.
    package let config: [UInt8]
    /// The emulated persistent memory.
    package let device: String
    /// How long the kernel took to come this far, by the guest's own clock.
    package let bootNanoseconds: UInt64
    /// Whether everything in here must follow from the seed.
    package let deterministic: Bool

    /// Whether the host wants the run to end early; never on a deterministic machine.
    package var stopRequested: Bool { !deterministic && outbox.stopRequested }

    /// How a guest that cannot come up begins its line on the console.
    static let complaint = "daxtorture: the guest cannot come up"

    /// Boots, runs `body`, sends the status that it returns, and switches off.
    ///
    /// What goes wrong before the host can be told goes to the console, which the host shows.
    package static func main(_ body: (Guest) -> Int32) -> Never {
        do throws(SystemError) {
            if GuestKernel.isInit {
                try boot()
                try superviseChild()
            } else {
                let guest = try Guest()
                let status = body(guest)
                guest.outbox.finish(status: status)
                GuestKernel.exit()
            }
        } catch {
            print("\(Guest.complaint): \(BuiltInModules().complaint ?? "\(error)")")
            if !GuestKernel.isInit { GuestKernel.exit() }
        }
        GuestKernel.powerOff()
    }

    /// Mounts what every program expects, and loads the modules.
    private static func boot() throws(SystemError) {
        try Filesystem.mount("devtmpfs", on: "/dev", type: "devtmpfs")
        try GuestKernel.speak(on: "/dev/console")
        try Filesystem.mount("proc", on: "/proc", type: "proc")
        try Filesystem.mount("sysfs", on: "/sys", type: "sysfs")
        // A kernel without tracing can still be tortured; what then cannot be proven, the report
        // says.
        try? Filesystem.mount("tracefs", on: "/sys/kernel/tracing", type: "tracefs")
        try Filesystem.mount("tmpfs", on: "/tmp", type: "tmpfs")
        let order = try Files.read(Initramfs.moduleOrderPath)
        for path in String(decoding: order, as: UTF8.self).split(separator: "\n") {
            try GuestKernel.insertModule(String(path))
        }
    }

    private static func superviseChild() throws(SystemError) {
        let console = try HostFile.updating("/dev/console")
        var child = try ChildProcess(
            [Initramfs.programPath, childWord], environment: ChildProcess.environment,
            output: console, error: console)
        while try child.wait(milliseconds: -1) == nil {}
        if let exit = child.exit, exit != .exited(0) { print("\(Guest.deathNote): \(exit)") }
    }

    private init() throws(SystemError) {
        let words = try Files.text("/proc/cmdline").split { $0 == " " || $0 == "\n" }
        deterministic = words.contains { $0.hasPrefix(Machine.seedWord) }
        config = try Files.read(Initramfs.configPath)
        device = "/dev/pmem0"
        try Guest.wait(for: device)
        if let missing = BuiltInModules().missing.first {
            throw SystemError("find", code: SystemError.noSuchDevice, target: missing)
        }
        outbox = Outbox(over: try Guest.sharedMemory())
        // It begins with the boot.
        bootNanoseconds = Clock.monotonicNanoseconds()
        let patience = 2 * bootNanoseconds / 1_000_000_000
        if patience > Machine.hungTaskSeconds {
            // A kernel without the check has no such file.
            try? Files.write(
                Array("\(patience)".utf8), to: "/proc/sys/kernel/hung_task_timeout_secs")
        }
        outbox.hello(kernel: GuestKernel.release())
    }

    /// Waits for a device that a driver is still making; 10 seconds at most.
    static func wait(for device: String) throws(SystemError) {
        for _ in 0..<5000 {
            if case .block? = Files.kind(device) { return }
            GuestKernel.sleep(milliseconds: 2)
        }
        throw SystemError("wait for", code: SystemError.noSuchDevice, target: device)
    }

    /// Finds the shared memory device (ivshmem, 1af4:1110) and maps all of it.
    private static func sharedMemory() throws(SystemError) -> SharedFile {
        let bus = "/sys/bus/pci/devices"
        for name in try Files.names(in: bus) {
            let device = "\(bus)/\(name)"
            guard try Files.text("\(device)/vendor") == "0x1af4\n",
                try Files.text("\(device)/device") == "0x1110\n"
            else { continue }
            try Files.write(Array("1".utf8), to: "\(device)/enable")
            // Its region 2 is the memory; "_wc" is the mapping that may be cached for writing.
            let combining = "\(device)/resource2_wc"
            let path = Files.kind(combining) == nil ? "\(device)/resource2" : combining
            let file = try HostFile.updating(path)
            return try SharedFile(mapping: file, size: file.size())
        }
        throw SystemError("find", code: SystemError.noSuchDevice, target: "the ivshmem device")
    }
}
