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
            #expect(error?.exitStatus == 2)
            #expect(error?.description.contains(scratch.path) == true)
        }
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
        #expect(error?.exitStatus == 125)
    }
}
