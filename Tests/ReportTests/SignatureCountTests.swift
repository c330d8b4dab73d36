import DaxModel
import DaxReport
import DaxText
import Testing

/// Violations are grouped by their signatures, whether they are listed or not.
@Suite struct SignatureCountTests {
    private var report = Report(fs: "ext4-dax", seed: Seed(1))

    private func finding(_ seen: String, _ rule: Rule = .freshness, at offset: UInt64 = 0)
        -> Finding
    {
        Finding(
            rule: rule, file: "file0", offset: offset, expected: "e", observed: seen, story: "s")
    }

    @Test mutating func eachIsCountedOnce() {
        for (seen, offset) in [("a 1", 0), ("b", 8), ("a 2", 16)] as [(String, UInt64)] {
            report.add(finding(seen, at: offset))
        }
        #expect(
            report.signatures == [
                SignatureCount("R3 | a N", count: 2, first: 0),
                SignatureCount("R3 | b", count: 1, first: 1),
            ])
        #expect(report.violationsTotal == 3 && report.tally == "3 violations, 2 distinct")
    }

    @Test mutating func aNewOneIsListedWhateverCameBefore() {
        report.add(finding("a"))
        for offset in 0..<UInt64(Report.listed) { report.add(finding("b", at: offset)) }
        report.add(finding("c"))
        report.add(finding("c"))
        #expect(report.violations.count == Report.listed)
        #expect(report.violations.first?.signature == "R3 | a")
        #expect(report.violations[1].offset == 0)
        #expect(report.violations.last?.signature == "R3 | c")
        #expect(report.signatures.map(\.count) == [1, UInt64(Report.listed), 2])
        #expect(report.signatures.map(\.first) == [0, 1, UInt64(Report.listed) - 1])
    }

    /// What the oracle did not look at may be anything.
    @Test mutating func whatIsOnlyCountedIsSaidSo() {
        report.add(untold: 0)
        #expect(report.signatures.isEmpty && report.tally == "0 violations")
        report.add(finding("a"))
        #expect(report.tally == "1 violation")
        report.add(untold: 17)
        #expect(report.tally == "18 violations, at least 1 distinct")
        #expect(report.signatures.last == SignatureCount("others", count: 17))
        report.add(finding("b"))
        #expect(report.signatures.map(\.signature) == ["R3 | a", "R3 | b", "others"])
        report.conclude()
        #expect(report.verdict == .violation)
    }

    @Test mutating func whatDoesNotCountIsForgottenWithAllLikeIt() {
        for _ in 0...Report.listed { report.add(finding("late", .kernel)) }
        report.add(finding("a"))
        report.add(untold: 4)
        #expect(
            report.remove(untold: false) { $0.rule == .kernel } == UInt64(Report.listed) + 1)
        #expect(report.violationsTotal == 5 && report.violations.map(\.observed) == ["a"])
        #expect(report.signatures.first == SignatureCount("R3 | a", count: 1, first: 0))
        report.timeToFirstViolation = 1
        #expect(report.remove(untold: true) { _ in true } == 5)
        #expect(report.violationsTotal == 0 && report.signatures.isEmpty)
        #expect(report.timeToFirstViolation == nil)
    }

    @Test mutating func oneThatIsRenamedGoesToTheOthersOfItsName() {
        for seen in ["a", "b", "c"] { report.add(finding(seen)) }
        report.rename { $0.observed == "a" ? "R3 | c" : nil }
        #expect(report.violationsTotal == 3)
        #expect(
            report.signatures == [
                SignatureCount("R3 | c", count: 2, first: 0),
                SignatureCount("R3 | b", count: 1, first: 1),
            ])
    }

    /// A hint, from what mutants have shown.
    @Test mutating func whatItLooksLikeIsTold() {
        report.add(finding("zero"))
        #expect(report.resembled.isEmpty && !report.summary().contains("looks like"))
        report.rename { _ in "R12 | a block where no block is written" }
        #expect(report.resembled == ["stale-mapping"])
        #expect(report.summary().contains("\n  looks like the mutants of class stale-mapping ("))
    }

    @Test mutating func theFirstOfEachIsTold() {
        for seen in ["a 1", "b", "a 2"] { report.add(finding(seen)) }
        report.conclude()
        let text = report.summary()
        #expect(text.contains("\n3 violations, 2 distinct\n  2  R3 | a N\n  1  R3 | b\n"))
        #expect(text.contains("observed  a 1\n") && !text.contains("observed  a 2\n"))
        #expect(text.hasSuffix("\n1 more violation is not told.\n"))
    }
}
