import DaxMachine
import DaxSystem

/// What the tests that boot a machine find on this host.
enum TestBench {
    /// The program that is the guest: SwiftPM puts it beside the test bundle.
    static func probe() throws -> String {
        let maps = try Files.text("/proc/self/maps")
        let bundle = maps.split(separator: "\n").first { $0.hasSuffix(".xctest") }
        guard let path = bundle?.drop(while: { $0 != "/" }), let slash = path.lastIndex(of: "/")
        else {
            throw MachineError.missingProgram("machine-probe", reason: "no test bundle is mapped")
        }
        return "\(path[..<slash])/machine-probe"
    }

    /// Whether there is a QEMU and a kernel: ci/test sees to it.
    static let canBoot: Bool = {
        let cache = CacheDirectory.path
        return (try? QEMU.find(cache: cache)) != nil
            && (try? InstalledKernel.find(cache: cache)) != nil
    }()

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
