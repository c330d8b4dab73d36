import DaxReport
import DaxText
import Testing

@testable import DaxMachine
@testable import DaxTorture

/// What a machine's end means for the verdict.
@Suite struct MachineReadingTests {
    private func report(_ outcome: MachineOutcome, silentBoots: Int = 0) throws -> Report {
        var run = MachineRun(outcome: outcome, initramfsSize: 0, commandLine: "")
        run.silentBoots = silentBoots
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
}
