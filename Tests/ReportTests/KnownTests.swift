import DaxModel
import DaxReport
import DaxText
import Testing

/// Violations that are known are told apart, and do not count.
@Suite struct KnownTests {
    private func finding(_ seen: String, _ rule: Rule = .freshness) -> Finding {
        Finding(rule: rule, file: "file0", offset: 0, expected: "e", observed: seen, story: "s")
    }

    private func report(_ issues: KnownIssue..., kernel: String? = "6.1.0-50-amd64") -> Report {
        var report = cleanReport()
        report.kernel = kernel
        report.know(issues)
        return report
    }

    @Test func whatIsKnownFailsNothing() throws {
        var report = report(KnownIssue(name: "a", signature: "R3 | zero"))
        #expect(!report.add(finding("zero")) && !report.add(finding("zero")))
        report.conclude()
        #expect(report.verdict == .clean && report.violationsTotal == 0)
        #expect(report.violations.isEmpty && report.signatures.isEmpty)
        #expect(report.known.first?.count == 2 && report.known.first?.first == finding("zero"))
        #expect(
            report.verdictLine
                == "clean but for 2 known violations: 1,234,500 operations on ext4-dax in 20.0 s, "
                + "4,321,000 words checked, no other violation (seed 0x7).")
        #expect(
            report.summary().contains("\nKnown issues\n  - known issue a: 2 times: R3 | zero\n"))
        #expect(try Report(json: JSON(report.json.text)) == report)
    }

    @Test func whatComesBesideItFails() {
        var report = report(KnownIssue(name: "a", signature: "R3 | zero"))
        for seen in ["zero", "zero at", "an old stamp", "an old stamp"] {
            report.add(finding(seen))
        }
        report.conclude()
        #expect(report.verdict == .violation && report.violationsTotal == 3)
        #expect(report.verdictLine.contains("(3 violations, 2 distinct, 1 known ones beside; "))
    }

    /// A signature is covered whole, or up to a bar.
    @Test(arguments: [
        ("R3", true), ("R3 | zero", true), ("R3 | zero | load", true), ("R3 | zer", false),
        ("R3 | zero | load | punch | all", false), ("R1", false), ("", false),
    ])
    func coversUpToABar(_ signature: String, _ covers: Bool) {
        let issue = KnownIssue(name: "a", signature: signature)
        #expect(issue.covers("R3 | zero | load | punch") == covers)
        #expect(!issue.covers("R30 | zero | load"))
    }

    @Test(
        arguments: [
            ("6.1", "ext4-dax", true), ("6.0 - 6.12", nil, true), (nil, nil, true),
            ("6.2 - 6.12", nil, false), ("6.1", "xfs-dax", false), (nil, "xfs-dax", false),
        ] as [(String?, String?, Bool)])
    func onlyWhatFitsIsKnown(_ kernels: String?, _ filesystem: String?, _ fits: Bool) {
        let issue = KnownIssue(
            name: "a", signature: "R3", kernels: kernels.flatMap { KernelRange($0) },
            filesystem: filesystem)
        #expect(issue.fits("ext4-dax", "6.1.0-50-cloud-amd64") == fits)
        var report = report(issue)
        #expect(report.add(finding("zero")) == !fits)
        #expect(report.known.isEmpty == !fits)
        // One that is not seen is told.
        #expect(
            self.report(issue).knownLines == (fits ? ["known issue a: not seen: R3"] : []))
    }

    /// Before a kernel has come up nobody knows which it is.
    @Test func whichKernelItIsMayComeLater() {
        var report = report(
            KnownIssue(name: "a", signature: "R3", kernels: KernelRange("6.12")), kernel: nil)
        #expect(report.known.count == 1)
        report.kernel = "6.1.0"
        report.forgetWhatDoesNotFit()
        #expect(report.known.isEmpty)
        #expect(!KnownIssue(name: "a", kernels: KernelRange("6.1")).fits("ext4-dax", nil))
    }

    @Test func theFirstEntryTakesIt() {
        var report = report(
            KnownIssue(name: "a", signature: "R3 | zero"), KnownIssue(name: "b", signature: "R3"))
        for seen in ["zero", "a stamp", "a stamp"] { report.add(finding(seen)) }
        #expect(report.known.map(\.count) == [1, 2])
    }

    @Test func whatIsRenamedToAKnownOneIsKnown() {
        var report = report(KnownIssue(name: "a", signature: "R10 | warning in f"))
        report.add(finding("taint W", .kernel))
        report.timeToFirstViolation = 1
        report.rename { _ in "R10 | warning in f" }
        #expect(report.violationsTotal == 0 && report.violations.isEmpty)
        #expect(report.known.first?.count == 1 && report.timeToFirstViolation == nil)
    }

    @Test(
        arguments: [
            ("6.1", "6.1"), ("6.1-6.12", "6.1 - 6.12"), (" 6.1  -  7.0 ", "6.1 - 7.0"),
            ("6.12 - 6.1", nil), ("6", nil), ("", nil), ("6.1 -", nil), ("6.1.5", nil),
            ("6.1-rc1", nil),
            ("6.1 - 6.2 - 6.3", nil), ("6.+1", nil),
        ] as [(String, String?)])
    func readsRangesOfKernels(_ text: String, _ told: String?) {
        #expect(KernelRange(text)?.description == told)
    }
}
