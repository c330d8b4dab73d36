import DaxReport
import Testing

/// What scripts ask of a report.
@Suite struct ReportFieldTests {
    private func field(_ path: String) -> String? {
        var report = cleanReport()
        report.add(staleRead)
        report.add(staleRead)
        report.conclude()
        return report.field(path)
    }

    @Test(arguments: [
        ("verdict", "violation"), ("seed", "0x7"), ("exit", "1"), ("dax", "true"),
        ("duration_s", "20.0"), ("machine.qemu", "10.0.2"), ("machine.sha256.modules.xfs", "8f"),
        ("operations", "1234500"), ("operations.fault", "30000"), ("faults", "13114"),
        ("operations_failed.punch", "4"), ("violations.rule", "R7"), ("violations_total", "2"),
        ("interrupted", "null"), ("interrupted.signal", "null"), ("vacuity", ""),
        ("coverage.none", "1\n1000\n8"),
    ])
    func isAsItIsWritten(_ path: String, _ value: String) { #expect(field(path) == value) }

    @Test(arguments: [
        "", "verdicts", "verdict.x", "machine", "violations", "operations.", "violations.rules",
    ])
    func isRefusedWhereThereIsNone(_ path: String) { #expect(field(path) == nil) }
}
