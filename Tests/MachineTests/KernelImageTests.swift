import DaxHost
import DaxSystem
import TestSupport
import Testing

@testable import DaxMachine

@Suite struct KernelImageTests {
    /// The first bytes of a bzImage of this release.
    static func image(_ release: String) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 0x400)
        bytes.replaceSubrange(0x202..<0x206, with: Array("HdrS".utf8))
        bytes.replaceSubrange(0x20e..<0x210, with: [0x00, 0x01])
        bytes += Array("\(release) (builder@host) #1 SMP".utf8) + [0]
        let place = 0x200 + 0x100
        bytes.replaceSubrange(
            place..<place + release.utf8.count + 1, with: Array("\(release) ".utf8))
        return bytes
    }

    @Test func readsTheRelease() throws {
        let scratch = try Scratch()
        try scratch.write("vmlinuz", KernelImageTests.image("6.12.95+deb13-cloud-amd64"))
        let image = try KernelImage(path: "\(scratch.path)/vmlinuz")
        #expect(image.release == "6.12.95+deb13-cloud-amd64")
    }

    @Test func refusesWhatIsNoKernel() throws {
        let scratch = try Scratch()
        try scratch.write("text", Array("hello".utf8))
        try scratch.write("zero", [UInt8](repeating: 0, count: 4096))
        var far = KernelImageTests.image("6.1")
        far[0x20f] = 0xff
        try scratch.write("far", far)
        for name in ["text", "zero", "far", "missing", ""] {
            let error = #expect(throws: MachineError.self) {
                try KernelImage(path: "\(scratch.path)/\(name)")
            }
            #expect(error?.exitStatus == .untested)
            #expect(error?.description.contains(scratch.path) == true)
        }
    }

    /// An image of the boot protocol 2.15 whose payload of `count` bytes begins with `magic`.
    private func packed(_ magic: [UInt8], count: Int = 0x100) -> [UInt8] {
        var image = [UInt8](repeating: 0, count: 0x1000)
        image[0x1f1] = 2
        image.replaceSubrange(0x206..<0x208, with: [0x0f, 0x02])
        image.replaceSubrange(0x248..<0x24a, with: [0x10, 0x01])
        image.replaceSubrange(
            0x24c..<0x24f, with: (0..<3).map { UInt8(count >> (8 * $0) & 0xff) })
        image.replaceSubrange(0x710..<0x710 + magic.count, with: magic)
        return image
    }

    @Test(
        arguments: [
            ("xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]), ("zstd", [0x28, 0xb5, 0x2f, 0xfd]),
            ("lz4", [0x02, 0x21, 0x4c, 0x18]),
        ] as [(String, [UInt8])])
    func findsThePackedKernel(_ tool: String, _ magic: [UInt8]) throws {
        let payload = try #require(KernelImage.payload(of: packed(magic)))
        #expect(payload.tool == tool)
        // Two sectors of set-up behind the boot sector, and the size at the end.
        #expect(payload.bytes == 0x710..<0x80c)
    }

    @Test func unpacksNothingThatIsNotThere() {
        let magic: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd]
        #expect(KernelImage.payload(of: packed(magic, count: 0x1000)) == nil)
        #expect(KernelImage.payload(of: packed(magic, count: 4)) == nil)
        #expect(KernelImage.payload(of: packed(magic, count: 0)) == nil)
        #expect(KernelImage.payload(of: packed([0x7f, 0x45, 0x4c, 0x46])) == nil)
        var old = packed(magic)
        old[0x206] = 7
        #expect(KernelImage.payload(of: old) == nil)
        #expect(KernelImage.payload(of: KernelImageTests.image("6.1")) == nil)
    }

    @Test func anImageThatIsCutOffIsNamed() throws {
        let scratch = try Scratch()
        var image = KernelImageTests.image("6.1")
        // Five sectors, and as much in units of 16 bytes.
        image.replaceSubrange(0x1f4..<0x1f6, with: [0x20, 0x00])
        image += [UInt8](repeating: 0, count: 5 * 512 + 0x200 - image.count)
        try scratch.write("whole", image)
        try scratch.write("cut", image.dropLast())
        try KernelImage(path: "\(scratch.path)/whole").checkLength()
        let error = #expect(throws: MachineError.self) {
            try KernelImage(path: "\(scratch.path)/cut").checkLength()
        }
        #expect(
            error?.description
                == "\(scratch.path)/cut is not a bootable x86-64 kernel: it is damaged: 3071 bytes of "
                + "3072 are there")
    }

    /// The image that holds these packed bytes.
    private func image(_ bytes: [UInt8], in scratch: Scratch) throws -> KernelImage {
        // The four bytes behind it are those that no tool knows.
        var image = packed(bytes, count: bytes.count + 4)
        image.replaceSubrange(0x202..<0x206, with: Array("HdrS".utf8))
        image[0x20f] = 1
        image.replaceSubrange(0x300..<0x304, with: Array("6.1 ".utf8))
        try scratch.write("vmlinuz", image)
        return try KernelImage(path: "\(scratch.path)/vmlinuz")
    }

    /// Each tool is called in a way that it obeys.
    @Test(arguments: [["xz"], ["zstd"], ["lz4", "-l"]])
    func whatEachToolPackedIsUnpacked(_ command: [String]) throws {
        guard let tool = ChildProcess.find(command[0]) else { return }
        let scratch = try Scratch()
        try scratch.write("text", Array("no kernel that QEMU could start".utf8))
        let packed = try ChildProcess.run(
            [tool] + command.dropFirst() + ["-c", "\(scratch.path)/text"], seconds: 30)
        try #require(packed.exit == .exited(0), "\(packed.error)")
        // It was looked at.
        #expect(try image(packed.output, in: scratch).unpacked() == nil)
    }

    @Test func aPackedKernelThatIsOverwrittenIsNamed() throws {
        let scratch = try Scratch()
        let image = try image([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], in: scratch)
        #expect(
            throws: MachineError.notAKernel(
                path: image.path, reason: "it is damaged: xz cannot unpack what is in it")
        ) { try image.unpacked() }
    }

    /// Another kernel in its place would be booted as if it had been meant.
    @Test func aDefaultKernelThatIsNoneIsNamed() throws {
        let scratch = try Scratch()
        let cache = "\(scratch.path)/cache"
        try install("6.1.0-9-cloud-amd64", "cache/kernels/6.1.0-9-cloud-amd64", in: scratch)
        try install("6.9.0-1-amd64", "cache/kernels/6.9.0-1-amd64", in: scratch)
        try #require(
            try ChildProcess.run(
                ["/bin/ln", "-s", "6.1.0-9-cloud-amd64", "\(cache)/kernels/default"], seconds: 30
            ).exit == .exited(0))
        #expect(
            try InstalledKernel.find(cache: cache, root: scratch.path).image.release
                == "6.1.0-9-cloud-amd64")
        try scratch.write("cache/kernels/6.1.0-9-cloud-amd64/boot/vmlinuz-6.1.0-9-cloud-amd64", [])
        let error = #expect(throws: MachineError.self) {
            try InstalledKernel.find(cache: cache, root: scratch.path)
        }
        #expect(error?.description.contains("vmlinuz-6.1.0-9-cloud-amd64 is not a") == true)
    }

    private func install(
        _ release: String, _ root: String, in scratch: Scratch, modules: Bool = true
    )
        throws
    {
        try scratch.write("\(root)/boot/vmlinuz-\(release)", KernelImageTests.image(release))
        if modules { try scratch.write("\(root)/lib/modules/\(release)/modules.order", []) }
    }

    @Test func prefersInstalledThenCloudThenNewest() throws {
        let scratch = try Scratch()
        let cache = "\(scratch.path)/cache"
        func found() throws -> String {
            try InstalledKernel.find(cache: cache, root: "\(scratch.path)/root").image.release
        }
        #expect(throws: MachineError.self) { try found() }
        try install("6.9.0-1-amd64", "cache/kernels/6.9.0-1-amd64", in: scratch)
        #expect(try found() == "6.9.0-1-amd64")
        try install("6.1.0-9-cloud-amd64", "cache/kernels/6.1.0-9-cloud-amd64", in: scratch)
        #expect(try found() == "6.1.0-9-cloud-amd64")
        try install("6.1.0-10-cloud-amd64", "cache/kernels/6.1.0-10-cloud-amd64", in: scratch)
        #expect(try found() == "6.1.0-10-cloud-amd64")
        // Without its modules a kernel is of no use.
        try install("7.0.0-cloud", "root", in: scratch, modules: false)
        #expect(try found() == "6.1.0-10-cloud-amd64")
        try install("5.10.0-1-amd64", "root", in: scratch)
        #expect(try found() == "5.10.0-1-amd64")
    }

    @Test func aMissingKernelIsUntestable() throws {
        let scratch = try Scratch()
        let error = #expect(throws: MachineError.self) {
            try InstalledKernel.find(cache: "\(scratch.path)/c", root: "\(scratch.path)/r")
        }
        #expect(error?.exitStatus == .untested)
        #expect(error?.description.contains("; daxtorture fetch brings one, or") == true)
    }

    @Test func aMissingKernelToBreakIsNamedWithTheCommandThatBringsIt() throws {
        let scratch = try Scratch()
        try install("6.1.0-9-cloud-amd64", "c/kernels/6.1.0-9-cloud-amd64", in: scratch)
        let error = #expect(throws: MachineError.self) {
            try InstalledKernel.find(
                cache: "\(scratch.path)/c", withModule: "ext4", root: "\(scratch.path)/r")
        }
        #expect(error?.exitStatus == .untested)
        #expect(
            error?.description.hasPrefix("no kernel whose ext4 is a module, and none else") == true)
        #expect(error?.description.contains("daxtorture fetch 6.1-generic brings one") == true)
    }
}
