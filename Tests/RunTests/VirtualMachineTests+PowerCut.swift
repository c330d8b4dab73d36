import DaxHost
import DaxModel
import DaxReport
import DaxText
import Testing

/// The power is cut in the midst of a run, and what was left is mounted and judged.
extension VirtualMachineTests {
    /// The plugin, both devices, recovery and R14 in one boot: a kernel whose fsync does not wait for the log,
    /// which shows in nothing else.
    @Test func whatFsyncDidNotLogIsGoneAfterAPowerCut() throws {
        let run = try WholeRun.of([
            "--config", "\(Host.repository)/configs/bugs/no-commit.toml", "--fs", "xfs-dax",
            "--mutant", "xfs-no-log-force", "--seed", "3", "--set", "crash.cuts=1",
        ])
        let report = run.report
        #expect(run.exit == .exited(1), "\(run.said)")
        #expect(report.violations.allSatisfy { $0.rule == .crash }, "\(report.summary())")
        let crash = try #require(report.crash)
        #expect(crash.checked > 0 && crash.violations > 0)
        #expect(UInt64(crash.images.count) == crash.cuts)
        #expect(crash.followed.flushes > crash.followed.unknown)
        #expect(report.operations["fsync"] ?? 0 > 0)
    }
}
