import DaxHost
import DaxModel
import DaxReport
import DaxSystem
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
        #expect(Verdict.allCases.map(\.exitStatus.rawValue) == [0, 125, 1])
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
        Lack("no overlap between two processes happened") { $0.processes.overlaps = 0 },
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
        // Both are needed to have it again.
        report.machine?.seed = Seed(8)
        #expect(report.verdictLine.hasSuffix(" (seed 0x7, vm.seed 0x8)."))
        report.machine?.seed = Seed(7)
        report.power[.zeroForStamp].refused = 499
        #expect(
            report.verdictLine.hasSuffix(
                "no violation, but it would have seen only 499 of 1,000 lost stores that were put in "
                    + "to try it (seed 0x7)."))
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
        for _ in 0..<1004 { report.add(staleRead) }
        report.add(
            Finding(
                rule: .kernel, file: "", offset: 0, expected: "a", observed: "b", story: "c"))
        report.conclude()
        #expect(
            report.verdictLine
                == "violation: R7 regrowth, file0 at 0x203000: faulter 2 read stamp 7 of writer 3 in kernel "
                + "6.1.0 after truncater 1 had cut it off (1,005 violations, 2 distinct; ext4-dax, "
                + "seed 0x7).")
    }

    /// What has no room is in the report; what the sentence ends with, and the seed, is kept.
    @Test(arguments: [0, 1, 60, 100, 140, 1000])
    func isNeverLongerThanALine(_ words: Int) {
        let long = String(repeating: "word ", count: words)
        var report = Report(fs: "ext4-dax", seed: Seed(.max))
        report.conclude(obstacles: [long + "end", "two"])
        #expect(report.verdictLine.count <= 200)
        #expect(
            report.verdictLine.hasSuffix(
                words > 30
                    ? " (+1; ext4-dax, seed 0xffffffffffffffff)."
                    : " (and 1 more reason; ext4-dax, seed 0xffffffffffffffff).")
        )
        #expect(report.verdictLine.contains("...") == (words > 30))
        for file in ["file0", long] {
            var violation = staleRead
            (violation.story, violation.file) = (long + "end. More.", file)
            report.violations = [violation]
            report.violationsTotal = 12_345_678
            report.conclude()
            #expect(report.verdictLine.count <= 200 && report.verdictLine.hasSuffix("."))
        }
    }

    /// A guest whose kernel is broken may send anything: no terminal is to obey it.
    @Test func nothingInItCommandsATerminal() {
        var report = Report(fs: "ext4-dax", seed: Seed(1))
        report.kernel = "6.1\u{7}"
        report.conclude(obstacles: ["a\u{1b}[2J\u{0}b\u{9b}c\u{202e}d"])
        #expect(
            report.verdictLine
                == "untested: a\\x1b[2J\\x00b\\x9bc\\u{202e}d (ext4-dax, seed 0x1).")
        report.add(
            Finding(
                rule: .bystanders, file: "f\u{1b}c", offset: 0, expected: "\u{8}",
                observed: "\u{7f}",
                operations: ["[1.0] \u{1b}]0;x\u{7}"], story: "one\u{1b}[1m. Two.\nthree"))
        report.conclude()
        for text in [report.verdictLine, report.summary()] {
            #expect(
                text.unicodeScalars.allSatisfy {
                    $0 == "\n" || $0.properties.generalCategory != .control
                })
        }
        #expect(report.summary().contains("\n  three\n"))
    }

    @Test func peopleReadTheNameOfARule() {
        var report = cleanReport()
        report.add(staleRead)
        report.conclude()
        #expect(report.summary().contains("\nViolation 1 of 1: R7 regrowth, file0 at 0x203000\n"))
        // A program reads the number alone.
        #expect(report.json["violations"]?.values?.first?["rule"] == .string("R7"))
    }

    @Test func staysOnOneLineWhateverIsInIt() {
        var report = Report(fs: "ext4-dax", seed: Seed(1))
        report.conclude(obstacles: ["first\nsecond\r\n third"])
        #expect(report.verdictLine == "untested: first second third (ext4-dax, seed 0x1).")
        report.add(
            Finding(
                rule: .kernel, file: "", offset: 0, expected: "no splat", observed: "BUG", story: ""
            ))
        report.conclude()
        #expect(
            report.verdictLine
                == "violation: R10 kernel: expected no splat, observed BUG (ext4-dax, seed 0x1).")
    }
}
