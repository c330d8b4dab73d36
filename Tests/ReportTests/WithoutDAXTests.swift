import DaxModel
import DaxReport
import DaxText
import Testing

/// What a run says that was not on DAX, alone and as the reference of another.
@Suite struct WithoutDAXTests {
    /// All that such a run can show, and no more.
    private func report() -> Report {
        var report = cleanReport()
        report.daxMode = "never"
        report.dax = DaxProof(files: 1)
        report.faults = FaultCounts()
        report.conclude()
        return report
    }

    @Test func aloneItIsUntested() {
        let report = report()
        #expect(report.verdict == .untested)
        #expect(report.vacuity == ["no file was on DAX, since fs.dax is never"])
        #expect(report.json["dax"] == .bool(false))
        #expect(report.json["dax_mode"] == .string("never"))
        #expect(report.summary().contains("\n  DAX              none, as asked for: statx on 0"))
        #expect(report.verdictLine.contains("(ext4-dax without DAX, seed 0x7)"))
    }

    @Test func aViolationIsAViolation() {
        var report = report()
        report.add(staleRead)
        report.conclude()
        #expect(report.verdict == .violation)
    }

    @Test func asAReferenceItMayBeClean() {
        var report = report()
        report.becomeReference()
        #expect(report.verdict == .clean && report.vacuity.isEmpty)
        #expect(report.verdictLine.contains(" on ext4-dax without DAX in "))
        #expect(report.notes.contains { $0.contains("compared with a run under DAX") })
    }

    /// What else is missing counts as ever.
    @Test func asAReferenceItMustHaveExercisedTheRest() {
        var report = report()
        report.overlaps["faulter x writer"] = 0
        report.vacuity = []
        report.conclude()
        report.becomeReference()
        #expect(report.verdict == .untested)
        #expect(report.vacuity == ["no overlap of faulter x writer happened"])
    }

    @Test func theConclusionFollowsFromTheOtherVerdict() {
        var other = report()
        func facts() -> DifferentialFacts { DifferentialFacts(other, directory: "without-dax") }
        #expect(facts().conclusion == "not known")
        #expect(facts().rule == nil)
        other.becomeReference()
        #expect(facts().conclusion == "only under DAX")
        #expect(facts().line.hasPrefix("only under DAX: the same run without DAX is clean: "))
        other.add(staleRead)
        other.conclude()
        #expect(facts().conclusion == "also without DAX")
        #expect(facts().rule == .regrowth && facts().violations == 1)
    }

    @Test func theSummaryTellsOfIt() {
        var report = cleanReport()
        report.add(staleRead)
        report.conclude()
        var other = self.report()
        other.becomeReference()
        report.differential = DifferentialFacts(other, directory: "without-dax")
        let text = report.summary()
        #expect(text.contains("\n  without DAX      only under DAX\n"))
        #expect(text.contains("\nThe same run without DAX\n  - clean: "))
    }
}
