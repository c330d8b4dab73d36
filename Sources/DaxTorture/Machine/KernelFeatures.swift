internal import DaxSystem
internal import DaxText

/// What of a kernel decides which runs it is good for, as far as it is known.
///
/// Its configuration says all of it; where that is not there, its modules say what of it is a module.
package struct KernelFeatures: Equatable, Sendable {
    /// Where code of the kernel is.
    package enum Place: String, Sendable {
        case builtIn = "built in"
        case module
        case absent = "no"
    }

    /// The filesystems (EXT4_FS, XFS_FS). A mutant of either needs a module.
    package var ext4: Place?
    package var xfs: Place?
    /// Files on DAX (FS_DAX), and of those faults that map 2 MiB at once (FS_DAX_PMD).
    package var dax: Bool?
    package var pmd: Bool?
    /// Probes of its functions (KPROBES).
    package var kprobes: Bool?
    /// Its own checks of memory and of locks, which make it several times slower.
    package var kasan: Bool?
    package var lockdep: Bool?

    /// Whether all that the kernel does takes several times as long as it would.
    package var isSlow: Bool { kasan == true || lockdep == true }

    /// Nothing is known.
    init() {}

    package init(_ config: KernelConfig) {
        func place(_ name: String) -> Place {
            switch config[name] {
            case .builtIn, .value: .builtIn
            case .module: .module
            case .off: .absent
            }
        }
        func isOn(_ name: String) -> Bool { config[name] == .builtIn }
        (ext4, xfs) = (place("EXT4_FS"), place("XFS_FS"))
        dax = isOn("FS_DAX")
        pmd = isOn("FS_DAX_PMD") && isOn("TRANSPARENT_HUGEPAGE")
        kprobes = isOn("KPROBES")
        (kasan, lockdep) = (isOn("KASAN"), isOn("LOCKDEP"))
    }

    /// By the kernel's modules alone.
    init(_ modules: KernelModules) {
        func place(_ name: String) -> Place {
            modules.hasFile(of: name) ? .module : modules.isBuiltIn(name) ? .builtIn : .absent
        }
        (ext4, xfs) = (place("ext4"), place("xfs"))
    }

    /// The columns of a table.
    static let columns = ["ext4", "xfs", "DAX", "PMD", "KPROBES", "KASAN", "LOCKDEP"]

    /// The cells below them; "-" is what nobody knows.
    var cells: [String] {
        [ext4, xfs].map { $0?.rawValue ?? "-" }
            + [dax, pmd, kprobes, kasan, lockdep].map { $0.map { $0 ? "yes" : "no" } ?? "-" }
    }

    /// The members of a kernel's JSON; null is what nobody knows.
    var members: [JSON.Member] {
        let places = zip(["ext4", "xfs"], [ext4, xfs]).map { name, place in
            JSON.Member(name, .optional(place.map { .string($0.rawValue) }))
        }
        let flags = zip(
            ["dax", "pmd", "kprobes", "kasan", "lockdep"], [dax, pmd, kprobes, kasan, lockdep]
        ).map { name, flag in JSON.Member(name, .optional(flag.map { .bool($0) })) }
        return places + flags
    }
}

extension InstalledKernel {
    /// What the kernel was configured with; nil where nothing beside it says so.
    package var config: KernelConfig? {
        configPlaces.lazy.compactMap { try? KernelConfig(path: $0) }.first
    }

    /// Where a distribution puts it, and where a tree has it.
    private var configPlaces: [String] {
        var places: [String] = []
        if let tree = KernelTree(ofImage: image.path) { places.append(tree.configPath) }
        places.append("\(Files.parent(of: image.path))/config-\(image.release)")
        if let modules { places += ["\(modules)/config", "\(modules)/build/.config"] }
        return places
    }

    /// What is known of it.
    package var features: KernelFeatures? {
        if let config { return KernelFeatures(config) }
        guard let modules, let known = try? KernelModules(directory: modules) else { return nil }
        return KernelFeatures(known)
    }
}
