internal import DaxHost
internal import DaxSystem

/// One module of a kernel, and where its file is.
package struct KernelModule: Equatable, Sendable {
    /// The module's name as the kernel spells it: "crc32c_intel".
    package var name: String
    /// The path of the module's .ko, .ko.xz or .ko.zst.
    package var path: String
}

/// The modules of one kernel: which the machine needs, and the order in which to load them.
///
/// All of it comes from the modules themselves (.modinfo), so that a directory that `depmod` never
/// saw serves as well; nothing is written to it.
package struct KernelModules {
    /// What a filesystem needs without naming it as a dependency: a provider of CRC32C is looked
    /// up by algorithm, at mount. Which of these a kernel has depends on its age.
    package static let checksums = ["crc32c_generic", "crc32c_intel", "crc32c"]

    /// What ext4 needs for quotas without naming it as a dependency: the format is looked up by number, at
    /// mount.
    package static let quotas = ["quota_v2"]

    let directory: String
    private let files: [String: String]
    private let builtin: Set<String>

    /// Looks at all names in a directory such as /lib/modules/RELEASE; in a kernel tree at those modules
    /// that its `make` built.
    package init(directory: String) throws(MachineError) {
        self.directory = directory
        var files: [String: String] = [:]
        let found: [String]
        if let tree = KernelTree(directory) {
            found = tree.modules
        } else {
            do throws(SystemError) { found = try Files.all(below: directory) } catch {
                throw .noModules(directory: directory)
            }
        }
        for path in found {
            if let name = KernelModules.moduleName(ofFile: path) {
                files[name] = "\(directory)/\(path)"
            }
        }
        if files.isEmpty { throw .noModules(directory: directory) }
        self.files = files
        let listed = (try? Files.read("\(directory)/modules.builtin")) ?? []
        builtin = Set(
            String(decoding: listed, as: UTF8.self).split(separator: "\n")
                .compactMap { KernelModules.moduleName(ofFile: String($0)) })
    }

    /// The name of the module in a file: "kernel/lib/crc32c-intel.ko.xz" holds crc32c_intel.
    static func moduleName(ofFile path: String) -> String? {
        let file = path.split(separator: "/").last ?? ""
        for ending in [".ko", ".ko.xz", ".ko.zst"] where file.hasSuffix(ending) {
            return normalised(file.dropLast(ending.count))
        }
        return nil
    }

    /// The kernel takes '-' and '_' in a module's name for the same.
    private static func normalised(_ name: some StringProtocol) -> String {
        String(name.map { $0 == "-" ? "_" : $0 })
    }

    /// Whether the module is a file here, and not built into the kernel.
    package func hasFile(of name: String) -> Bool { files[name] != nil }

    /// Whether any module's file is called so at its end.
    func hasFile(endingIn ending: String) -> Bool {
        files.values.contains { $0.hasSuffix(ending) }
    }

    /// Whether it is part of the kernel itself.
    func isBuiltIn(_ name: String) -> Bool { builtin.contains(name) }

    /// The files to load for `needed` and, where they exist, `optional`, each after those it
    /// depends on. What is built in needs no file.
    package func order(
        needed: [String], optional: [String], release: String
    ) throws(MachineError) -> [KernelModule] {
        var order: [KernelModule] = []
        var visited: Set<String> = []
        // Optional ones first: nothing depends on them by name, and they must be there in time.
        for name in optional where files[name] != nil {
            try visit(name, release, &visited, &order)
        }
        for name in needed { try visit(name, release, &visited, &order) }
        return order
    }

    private func visit(
        _ name: String, _ release: String, _ visited: inout Set<String>,
        _ order: inout [KernelModule]
    ) throws(MachineError) {
        let name = KernelModules.normalised(name)
        guard !builtin.contains(name), visited.insert(name).inserted else { return }
        guard let path = files[name] else {
            throw .missingModule(name, directory: directory)
        }
        let info = try ModuleInfo(ofFile: path)
        if info.release != release {
            throw .wrongModules(directory: directory, kernel: release, modules: info.release)
        }
        for earlier in info.softEarlier where files[KernelModules.normalised(earlier)] != nil {
            try visit(earlier, release, &visited, &order)
        }
        for dependency in info.depends { try visit(dependency, release, &visited, &order) }
        order.append(KernelModule(name: name, path: path))
    }
}

extension InstalledKernel {
    /// The modules that real DAX on one filesystem, "ext4" or "xfs", needs, in loading order; none
    /// if everything is built in.
    package func order(
        forFilesystem name: String, on device: PersistentDevice = .memmap
    ) throws(MachineError) -> [KernelModule] {
        guard let modules else { return [] }
        return try KernelModules(directory: modules).order(
            needed: device.modules + [name], optional: KernelModules.checksums,
            release: image.release)
    }
}

/// What a module says of itself in its .modinfo section.
struct ModuleInfo: Equatable {
    /// The modules whose symbols it uses.
    var depends: [String] = []
    /// The modules it would like to have loaded before it (softdep, "pre:").
    var softEarlier: [String] = []
    /// The release of the kernel it was built for.
    var release = ""

    /// Reads a section of "key=value" strings, each with a zero byte behind it.
    init(section: some Sequence<UInt8> & Collection<UInt8>) {
        for entry in section.split(separator: 0) {
            let text = String(decoding: entry, as: UTF8.self)
            guard let equals = text.firstIndex(of: "=") else { continue }
            let value = text[text.index(after: equals)...]
            switch text[..<equals] {
            case "depends": depends = value.split(separator: ",").map(String.init)
            case "vermagic": release = value.split(separator: " ").first.map(String.init) ?? ""
            case "softdep": softEarlier += ModuleInfo.earlier(in: value)
            default: continue
            }
        }
    }

    /// "pre: a b post: c" names a and b.
    private static func earlier(in value: Substring) -> [String] {
        var names: [String] = []
        var taking = false
        for word in value.split(separator: " ") {
            if word.hasSuffix(":") {
                taking = word == "pre:"
            } else if taking {
                names.append(String(word))
            }
        }
        return names
    }

    init(ofFile path: String) throws(MachineError) {
        let bytes = try KernelModule(name: "", path: path).image()
        guard let section = ELF(bytes)?.section(".modinfo") else {
            throw .badModule(path: path, reason: "it is no ELF file with a .modinfo section")
        }
        self.init(section: section)
        if release.isEmpty { throw .badModule(path: path, reason: "it has no vermagic") }
    }
}

extension KernelModule {
    /// What unpacks a module whose file's name ends so.
    static let unpackers = [(ending: ".xz", tool: "xz"), (".zst", "zstd")]

    /// The module as the kernel takes it, uncompressed.
    package func image() throws(MachineError) -> [UInt8] {
        for (ending, tool) in KernelModule.unpackers where path.hasSuffix(ending) {
            guard let program = ChildProcess.find(tool) else {
                throw .missingProgram(tool, reason: "it is needed to unpack \(path)")
            }
            let run = try onHost { () throws(SystemError) in
                try ChildProcess.run([program, "-dc", path], seconds: 60)
            }
            guard run.exit == .exited(0) else {
                throw .badModule(path: path, reason: "\(tool) cannot unpack it")
            }
            return run.output
        }
        return try onHost { () throws(SystemError) in try Files.read(path) }
    }
}
