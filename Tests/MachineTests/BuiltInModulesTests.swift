import DaxHost
import DaxSystem
import TestSupport
import Testing

@testable import DaxMachine

/// What a guest says of a kernel that came without modules, on a made-up /sys and /proc.
@Suite struct BuiltInModulesTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch("builtin\(Counter.shared.next())")
        try scratch.write("proc/filesystems", Array("nodev\ttmpfs\n\text4\n\text2\n".utf8))
        for place in ["nd/drivers/nd_pmem/bind", "platform/drivers/e820_pmem/bind"] {
            try scratch.write("sys/bus/\(place)", [])
        }
    }

    private func complaint(_ names: [String]) throws -> String? {
        try scratch.write("modules/built-in", Array(names.map { "\($0)\n" }.joined().utf8))
        return BuiltInModules(root: scratch.path).complaint
    }

    @Test func whatIsThereIsNotMissed() throws {
        #expect(try complaint(["libnvdimm", "nd_pmem", "nd_e820", "ext4"]) == nil)
        #expect(try complaint([]) == nil)
        #expect(BuiltInModules(root: "/nonexistent").complaint == nil)
    }

    @Test func whatIsMissingIsNamedWithWhatToDo() throws {
        #expect(
            try complaint(["libnvdimm", "nd_pmem", "nd_e820", "xfs"])
                == "the kernel came without --modules, and has no xfs built in: give the one or the "
                + "other")
        // A name that is the end of another is another.
        #expect(try complaint(["t4"])?.contains("no t4 built in") == true)
        _ = try ChildProcess.run(["/bin/rm", "-r", "\(scratch.path)/sys"], seconds: 30)
        #expect(
            try complaint(["libnvdimm", "nd_pmem", "nfit", "ext4"])?.contains(
                "no libnvdimm, nd_pmem, nfit built in") == true)
    }
}
