import DaxReport
import DaxSystem
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
        return try MachineReading(run: run, planned: 60).report(
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

    @Test func onlyAResetIsOne() throws {
        #expect(try report(.panicked).violations.map(\.observed) == ["it reset itself"])
        let others: [MachineOutcome] = [
            .switchedOff, .qemuStopped(reason: "on signal 15"), .interrupted,
            .qemuDied(reason: "exit status 0, without a reason"),
        ]
        for outcome in others {
            let report = try report(outcome)
            #expect(report.verdict == .untested && report.violationsTotal == 0, "\(outcome)")
        }
        #expect(
            try report(.qemuStopped(reason: "on signal 15")).vacuity == [
                "interrupted: on signal 15"
            ])
    }

    @Test func aSignalIsTold() throws {
        let interrupt = Interrupt(signal: "SIGTERM", times: 1)
        let report = try report(.interrupted) { $0.interrupt = interrupt }
        #expect(report.interruption == Interruption(interrupt, planned: 60))
    }

    /// On a clock that jumped everything is late, and nobody knows what would have been.
    @Test(arguments: [
        ("watchdog: BUG: soft lockup - CPU#0 stuck for 200s! [swapper/0:0]", true),
        ("INFO: task writer:71 blocked for more than 30 seconds.", true),
        ("WARNING: CPU: 0 PID: 71 at fs/dax.c:1 dax_insert_entry", false),
    ])
    func stallsAfterAStopOfTheHostAreNotJudged(_ line: String, _ isExcused: Bool) throws {
        func report(afterGap gap: UInt64) throws -> Report {
            try self.report(.finished(status: 0)) { run in
                run.kernelRelease = "6.1"
                run.longestGap = gap
                run.reports = ConsoleLog(Array(line.utf8)).reports
            }
        }
        #expect(try report(afterGap: 1_000_000_000).verdict == .violation)
        let stopped = try report(afterGap: 200_000_000_000)
        #expect(stopped.verdict == (isExcused ? .untested : .violation))
        #expect(
            stopped.vacuity.first?.hasPrefix("the host stood still for 200.0 s")
                == (isExcused ? true : false))
    }

    @Test func aSecondBootIsTold() throws {
        let note = "booted once more: at first the guest showed no sign of life"
        #expect(try report(.finished(status: 0), silentBoots: 1).notes == [note])
        #expect(try report(.finished(status: 0)).notes == [])
    }
}
