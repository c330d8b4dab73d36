internal import DaxHost
package import DaxSystem

/// What a machine needs that no package of Debian's installs, and the script that brings it into the cache.
package enum Supply: Equatable, Sendable {
    /// QEMU 10.
    case qemu
    /// A kernel with its modules, by a name that ci/fetch-kernel takes; nil: the default.
    case kernel(String?)

    /// Which of them a machine lacks here that names neither a QEMU (`qemu`) nor a kernel, and where `module`
    /// must be a module's file, if that is set.
    package static func missing(
        qemu: String?, kernel: String?, module: String?, cache: String
    ) -> [Supply] {
        var missing: [Supply] = []
        if qemu == nil, (try? QEMU.find(cache: cache)) == nil { missing.append(.qemu) }
        if kernel == nil, (try? InstalledKernel.find(cache: cache, withModule: module)) == nil {
            missing.append(.kernel(module == nil ? nil : Supply.kernelOfModules))
        }
        return missing
    }

    /// The kernel whose filesystems are modules, all of them.
    static let kernelOfModules = "6.1-generic"

    /// What it is, to a user who is asked.
    package var description: String {
        switch self {
        case .qemu: "QEMU 10"
        case .kernel(nil): "a kernel"
        case .kernel(let name?): "the kernel \(name)"
        }
    }

    /// Its script, which says itself what it does, and what it is to be told.
    private var command: [String] {
        switch self {
        case .qemu: ["fetch-qemu"]
        case .kernel(let name): ["fetch-kernel"] + (name.map { [$0] } ?? [])
        }
    }

    /// Runs its script to the end, with all that it says on `output`.
    ///
    /// Throws where it is not there or does not succeed.
    package func bring(saying output: borrowing HostFile) throws(MachineError) {
        var command = command
        command[0] = try Supply.script(command[0])
        let exit = try onHost { () throws(SystemError) in
            var child = try ChildProcess(
                command, environment: ChildProcess.environment, output: output, error: output,
                guarded: true)
            let before = Interrupts.seen
            while child.exit == nil, Interrupts.seen == before {
                try child.wait(milliseconds: 100)
            }
            return child.exit
        }
        guard let exit else { throw .interrupted }
        guard exit == .exited(0) else { throw .failed(program: command[0], reason: "\(exit)") }
    }

    /// The path of a script of ci/: beside the program as it is installed (PREFIX/libexec/daxtorture), or in
    /// the tree that it was built in.
    package static func script(_ name: String) throws(MachineError) -> String {
        let program = (try? Files.canonical("/proc/self/exe")) ?? ""
        let directory = program.prefix(upTo: program.lastIndex(of: "/") ?? program.startIndex)
        // SwiftPM puts it into .build/TRIPLE/CONFIGURATION.
        let places = ["../libexec/daxtorture", "../../../ci"].map { "\(directory)/\($0)/\(name)" }
        guard let path = places.first(where: { Files.isExecutable($0) }) else {
            throw .missingScript(name, looked: places)
        }
        return (try? Files.canonical(path)) ?? path
    }
}
