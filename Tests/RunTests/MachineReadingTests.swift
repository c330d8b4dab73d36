import DaxConfig
import DaxReport
import DaxText
import Testing

@testable import DaxMachine
@testable import DaxTorture

/// What a machine's end means for the verdict.
@Suite struct MachineReadingTests {
    private func report(
        _ outcome: MachineOutcome, silentBoots: Int = 0,
        _ change: (inout MachineRun) -> Void = { _ in }
    ) throws -> Report {
        var run = MachineRun(outcome: outcome, initramfsSize: 0, commandLine: "")
        run.silentBoots = silentBoots
        change(&run)
        return try MachineReading(run: run).report(
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

    /// A verdict is one sentence; what the console shows is below it.
    @Test func theConsoleIsNoPartOfTheVerdict() throws {
        let report = try report(.neverBooted(reason: "it panicked")) {
            $0.lastLines = ["[1.0] \u{1b}[31mone", "[1.1] two"]
        }
        #expect(report.vacuity == ["the guest never came up: it panicked"])
        #expect(
            report.verdictLine
                == "untested: the guest never came up: it panicked (ext4-dax, seed 0x1).")
        #expect(report.notes.count == 2 && report.notes[1] == "the console at its end: [1.1] two")
        #expect(report.summary().contains("[1.0] \\x1b[31mone"))
    }

    @Test func aMachineThatIsEmulatedAfterAllSaysWhy() throws {
        let report = try report(.finished(status: 0)) { $0.failureOfKVM = "no MSR" }
        #expect(report.notes == ["emulated: KVM did not boot it (no MSR)"])
    }

    /// The taint is only the trace of what was printed, and was looked at later.
    @Test func aWarningComesBeforeItsTaint() throws {
        var before = Ledger(Config(), seed: 7, ticksPerSecond: 1e9)
        before.unsound("bad")
        before.compare(taint: 0, with: 512, at: 9)
        for _ in 0..<Report.listed { before.unsound("worse") }
        var run = MachineRun(outcome: .finished(status: 1), initramfsSize: 0, commandLine: "")
        run.kernelRelease = "6.1"
        run.reports = ConsoleLog(Array("[1.0] WARNING: CPU: 0 PID: 1 at fs/dax.c:1\n".utf8)).reports
        let report = try MachineReading(run: run).report(
            sent: Array(before.report.json.text.utf8), obstacle: nil,
            otherwise: Report(fs: "ext4-dax", seed: Seed(1)))
        #expect(
            report.violations.prefix(3).map(\.observed) == [
                "complaints of its checker", "warning", "taint 512 (W: a WARNING was printed)",
            ])
        #expect(report.violations.count == Report.listed)
        #expect(report.violationsTotal == UInt64(Report.listed) + 3)
    }
}
