internal import DaxSystem

/// A kernel's source tree, or the directory it was built in (`make O=`), as `make` left it.
///
/// Nothing is installed in there: the image and each module lie where they were built, and no depmod
/// has been at work. What exists of modules says `modules.order`, which a walk over all files would say
/// slower, and with others' in it.
package struct KernelTree: Sendable {
    /// The directory.
    package let path: String

    /// nil unless an x86 kernel was built there.
    package init?(_ path: String) {
        self.path = path
        guard Files.kind(image) == .regular else { return nil }
    }

    /// The tree that an image was built in; nil where it lies elsewhere.
    init?(ofImage image: String) {
        guard image.hasSuffix("/\(KernelTree.place)") else { return nil }
        self.init(String(image.dropLast(KernelTree.place.count + 1)))
    }

    private static let place = "arch/x86/boot/bzImage"

    /// The bzImage.
    package var image: String { "\(path)/\(KernelTree.place)" }

    /// What it was configured with.
    package var configPath: String { "\(path)/.config" }

    /// The modules that were built, by the paths of their files below the tree.
    ///
    /// A line of modules.order was `kernel/fs/xfs/xfs.ko`, then `fs/xfs/xfs.ko`, and is `fs/xfs/xfs.o`
    /// since 6.3.
    package var modules: [String] {
        let order = (try? Files.text("\(path)/modules.order")) ?? ""
        return order.split(separator: "\n").compactMap { line in
            let file = line.hasSuffix(".o") ? line.dropLast(2) + ".ko" : line
            let places = [file, file.hasPrefix("kernel/") ? file.dropFirst("kernel/".count) : file]
            return places.map(String.init).first { Files.kind("\(path)/\($0)") == .regular }
        }
    }
}

extension InstalledKernel {
    /// The kernel in a directory: one that was built there, or, as in the cache, one that was unpacked
    /// there (boot/vmlinuz-RELEASE beside lib/modules/RELEASE).
    init(in directory: String, modules: String?) throws(MachineError) {
        if let tree = KernelTree(directory) {
            try self.init(
                kernel: tree.image, modules: modules ?? (tree.modules.isEmpty ? nil : directory))
            return
        }
        let kernels = InstalledKernel.installed(under: directory)
        guard let kernel = kernels.first, kernels.count == 1 else {
            throw .notAKernel(
                path: directory,
                reason: kernels.isEmpty
                    ? "it is a directory, and has neither arch/x86/boot/bzImage, as a kernel tree has "
                        + "after make, nor a boot/vmlinuz-RELEASE with its lib/modules/RELEASE"
                    : "it has \(kernels.count) kernels; name one of the files in its boot")
        }
        self = kernel
        if let modules { self.modules = modules }
    }
}
