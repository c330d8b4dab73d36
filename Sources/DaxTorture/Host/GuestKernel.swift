internal import CSystem
package import DaxSystem
internal import Glibc

/// What only the first process of a machine asks of its kernel.
package enum GuestKernel {
    /// Whether this process is the first of its machine.
    package static var isInit: Bool { getpid() == 1 }

    /// Loads a module from a file; one that is loaded already is fine (finit_module).
    package static func insertModule(_ path: String) throws(SystemError) {
        let file = try HostFile.reading(path)
        let result = unsafe csystem_finit_module(file.descriptor, "")
        if result != -EEXIST { try checked(result, "finit_module", path) }
    }

    /// The release of the running kernel, as `uname -r` prints it (uname).
    package static func release() -> String {
        var name = utsname()
        unsafe uname(&name)
        return unsafe withUnsafeBytes(of: name.release) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    /// Ends this process at once with status 0 (_exit): no destructor runs, no thread is joined.
    package static func exit() -> Never { _exit(0) }

    /// Switches the machine off at once, without writing anything back (reboot): the filesystem
    /// under test ends with the machine, and a sync of a broken one may never return.
    package static func powerOff() -> Never {
        csystem_power_off()
        fatalError("reboot(RB_POWER_OFF) returned")
    }

    /// Kills every process but the first and this one (kill, -1). They may take a while to go.
    package static func killOthers() { kill(-1, SIGKILL) }

    /// Has the kernel print the stacks of all blocked tasks and of all CPUs (sysrq w and l), for a
    /// run that does not come forward.
    package static func printStacks() throws(SystemError) {
        for command in ["w", "l"] {
            try Files.write(Array(command.utf8), to: "/proc/sysrq-trigger")
        }
    }

    /// Has each place of the kernel that warns once (WARN_ON_ONCE) do so once more (clear_warn_once of
    /// debugfs); a kernel that was built without stays silent.
    package static func rearmWarnings() {
        let switchPath = "/sys/kernel/debug/clear_warn_once"
        if (try? Files.write([0x31], to: switchPath)) != nil { return }
        try? Filesystem.mount("debugfs", on: "/sys/kernel/debug", type: "debugfs")
        try? Files.write([0x31], to: switchPath)
    }

    /// Sleeps, rounded up to whole milliseconds (usleep).
    package static func sleep(milliseconds: UInt32) { usleep(milliseconds * 1000) }

    /// Sends standard output and error to a character device, line by line.
    package static func speak(on device: String) throws(SystemError) {
        let console = try HostFile.updating(device)
        for standard: Int32 in 0...2 {
            try checkedErrno(dup2(console.descriptor, standard), "dup2", device)
        }
    }
}
