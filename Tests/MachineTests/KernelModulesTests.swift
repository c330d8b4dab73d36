import DaxHost
import DaxSystem
import TestSupport
import Testing

@testable import DaxMachine

@Suite struct KernelModulesTests {
    let release = "6.1.0-test"

    /// A relocatable ELF file with nothing but a .modinfo section.
    static func module(_ info: [String]) -> [UInt8] {
        let content: [UInt8] = info.flatMap { Array(($0 + "\0").utf8) }
        let names = Array("\0.modinfo\0.shstrtab\0".utf8)
        func section(_ name: UInt32, _ type: UInt32, _ offset: Int, _ size: Int) -> [UInt8] {
            littleEndian(name) + littleEndian(type) + littleEndian(UInt64(0))
                + littleEndian(UInt64(0)) + littleEndian(UInt64(offset))
                + littleEndian(UInt64(size)) + [UInt8](repeating: 0, count: 24)
        }
        let tableOffset = 64 + content.count + names.count
        var bytes: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1] + [UInt8](repeating: 0, count: 9)
        bytes += littleEndian(UInt16(1)) + littleEndian(UInt16(62)) + littleEndian(UInt32(1))
        bytes += littleEndian(UInt64(0)) + littleEndian(UInt64(0))
        bytes += littleEndian(UInt64(tableOffset)) + littleEndian(UInt32(0))
        for half: UInt16 in [64, 0, 0, 64, 3, 2] { bytes += littleEndian(half) }
        bytes += content + names
        bytes += section(0, 0, 0, 0)
        bytes += section(1, 1, 64, content.count)
        bytes += section(10, 3, 64 + content.count, names.count)
        return bytes
    }

    private func module(depends: String, softdep: String? = nil, release: String? = nil) -> [UInt8]
    {
        KernelModulesTests.module(
            ["license=GPL", "depends=\(depends)"] + (softdep.map { ["softdep=\($0)"] } ?? [])
                + ["vermagic=\(release ?? self.release) SMP preempt mod_unload"])
    }

    private func tree() throws -> Scratch {
        let scratch = try Scratch("modules\(Counter.shared.next())")
        try scratch.write("kernel/fs/xfs/xfs.ko", module(depends: "libcrc32c,nd-core"))
        try scratch.write(
            "kernel/lib/libcrc32c.ko", module(depends: "", softdep: "pre: crc32c-x y"))
        try scratch.write("kernel/lib/crc32c-x.ko", module(depends: "base"))
        try scratch.write("updates/nd_core.ko", module(depends: "base,builtin-one"))
        try scratch.write("kernel/lib/base.ko", module(depends: ""))
        try scratch.write("modules.builtin", Array("kernel/x/builtin_one.ko\n".utf8))
        return scratch
    }

    private func order(
        _ scratch: Scratch, needed: [String], optional: [String] = []
    ) throws -> [String] {
        try KernelModules(directory: scratch.path)
            .order(needed: needed, optional: optional, release: release).map(\.name)
    }

    @Test func putsDependenciesFirst() throws {
        let scratch = try tree()
        #expect(
            try order(scratch, needed: ["xfs"]) == [
                "base", "crc32c_x", "libcrc32c", "nd_core", "xfs",
            ])
        #expect(try order(scratch, needed: ["builtin-one"]) == [])
        #expect(
            try order(scratch, needed: ["nd_core"], optional: ["crc32c_x", "no_such"])
                == ["base", "crc32c_x", "nd_core"])
    }

    @Test func aCycleEnds() throws {
        let scratch = try tree()
        try scratch.write("kernel/a.ko", module(depends: "b"))
        try scratch.write("kernel/b.ko", module(depends: "a"))
        #expect(try order(scratch, needed: ["a"]) == ["b", "a"])
    }

    @Test func namesAMissingModule() throws {
        let scratch = try tree()
        try scratch.write("kernel/c.ko", module(depends: "gone"))
        #expect(throws: MachineError.missingModule("gone", directory: scratch.path)) {
            try order(scratch, needed: ["c"])
        }
        #expect(MachineError.missingModule("gone", directory: "d").exitStatus == .untested)
    }

    @Test func seesThatModulesDoNotFit() throws {
        let scratch = try tree()
        try scratch.write("kernel/d.ko", module(depends: "", release: "6.2.0"))
        #expect(
            throws: MachineError.wrongModules(
                directory: scratch.path, kernel: release, modules: "6.2.0")
        ) { try order(scratch, needed: ["d"]) }
    }

    @Test func refusesADirectoryWithoutModulesAndAModuleThatIsNone() throws {
        let scratch = try tree()
        try scratch.write("kernel/e.ko", Array("not ELF".utf8))
        #expect(throws: MachineError.self) { try order(scratch, needed: ["e"]) }
        #expect(throws: MachineError.noModules(directory: "/nonexistent")) {
            try KernelModules(directory: "/nonexistent")
        }
        #expect(throws: MachineError.noModules(directory: "\(scratch.path)/updates/none")) {
            try Files.makeDirectories("\(scratch.path)/updates/none")
            _ = try KernelModules(directory: "\(scratch.path)/updates/none")
        }
    }

    @Test(arguments: ["xz", "zstd"])
    func unpacks(tool: String) throws {
        let scratch = try tree()
        let file = "\(scratch.path)/kernel/lib/base.ko"
        let plain = try Files.read(file)
        let program = try #require(ChildProcess.find(tool), "\(tool) is not installed")
        let packed = try ChildProcess.run([program, "-c", file], seconds: 30)
        _ = try ChildProcess.run(["/bin/rm", file], seconds: 30)
        try scratch.write("kernel/lib/base.ko" + (tool == "xz" ? ".xz" : ".zst"), packed.output)
        let modules = try KernelModules(directory: scratch.path)
            .order(needed: ["base"], optional: [], release: release)
        #expect(try modules.map { try $0.image() } == [plain])
        try scratch.write("kernel/lib/base.ko" + (tool == "xz" ? ".xz" : ".zst"), [1, 2, 3])
        #expect(throws: MachineError.self) { try order(scratch, needed: ["base"]) }
    }

    @Test func leavesTheDirectoryAlone() throws {
        let scratch = try tree()
        let before = try Files.all(below: scratch.path)
        _ = try order(scratch, needed: ["xfs"])
        #expect(try Files.all(below: scratch.path) == before)
    }
}
