import DaxReport
import DaxText
import Testing

/// A clean report with something missing, and what a user is told then.
struct Lack: Sendable {
    var reason: String
    var take: @Sendable (inout Report) -> Void

    init(_ reason: String, _ take: @escaping @Sendable (inout Report) -> Void) {
        self.reason = reason
        self.take = take
    }
}

@Suite struct VerdictTests {
    @Test func exitsAsBisectWants() {
        #expect(Verdict.allCases.map(\.exitStatus) == [0, 125, 1])
    }

    @Test func mergesByWeight() {
        #expect(Verdict.merged([.clean, .untested, .violation, .clean]) == .violation)
        #expect(Verdict.merged([.clean, .untested]) == .untested)
        #expect(Verdict.merged([.clean, .clean]) == .clean)
        #expect(Verdict.merged([]) == .untested)
    }

    @Test func aFullRunIsClean() {
        #expect(cleanReport().vacuity == [])
        #expect(cleanReport().verdict == .clean)
    }

    @Test func aViolationOutweighsVacuity() {
        var report = Report(fs: "xfs-dax", seed: Seed(1))
        report.add(staleRead)
        report.conclude()
        #expect(report.verdict == .violation && !report.vacuity.isEmpty)
        #expect(report.violationsTotal == 1)
    }

    @Test func anUnlistedViolationIsOne() {
        var report = cleanReport()
        report.violationsTotal = 1
        report.conclude()
        #expect(report.verdict == .violation)
    }

    @Test func anObstacleIsTheOnlyReason() {
        var report = Report(fs: "xfs-dax", seed: Seed(1))
        report.conclude(obstacles: ["no QEMU is installed"])
        #expect(report.verdict == .untested)
        #expect(report.vacuity == ["no QEMU is installed"])
    }

    /// Each thing a clean run must have shown, taken away alone.
    @Test(arguments: [
        Lack("no file was tested") { $0.dax.files = 0 },
        Lack("statx shows DAX on 0 of 1 files only") { $0.dax.statx = 0 },
        Lack("MAP_SYNC was accepted on 0 of 1 files only") { $0.dax.mapSync = 0 },
        Lack("no PTE fault happened") { $0.faults.pte = 0 },
        Lack("no PMD fault happened") { $0.faults.pmd = 0 },
        Lack("no truncate operation happened") { $0.operations["truncate"] = 0 },
        Lack("no operation happened") { $0.operations = [:] },
        Lack("no overlap of puncher x writer happened") { $0.overlaps["puncher x writer"] = 0 },
        Lack("no overlap of writer x writer happened") { $0.overlaps["writer x writer"] = 0 },
        Lack("the harness is wrong: actors took 902 SIGBUS, and the oracle accounted for 901") {
            $0.sigbus.taken += 1
        },
        Lack("the harness is wrong: actors took 901 SIGBUS, and the oracle accounted for 900") {
            $0.sigbus.noSpace -= 1
        },
        Lack("nothing was checked") { $0.checks.words = 0 },
    ])
    func vacuity(_ lack: Lack) {
        var report = cleanReport()
        lack.take(&report)
        report.conclude()
        #expect(report.vacuity == [lack.reason])
        #expect(report.verdict == .untested)
    }

    @Test func anActorThatWasLeftOutAsksForNothing() {
        var report = cleanReport()
        report.actors[1].count = 0
        report.overlaps = report.overlaps.filter { !$0.key.contains("puncher") }
        report.conclude()
        #expect(report.verdict == .clean)
    }

    @Test func namesAPairTheSameBothWays() {
        #expect(Report.pair("writer", "puncher") == "puncher x writer")
        #expect(Report.pair("puncher", "writer") == "puncher x writer")
    }

    /// A clean run that would not have seen a lost store is worth little, and says so.
    @Test func saysWhereItWouldHaveSeenLittle() {
        var report = cleanReport()
        report.power[.zeroForStamp] = PowerFacts.Count(tried: 1000, refused: 500)
        #expect(report.verdictLine.hasSuffix("words checked, no violation (seed 0x7)."))
        report.power[.zeroForStamp].refused = 499
        #expect(
            report.verdictLine.hasSuffix(
                "no violation, but of 1,000 stamps that were made zero to try it only 499 would "
                    + "have been seen (seed 0x7)."))
    }

    @Test func saysItInOneSentence() {
        var report = cleanReport()
        #expect(
            report.verdictLine
                == "clean: 1,234,500 operations on ext4-dax in 20.0 s, 4,321,000 words checked, "
                + "no violation (seed 0x7).")
        report.faults = FaultCounts()
        report.conclude()
        #expect(
            report.verdictLine
                == "untested: no PTE fault happened (and 1 more reason; ext4-dax, seed 0x7).")
        report.violations = [staleRead, staleRead]
        report.violationsTotal = 1005
        report.conclude()
        #expect(
            report.verdictLine
                == "violation: R7, file0 at 0x203000: faulter 2 read stamp 7 of writer 3 in kernel "
                + "6.1.0 after truncater 1 had cut it off (and 1,004 more violations; ext4-dax, "
                + "seed 0x7).")
    }

    @Test func staysOnOneLineWhateverIsInIt() {
        var report = Report(fs: "ext4-dax", seed: Seed(1))
        report.conclude(obstacles: ["first\nsecond\r\n third"])
        #expect(report.verdictLine == "untested: first second third (ext4-dax, seed 0x1).")
        report.add(
            Violation(
                rule: "R10", file: "", offset: 0, expected: "no splat", observed: "BUG", story: ""))
        report.conclude()
        #expect(
            report.verdictLine
                == "violation: R10: expected no splat, observed BUG (ext4-dax, seed 0x1).")
    }
}
