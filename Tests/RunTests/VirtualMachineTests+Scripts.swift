import DaxHost
import DaxModel
import DaxReport
import DaxSystem
import TestSupport
import Testing

/// Scripts that wait for each other, and say what is to come of their steps.
///
/// In one process: that two processes overlap, which a clean run must have seen, is what such scripts avoid.
extension VirtualMachineTests {
    /// Runs two scripts, of which one is the last to read what the other has punched.
    private func scripts(_ filesystem: String, expecting last: String, _ name: String) throws
        -> WholeRun.Outcome
    {
        let scratch = try Scratch("scripts\(Clock.ticks())")
        let text = """
            format = 1
            [run]
            steer = false
            processes = 1
            [fs]
            files = 2
            [actor.cut]
            role = "script"
            steps = [
                "pwrite f0 0 4KiB", "expect ok", "meet 1", "meet 2", "punch f0 0 4KiB", "expect ok",
                "meet 3", "meet 4", "mmap f1", "fault-load f1 2MiB 64", "repeat 1", "after look 1",
            ]
            [actor.look]
            role = "script"
            steps = [
                "at 1ms", "meet 1", "load f0 0 64", "expect ok", "meet 2", "meet 3",
                "pread f0 0 64", "expect zero", "load f0 0 8", "expect \(last)", "meet 4",
            ]
            """
        try scratch.write("scripts.toml", Array(text.utf8))
        return try WholeRun.of(
            WholeRun.arguments(filesystem, seconds: 3) + [
                "--config", "\(scratch.path)/scripts.toml",
            ], name)
    }

    @Test(arguments: ["ext4-dax", "xfs-dax"])
    func scriptsThatMeetAreClean(_ filesystem: String) throws {
        let run = try scripts(filesystem, expecting: "zero", #function)
        #expect(run.exit == .exited(0), "\(run.said)")
        let counts = ["pwrite", "punch", "pread"].map { run.report.operations[$0, default: 0] }
        #expect(counts.min()! > 10 && counts.max()! - counts.min()! <= 1, "\(counts)")
    }

    @Test func whatAScriptDoesNotSeeIsAViolation() throws {
        let run = try scripts("ext4-dax", expecting: "SIGBUS", #function)
        #expect(run.exit == .exited(1), "\(run.said)")
        let violation = try #require(run.report.violations.first)
        #expect(violation.rule == .sigbus && violation.file == "file0")
        #expect(
            violation.story.hasPrefix(
                "step 9 of look 1, \"load f0 0 8\", was expected to take SIGBUS, and succeeded"),
            "\(violation.story)")
    }
}
