import DaxHost
import DaxMachine
import DaxSystem
import Glibc

/// As the first process of a machine: does what each word of the config says.
/// Elsewhere, called with "guarded", a file and a script: runs that, guarded, into that file, for ever.
/// Else, called with a directory and a config: boots such a machine and prints what it does.
@main
enum Probe {
    static func main() {
        if Guest.isHere { Guest.main(run(inside:)) }
        if CommandLine.arguments[1] == "guarded" {
            try! guarded(CommandLine.arguments[3], output: CommandLine.arguments[2])
        }
        do throws(MachineError) {
            try host(directory: CommandLine.arguments[1], config: CommandLine.arguments[2])
        } catch {
            say("error: \(error)")
        }
    }

    private static func run(inside guest: Guest) -> Int32 {
        let words = String(decoding: guest.config, as: UTF8.self).split(separator: " ")
        for word in words {
            switch word {
            case "file":
                let sent = guest.outbox.file("artifact.bin", artifact)
                guest.outbox.progress("sent \(sent)")
            case "keep": for text in ["1", "2"] { guest.outbox.keepLatest(Array(text.utf8)) }
            case "panic": try? Files.write(Array("c".utf8), to: "/proc/sysrq-trigger")
            case "hang": while true { GuestKernel.sleep(milliseconds: 1000) }
            case "tick":
                while !guest.stopRequested {
                    guest.outbox.progress("tick")
                    GuestKernel.sleep(milliseconds: 100)
                }
                guest.outbox.progress("asked to stop")
            case "stacks": try? GuestKernel.printStacks()
            case "random":
                let bytes = (try? HostFile.reading("/dev/urandom").read(limit: 16)) ?? []
                let time = (try? Files.text("/proc/uptime")) ?? ""
                guest.outbox.progress("\(bytes) \(time)")
            case "dax": guest.outbox.progress("dax \(mountDAX(guest.device))")
            default: return 3
            }
        }
        return 0
    }

    /// 30 MiB and a bit, in pieces of a prime length that each repeat a byte of their own, so that
    /// no piece of the road can be lost, doubled or put in another place unseen.
    static let artifact: [UInt8] = (0..<30).reduce(into: []) { bytes, piece in
        bytes += [UInt8](repeating: UInt8(piece), count: 1_048_583)
    }

    private static func mountDAX(_ device: String) -> String {
        do throws(SystemError) {
            let made = try ChildProcess.run(
                ["/sbin/mke2fs", "-q", "-t", "ext4", device], seconds: 30)
            guard made.exit == .exited(0) else { return "mke2fs: \(made.error)" }
            try Filesystem.mount(device, on: "/mnt", type: "ext4", options: "dax=always")
            return "mounted"
        } catch { return error.description }
    }

    private static func guarded(_ script: String, output path: String) throws -> Never {
        let output = try HostFile.creating(path)
        var child = try ChildProcess(
            ["/bin/sh", "-c", script], environment: ChildProcess.environment, output: output,
            error: output, guarded: true)
        while true { try child.wait(milliseconds: 1000) }
    }

    private static func host(directory: String, config: String) throws(MachineError) {
        try! Interrupts.count()
        let cache = CacheDirectory.path
        let kernel = try InstalledKernel.find(cache: cache)
        var machine = Machine(qemu: try QEMU.find(cache: cache), kernel: kernel.image)
        machine.kernelArguments = ["machine-probe=\(directory)"]
        var initramfs = try Initramfs(program: "/proc/self/exe")
        try initramfs.add(tool: "mke2fs")
        try initramfs.add(modules: try kernel.order(forFilesystem: "ext4"))
        let place: Directory
        do throws(SystemError) { place = try Directory(directory) } catch { throw .host(error) }
        let run = try machine.run(
            initramfs, config: Array(config.utf8), in: place, limits: MachineLimits(run: 60)
        ) { line in say(line) }
        say("outcome \(run.outcome)")
    }

    /// A line at once: whoever reads this through a pipe is waiting for it.
    private static func say(_ line: String) {
        print(line)
        fflush(nil)
    }
}
