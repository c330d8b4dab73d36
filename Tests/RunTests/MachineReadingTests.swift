import DaxReport
import DaxText
import Testing

@testable import DaxMachine
@testable import DaxTorture

/// What a machine's end means for the verdict.
@Suite struct MachineReadingTests {
    private func report(
        _ outcome: MachineOutcome, silentBoots: Int = 0, console: [String] = []
    ) throws -> Report {
        var run = MachineRun(outcome: outcome, initramfsSize: 0, commandLine: "")
        run.silentBoots = silentBoots
        if !console.isEmpty { run.kernelRelease = "6.1" }
        let log = ConsoleLog(Array(console.joined(separator: "\n").utf8))
        (run.reports, run.outOfMemory, run.lastLines) = (log.reports, log.outOfMemory, log.lines)
        return try MachineReading(run: run, memory: .gib(1)).report(
            sent: nil, obstacle: nil, otherwise: Report(fs: "ext4-dax", seed: Seed(1)))
    }

    /// Nothing was tried yet: it is no violation, not even a hang (R10).
    @Test func aMachineThatNeverSpokeIsUntested() throws {
        let report = try report(.silent(seconds: 60))
        #expect(report.verdict == .untested && report.violationsTotal == 0)
        #expect(report.vacuity == ["the guest never came up: no sign of life in 60 s"])
    }

    @Test func silenceInMidRunIsAHang() throws {
        let report = try report(.hung(seconds: 120))
        #expect(report.verdict == .violation)
        #expect(report.violations.map(\.rule) == ["R10"])
    }

    @Test func aSecondBootIsTold() throws {
        let note = "booted once more: at first the guest showed no sign of life"
        #expect(try report(.finished(status: 0), silentBoots: 1).notes == [note])
        #expect(try report(.finished(status: 0)).notes == [])
    }

    private static let warning = "[   11.0] WARNING: CPU: 0 PID: 1 at fs/dax.c:1 f+0x1/0x2"
    private static let killed =
        "[   12.3] Out of memory: Killed process 87 (init) total-vm:8296404kB, anon-rss:784140kB"
    private static let deadlocked =
        "[   12.3] Kernel panic - not syncing: System is deadlocked on memory"

    /// A machine that was too small says nothing of its kernel.
    @Test(arguments: [
        [killed, "daxtorture: the run died: signal 9"], [killed, warning],
        [deadlocked],
    ])
    func aMachineWithoutMemoryIsUntested(_ console: [String]) throws {
        for outcome in [MachineOutcome.panicked, .hung(seconds: 120)] {
            let report = try report(outcome, console: console)
            #expect(report.verdict == .untested && report.violationsTotal == 0)
            #expect(
                report.vacuity == [
                    "the guest ran out of memory: give it more of it than 1GiB, such as --memory 2GiB"
                ])
        }
    }

    /// What came before it is the kernel's own, and so is all where the run went on.
    @Test func whatComesBeforeTheMemoryEndsCounts() throws {
        let console = [MachineReadingTests.warning, MachineReadingTests.killed]
        #expect(try report(.panicked, console: console).violations.map(\.rule) == ["R10"])
        let after = [MachineReadingTests.killed, MachineReadingTests.warning]
        #expect(try report(.finished(status: 0), console: after).violations.map(\.rule) == ["R10"])
    }
}
