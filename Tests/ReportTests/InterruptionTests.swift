import DaxHost
import DaxReport
import DaxSystem
import DaxText
import Testing

@Suite struct InterruptionTests {
    /// A run that a signal has ended, and that was as good as its figures say.
    private func report(
        _ signal: String, times: Int = 1, duration: Double = 2,
        _ change: (inout Report) -> Void = { _ in }
    ) -> Report {
        var report = cleanReport()
        report.duration = duration
        change(&report)
        report.interrupted(by: Interrupt(signal: signal, times: times), planned: 60)
        report.conclude()
        return report
    }

    @Test func oneCtrlCLeavesWhatIsClean() {
        let report = report("SIGINT")
        #expect(report.verdict == .clean)
        #expect(
            report.verdictLine.hasSuffix(
                "no violation, interrupted after 2.0 s of 60.0 s (seed 0x7)."))
    }

    @Test func anyOtherSignalIsNoVerdict() {
        for (signal, times) in [("SIGTERM", 1), ("SIGHUP", 1), ("SIGINT", 2)] {
            let report = report(signal, times: times)
            #expect(report.verdict == .untested)
            #expect(
                report.verdictLine.hasPrefix(
                    "untested: interrupted after 2.0 s of 60.0 s by \(signal)"))
        }
    }

    @Test func aVacuousRunIsNotCleanByCtrlC() {
        let report = report("SIGINT") { $0.faults.pmd = 0 }
        #expect(report.verdict == .untested)
        #expect(
            report.verdictLine
                == "untested: no PMD fault happened (ext4-dax, interrupted after 2.0 s of 60.0 s, "
                + "seed 0x7).")
    }

    @Test func aViolationStands() {
        for signal in ["SIGINT", "SIGTERM"] {
            let report = report(signal) { $0.add(staleRead) }
            #expect(report.verdict == .violation)
            #expect(report.verdictLine.contains("interrupted after 2.0 s of 60.0 s"))
        }
    }

    /// Its checks may still have been under way.
    @Test func whatCameAfterTheRunIsNoMatter() {
        let report = report("SIGTERM", duration: 60)
        #expect(report.verdict == .clean && report.interruption == nil)
    }

    @Test func survivesTheRoundTrip() throws {
        let report = report("SIGHUP", times: 3)
        #expect(try Report(json: JSON(report.json.text)) == report)
        #expect(report.json["interrupted"]?["times"] == .number(3))
    }
}
