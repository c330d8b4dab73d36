import DaxMachine
import DaxSystem
import TestSupport

extension TestBench {
    /// The program that is the guest.
    static func probe() throws -> String { try program("machine-probe") }

    static func machine() throws -> (Machine, InstalledKernel) {
        let kernel = try InstalledKernel.find(cache: CacheDirectory.path)
        return (
            Machine(qemu: try QEMU.find(cache: CacheDirectory.path), kernel: kernel.image), kernel
        )
    }

    static func initramfs(for kernel: InstalledKernel) throws -> Initramfs {
        var initramfs = try Initramfs(program: probe())
        try initramfs.add(tool: "mke2fs")
        try initramfs.add(modules: try kernel.order(forFilesystem: "ext4"))
        return initramfs
    }
}
