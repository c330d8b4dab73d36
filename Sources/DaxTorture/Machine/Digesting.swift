internal import DaxHost
internal import DaxSystem
internal import DaxText

/// Has the parts of a machine digested by sha256sum(1), in a process beside the boot, which takes
/// longer.
struct Digesting: ~Copyable {
    /// A file that an array can hold.
    private final class Part {
        let file: HostFile

        init(_ bytes: [UInt8], name: String) throws(SystemError) {
            file = try HostFile.memory(name)
            try file.write(bytes.span)
        }
    }

    private var child: ChildProcess
    private let output: HostFile
    private let names: [String]
    /// Open for as long as it reads them.
    private let parts: [Part]

    /// Starts it. `archive` is the initramfs in memory, `modules` those in it.
    init(
        kernel: String, qemu: String, archive: borrowing HostFile, modules: [String: [UInt8]]
    ) throws(SystemError) {
        let names = modules.keys.sorted()
        var parts: [Part] = []
        for name in names { parts.append(try Part(modules[name]!, name: name)) }
        let output = try HostFile.memory("digests")
        child = try ChildProcess(
            // --zero: no name is told with escapes.
            [ChildProcess.find("sha256sum") ?? "sha256sum", "--zero", "--"]
                + [kernel, qemu, archive.inheritedPath]
                + parts.map { $0.file.inheritedPath },
            environment: ChildProcess.environment, output: output,
            error: try HostFile.memory("errors"),
            inherited: [archive.descriptor] + parts.map { $0.file.descriptor })
        self.output = output
        self.names = names
        self.parts = parts
    }

    /// Seconds; for a disk that is slow.
    private static let deadline: UInt64 = 60

    /// The digests; nil if they could not be had.
    mutating func finish() -> MachineDigests? {
        var deadline = Deadline(nanoseconds: Digesting.deadline * 1_000_000_000)
        do throws(SystemError) {
            while child.exit == nil, !deadline.isOver() { try child.wait(milliseconds: 20) }
            guard child.exit == .exited(0) else { return nil }
            return Digesting.digests(in: try output.readAll(), modules: names)
        } catch { return nil }
    }

    /// What sha256sum --zero said of a kernel, a QEMU, an initramfs and the modules of these names.
    static func digests(in said: [UInt8], modules names: [String]) -> MachineDigests? {
        let digests = said.split(separator: 0).map {
            String(decoding: $0.prefix(64), as: UTF8.self)
        }
        guard digests.count == 3 + names.count,
            digests.allSatisfy({ $0.utf8.count == 64 && $0.allSatisfy(\.isHexDigit) })
        else { return nil }
        return MachineDigests(
            kernel: digests[0], qemu: digests[1], initramfs: digests[2],
            modules: Dictionary(uniqueKeysWithValues: zip(names, digests[3...])))
    }
}
