import DaxModel
import DaxReport
import DaxSystem
import DaxText
import TestSupport
import Testing

@testable import DaxTorture

/// A clock that the kernel does not trust, and one that changes while the run lasts.
@Suite struct ClockCheckTests {
    private let scratch: Scratch
    private let together = ClockSkew(ahead: [1: .init(least: -1, greatest: 1)])

    init() throws { scratch = try Scratch("clock\(Clock.ticks())") }

    private func source(_ name: String) throws -> String {
        try scratch.write("source-\(name)", Array("\(name)\n".utf8))
        return "\(scratch.path)/source-\(name)"
    }

    @Test(arguments: ["hpet", "acpi_pm", "jiffies", "tsc-early", "hyperv_clocksource_tsc_page"])
    func anotherClockSourceIsRefused(_ name: String) throws {
        let error = #expect(throws: RunError.self) {
            try ClockCheck(sourcePath: source(name), isEmulated: false, skew: together)
        }
        let sentence = try #require(error).description
        #expect(sentence.contains("its clock source is \(name), neither tsc nor kvm-clock"))
        guard case .untested = try #require(error) else {
            Issue.record("\(sentence) is not untested")
            return
        }
    }

    @Test func oneThatCannotBeReadIsRefused() throws {
        #expect(throws: RunError.self) {
            try ClockCheck(sourcePath: "\(scratch.path)/none", isEmulated: false, skew: together)
        }
    }

    @Test(arguments: ["tsc", "kvm-clock"])
    func whatIsTrustedIsWidenedByTheBound(_ name: String) throws {
        let check = try ClockCheck(
            sourcePath: source(name), isEmulated: false,
            skew: ClockSkew(ahead: [1: .init(least: -1_000_000_000, greatest: 2_000_000_000)]))
        #expect(check.slack > 100_000_000 && check.facts.slack == check.slack)
        #expect(check.facts.source == name && check.facts.before == check.slack)
        #expect(check.facts.cpus == 2 && check.facts.after == nil)
    }

    /// A translated machine is not asked for its clock source, and its slack is the fences', too.
    @Test func aTranslatedMachineHasASlackOfItsOwn() throws {
        let check = try ClockCheck(
            sourcePath: source("jiffies"), isEmulated: true, skew: ClockSkew(ahead: [:]))
        #expect(check.slack == 1000 && check.facts.before == 0)
        let apart = try ClockCheck(
            sourcePath: source("jiffies"), isEmulated: true,
            skew: ClockSkew(ahead: [1: .init(least: 0, greatest: 2_000_000_000)]))
        #expect(apart.slack > 100_000_000)
    }

    @Test func countersThatMoveWhileTheyAreMeasuredAreRefused() throws {
        #expect(throws: RunError.self) {
            try ClockCheck(
                sourcePath: source("tsc"), isEmulated: false,
                skew: ClockSkew(ahead: [1: .init(least: 2, greatest: 1)]))
        }
    }

    /// A report with a stale read and a broken kernel in it.
    private func report() -> Report {
        var report = Report(fs: "ext4-dax", seed: Seed(7))
        for rule in [Rule.freshness, .kernel] {
            report.add(
                Finding(
                    rule: rule, file: "", offset: 0, expected: "", observed: "", story: ""))
        }
        return report
    }

    @Test func aClockThatHeldLeavesEverythingAsItIs() throws {
        let source = try source("tsc")
        let check = try ClockCheck(sourcePath: source, isEmulated: false, skew: together)
        var report = report()
        check.conclude(&report, sourcePath: source, skew: together)
        #expect(report.violationsTotal == 2 && report.vacuity.isEmpty && report.notes.isEmpty)
        #expect(report.clock?.after == report.clock?.before)
    }

    @Test func aClockThatMovedAccusesNobody() throws {
        let source = try source("tsc")
        let check = try ClockCheck(sourcePath: source, isEmulated: false, skew: together)
        var report = report()
        check.conclude(
            &report, sourcePath: source,
            skew: ClockSkew(ahead: [1: .init(least: 2, greatest: 9)]))
        #expect(report.violations.map(\.rule) == [.kernel] && report.violationsTotal == 1)
        #expect(report.vacuity.count == 1 && report.notes.count == 1)
    }

    @Test func aClockThatWasGivenUpAccusesNobody() throws {
        let check = try ClockCheck(sourcePath: source("tsc"), isEmulated: false, skew: together)
        var report = report()
        check.conclude(&report, sourcePath: try source("hpet"), skew: together)
        #expect(report.violations.map(\.rule) == [.kernel])
        #expect(report.vacuity.first?.contains("gave the time-stamp counter up") == true)
    }
}
