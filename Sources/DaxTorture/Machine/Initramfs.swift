internal import DaxHost
internal import DaxSystem

/// The first filesystem of a machine: the program as /init, the tools it calls with all their
/// libraries, the kernel's modules, and the run's config.
///
/// Its bytes depend on nothing but the bytes of what is in it. It is not compressed: QEMU copies
/// it into the guest's memory at once, and unpacking under emulation would cost more than that.
package struct Initramfs {
    /// Where the caller's config is found in the guest.
    package static let configPath = "/daxtorture/config"
    /// The program, which is the first process.
    static let programPath = "/init"
    /// Where the modules are, and the list of them in loading order.
    static let moduleOrderPath = "/modules/order"

    private var base = CPIO()
    private var libraryDirectories: Set<String> = []
    /// The modules in it, by name, as the kernel takes them.
    private(set) var modules: [String: [UInt8]] = [:]

    /// An initramfs whose first process is the executable at `path`.
    package init(program path: String) throws(MachineError) {
        base.add("/dev/console", .characterDevice(major: 5, minor: 1))
        base.add("/dev/null", .characterDevice(major: 1, minor: 3))
        for directory in ["/proc", "/sys", "/tmp", "/mnt", "/etc"] {
            base.add(directory, .directory)
        }
        base.add(Initramfs.moduleOrderPath, .file([], executable: false))
        try add(program: path, as: Initramfs.programPath)
    }

    /// Adds a host's program, found by name, as /sbin/NAME; with the libraries it is linked to.
    package mutating func add(tool name: String) throws(MachineError) {
        guard let path = ChildProcess.find(name) else {
            throw .missingProgram(name, reason: "it is not in PATH")
        }
        try add(program: path, as: "/sbin/\(name)")
    }

    /// What it takes, in bytes.
    package var size: UInt64 { UInt64(base.size) }

    /// Adds a file by its bytes.
    package mutating func add(file path: String, _ bytes: [UInt8]) {
        base.add(path, .file(bytes, executable: false))
    }

    /// Adds what a user wants to have in there, as /sbin/NAME: a program with the libraries it is linked
    /// to, a script, or any other file.
    package mutating func add(file path: String) throws(MachineError) -> String {
        let inside = "/sbin/\(path.split(separator: "/").last ?? "file")"
        let bytes = try onHost { () throws(SystemError) in try Files.read(path) }
        if ELF(bytes) != nil {
            try add(program: path, as: inside)
        } else {
            base.add(inside, .file(bytes, executable: bytes.starts(with: Array("#!".utf8))))
        }
        return inside
    }

    /// Adds the tools of a shell, by one program that is all of them (busybox(1)), where the host has
    /// it; none takes the place of what is there already.
    package mutating func addShellTools() throws(MachineError) {
        guard let busybox = ChildProcess.find("busybox") else { return }
        let run = try onHost { () throws(SystemError) in
            try ChildProcess.run([busybox, "--list"], seconds: 30)
        }
        guard run.exit == .exited(0) else { return }
        let inside = "/sbin/busybox"
        try add(program: busybox, as: inside)
        // The last two are where the first line of a script looks.
        let names = String(decoding: run.output, as: UTF8.self).split(separator: "\n")
        for path in names.map({ "/sbin/\($0)" }) + ["/bin/sh", "/usr/bin/env"]
        where !base.contains(path) {
            base.add(path, .link(to: inside))
        }
    }

    /// Adds modules, to be loaded in this order; one that is among `instead` is not taken from
    /// its file, but from the image given there.
    package mutating func add(
        modules: [KernelModule], instead: [String: [UInt8]] = [:]
    ) throws(MachineError) {
        var order = ""
        for module in modules {
            let path = "/modules/\(module.name).ko"
            let image = if let image = instead[module.name] { image } else { try module.image() }
            base.add(path, .file(image, executable: false))
            self.modules[module.name] = image
            order += path + "\n"
        }
        base.add(Initramfs.moduleOrderPath, .file(Array(order.utf8), executable: false))
    }

    /// Says which modules the kernel must have built in, where none come with it.
    package mutating func require(builtIn names: [String]) {
        let lines = names.map { "\($0)\n" }.joined()
        base.add(BuiltInModules.path, .file(Array(lines.utf8), executable: false))
    }

    /// Adds a host's program, by its path there, under another; with the libraries it is linked to.
    package mutating func add(program: String, as path: String) throws(MachineError) {
        let bytes = try onHost { () throws(SystemError) in try Files.read(program) }
        guard let elf = ELF(bytes) else {
            throw .missingProgram(program, reason: "it is not a 64-bit ELF file")
        }
        base.add(path, .file(elf.loadedPart, executable: true))
        guard let interpreter = elf.interpreter else { return }
        // /proc/self/exe would be the linker itself by the time the linker looks.
        let program = try onHost { () throws(SystemError) in try Files.canonical(program) }
        for library in try Initramfs.libraries(of: program, interpreter: interpreter) {
            let bytes = try onHost { () throws(SystemError) in try Files.read(library) }
            base.add(library, .file(ELF(bytes)?.loadedPart ?? bytes, executable: true))
            libraryDirectories.insert(
                library.split(separator: "/").dropLast().joined(separator: "/"))
        }
    }

    /// The shared libraries that the dynamic linker would load for a program, and itself.
    private static func libraries(
        of program: String, interpreter: String
    ) throws(MachineError) -> [String] {
        let run = try onHost { () throws(SystemError) in
            try ChildProcess.run([interpreter, "--list", program], seconds: 30)
        }
        guard run.exit == .exited(0) else {
            throw .missingProgram(program, reason: "\(interpreter) --list fails: \(run.error)")
        }
        let listed = try paths(inListing: String(decoding: run.output, as: UTF8.self), of: program)
        return Set(listed + [interpreter]).sorted()
    }

    /// The paths in what `ld.so --list` prints: "name => path (address)" or "path (address)".
    static func paths(inListing text: String, of program: String) throws(MachineError) -> [String] {
        var paths: [String] = []
        for line in text.split(separator: "\n") {
            let words = line.split { $0 == " " || $0 == "\t" }
            if let arrow = words.firstIndex(of: "=>") {
                guard arrow + 1 < words.count, words[arrow + 1].hasPrefix("/") else {
                    throw .missingProgram(program, reason: "its library \(words[0]) is not found")
                }
                paths.append(String(words[arrow + 1]))
            } else if let path = words.first, path.hasPrefix("/") {
                paths.append(String(path))
            }
        }
        return paths
    }

    /// The directories that libraries were found in, for LD_LIBRARY_PATH: the guest has no
    /// /etc/ld.so.cache to find those in that are off the linker's beaten track.
    var libraryPath: String { libraryDirectories.sorted().map { "/\($0)" }.joined(separator: ":") }

    /// The archive, and behind it a small one with the config alone.
    func archive(config: [UInt8]) -> [UInt8] {
        var tail = CPIO()
        tail.add(Initramfs.configPath, .file(config, executable: false))
        return base.archive() + tail.archive()
    }
}
