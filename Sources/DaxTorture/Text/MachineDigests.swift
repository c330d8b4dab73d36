/// What a machine was made of: the SHA-256 of each part, in hexadecimal.
package struct MachineDigests: Hashable, Sendable {
    /// The kernel's image, the file.
    package var kernel: String
    /// The QEMU that was started, the file.
    package var qemu: String
    /// The initramfs as QEMU loads it, the run's config in it.
    package var initramfs: String
    /// The modules in the initramfs, by name: what the kernel loads, be the file compressed or the
    /// module a mutant.
    package var modules: [String: String]

    package init(kernel: String, qemu: String, initramfs: String, modules: [String: String]) {
        self.kernel = kernel
        self.qemu = qemu
        self.initramfs = initramfs
        self.modules = modules
    }
}
