import DaxConfig
import DaxHost
import DaxModel
import DaxReport
import DaxSystem
import DaxText
import Testing

@testable import DaxMachine
@testable import DaxTorture

/// What a machine's end means for the verdict.
@Suite struct MachineReadingTests {
    private func report(
        _ outcome: MachineOutcome, silentBoots: Int = 0, console: [String] = [],
        sent: [UInt8]? = nil, latest: [UInt8]? = nil,
        _ change: (inout MachineRun) -> Void = { _ in }
    ) throws -> Report {
        var run = MachineRun(outcome: outcome, initramfsSize: 0, commandLine: "")
        run.silentBoots = silentBoots
        if !console.isEmpty { run.kernelRelease = "6.1" }
        let log = ConsoleLog(Array(console.joined(separator: "\n").utf8))
        (run.reports, run.outOfMemory, run.lastLines) = (log.reports, log.outOfMemory, log.lines)
        change(&run)
        return try MachineReading(run: run, planned: 60, memory: .gib(1)).report(
            sent: sent, latest: latest, obstacle: nil,
            otherwise: Report(fs: "ext4-dax", seed: Seed(1)))
    }

    /// What was known at a quiet point, and whether it has a violation.
    private func known(_ isBad: Bool, epochs: UInt64 = 3) -> [UInt8] {
        var report = Report(fs: "ext4-dax", seed: Seed(1))
        report.dax = DaxProof(files: 1, statx: 1, mapSync: 1)
        (report.duration, report.checks.epochs, report.checks.words) = (6, epochs, 9)
        (report.operations, report.faults) = (["store": 40], FaultCounts(pte: 1, pmd: 1))
        if isBad {
            report.add(
                Finding(
                    rule: .freshness, file: "file0", offset: 8, expected: "b", observed: "a",
                    story: "s"))
        }
        report.conclude()
        return Array(report.json.text.utf8)
    }

    @Test(
        arguments: [
            .panicked, .hung(seconds: 120), .qemuDied(reason: "signal 9"), .switchedOff,
            .garbled(reason: "g"), .interrupted, .finished(status: 125),
        ] as [MachineOutcome])
    func whatWasKnownOutlivesTheMachine(_ outcome: MachineOutcome) throws {
        for isBad in [true, false] {
            let report = try report(outcome, latest: known(isBad))
            #expect(report.dax.isComplete && report.operations == ["store": 40])
            #expect(report.duration == 6 && report.checks.words == 9)
            #expect(
                report.notes.contains(
                    "the guest ended after the quiet point at 6.0 s, without a last report: what "
                        + "came later is missing"), "\(report.notes)")
            #expect(report.violations.contains { $0.rule == .freshness } == isBad)
            // Nobody knows how it would have gone on.
            #expect(report.verdict != .clean, "\(outcome)")
            if isBad { #expect(report.verdict == .violation) }
        }
    }

    @Test func anEndBeforeTheFirstQuietPointIsTold() throws {
        let report = try report(.panicked, latest: known(false, epochs: 0))
        #expect(
            report.notes.first?.hasPrefix("the guest ended before its first quiet point") == true)
    }

    /// The guest may be broken: what its kernel printed is told all the same.
    @Test(arguments: ["", "{", "[1]", #"{"schema": "daxtorture-report-1"}"#, "\u{0}"])
    func whatIsNoReportCountsForNothing(_ text: String) throws {
        let panic = ["[1.0] Kernel panic - not syncing: Fatal exception"]
        let report = try report(.panicked, console: panic, latest: Array(text.utf8))
        #expect(report.violations.map(\.rule) == [.kernel] && report.operations.isEmpty)
        #expect(!report.notes.contains { $0.contains("quiet point") })
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
        #expect(report.violations.map(\.rule) == [.kernel])
        #expect(report.violations.map(\.story) == ["the guest has said nothing for 120 s"])
        // A kernel that spins is another bug than one that sleeps.
        let spinning = try self.report(.hung(seconds: 120)) { run in
            for second in 0...20 as ClosedRange<UInt64> {
                let time = ProcessorTime(ran: 2 * second * 1_000_000_000 + 1, waited: 0)
                run.share.add(time, at: second * 1_000_000_000)
            }
        }
        #expect(
            spinning.violations.map(\.story) == [
                "the guest has said nothing for 120 s, and had 2.0 CPUs' time in the last 20 s of that"
            ])
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

    /// What a guest may be late with.
    enum Lateness: CaseIterable { case hungTask, hang, lockup, warning }

    /// A guest that waited for the host's CPUs is late without a fault of its own.
    @Test(arguments: Lateness.allCases)
    func whatIsLateOnAStarvedHostIsNotJudged(_ lateness: Lateness) throws {
        func report(waited: UInt64) throws -> Report {
            var builder = ReportBuilder(Config(), seed: 1, ticksPerSecond: 1e9)
            var console = ""
            switch lateness {
            case .hungTask: console = "INFO: task writer:71 blocked for more than 30 seconds."
            case .hang:
                builder.hung("punch 1", in: nil, inKernel: true, stack: [], seconds: 15)
            case .lockup: builder.compare(taint: 8192, with: 8192 + 16384, at: 1)
            // It is not only late.
            case .warning: builder.compare(taint: 8192, with: 8192 + 512 + 16384, at: 1)
            }
            return try self.report(
                .finished(status: 0), sent: Array(builder.report.json.text.utf8)
            ) { run in
                run.kernelRelease = "6.1"
                run.reports = ConsoleLog(Array(console.utf8)).reports
                for second in 0...UInt64(20) {
                    let time = ProcessorTime(
                        ran: second * 1_000_000_000, waited: second * waited)
                    run.share.add(time, at: second * 1_000_000_000)
                }
            }
        }
        #expect(try report(waited: 1_000_000_000).verdict == .violation)
        let starved = try report(waited: 4_000_000_000)
        guard lateness != .warning else { return #expect(starved.verdict == .violation) }
        #expect(starved.verdict == .untested)
        #expect(starved.violationsTotal == 0 && starved.violations.isEmpty)
        let reason = "the host gave the machine 20 % of the CPU time that it wanted"
        #expect(starved.vacuity.contains { $0.hasPrefix(reason) })
    }

    @Test func aSecondBootIsTold() throws {
        let note = "booted once more: at first the guest showed no sign of life"
        #expect(try report(.finished(status: 0), silentBoots: 1).notes == [note])
        #expect(try report(.finished(status: 0)).notes == [])
    }

    private static let warning = "[   11.0] WARNING: CPU: 0 PID: 1 at fs/dax.c:1 f+0x1/0x2"
    private static let killed =
        "[   12.3] Out of memory: Killed process 87 (init) total-vm:8296404kB, anon-rss:784140kB"
    private static let deadlocked =
        "[   12.3] Kernel panic - not syncing: System is deadlocked on memory"

    /// A machine that was too small says nothing of its kernel.
    @Test(arguments: [
        [killed, "daxtorture: the run died: signal 9"], [killed, warning],
        [deadlocked],
    ])
    func aMachineWithoutMemoryIsUntested(_ console: [String]) throws {
        for outcome in [MachineOutcome.panicked, .hung(seconds: 120)] {
            let report = try report(outcome, console: console)
            #expect(report.verdict == .untested && report.violationsTotal == 0)
            #expect(
                report.vacuity == [
                    "the guest ran out of memory: give it more of it than 1GiB, such as --memory 2GiB"
                ])
        }
    }

    /// What came before it is the kernel's own, and so is all where the run went on.
    @Test func whatComesBeforeTheMemoryEndsCounts() throws {
        let console = [MachineReadingTests.warning, MachineReadingTests.killed]
        #expect(try report(.panicked, console: console).violations.map(\.rule) == [.kernel])
        let after = [MachineReadingTests.killed, MachineReadingTests.warning]
        #expect(
            try report(.finished(status: 0), console: after).violations.map(\.rule) == [.kernel])
    }

    /// A verdict is one sentence; what the console shows is below it.
    @Test func theConsoleIsNoPartOfTheVerdict() throws {
        let report = try report(.neverBooted(reason: "it panicked")) {
            $0.lastLines = ["[1.0] \u{1b}[31mone", "[1.1] two"]
        }
        #expect(report.vacuity == ["the guest never came up: it panicked"])
        #expect(
            report.verdictLine
                == "untested: the guest never came up: it panicked (ext4-dax, seed 0x1).")
        #expect(report.notes.count == 2 && report.notes[1] == "the console at its end: [1.1] two")
        #expect(report.summary().contains("[1.0] \\x1b[31mone"))
    }

    @Test func aMachineThatIsEmulatedAfterAllSaysWhy() throws {
        let report = try report(.finished(status: 0)) { $0.failureOfKVM = "no MSR" }
        #expect(report.notes == ["emulated: KVM did not boot it (no MSR)"])
    }

    /// A function that complains twice complains of one thing, and so does the taint.
    @Test func splatsOfOneFunctionAreOneCause() throws {
        var builder = ReportBuilder(Config(), seed: 7, ticksPerSecond: 1e9)
        builder.compare(taint: 8192, with: 8192 + 512, at: 9)
        let report = try report(
            .finished(status: 1),
            console: [
                "[11.0] WARNING: CPU: 0 PID: 1 at fs/dax.c:1 f+0x1/0x2",
                "[11.1] ---[ end trace 1 ]---",
                "[12.0] WARNING: CPU: 1 PID: 7 at fs/dax.c:1 f+0x1/0x2",
                "[12.1] ---[ end trace 2 ]---",
                "[13.0] WARNING: CPU: 1 PID: 7 at a/b.c:9 g+0x1/0x2",
            ], sent: Array(builder.report.json.text.utf8))
        #expect(
            report.signatures == [
                SignatureCount("R10 | warning in f", count: 3, first: 0),
                SignatureCount("R10 | warning in g", count: 1, first: 2),
            ])
        #expect(report.violations.last?.isTaint == true && report.violationsTotal == 4)
    }

    /// What is known taints the kernel as well, and hides nothing.
    @Test(arguments: [false, true])
    func aKnownWarningDoesNotCountAndHidesNothing(_ isAlone: Bool) throws {
        var config = Config()
        config.known = [KnownIssue(name: "f", signature: "R10 | warning in f")]
        var builder = ReportBuilder(config, seed: 7, ticksPerSecond: 1e9)
        builder.compare(taint: 8192, with: 8192 + 512, at: 9)
        #expect(builder.violationCount == 1)
        let warning = "[11.0] WARNING: CPU: 0 PID: 1 at fs/dax.c:1 f+0x1/0x2"
        let end = "[11.1] ---[ end trace 1 ]---"
        let report = try report(
            .finished(status: 1),
            console: [warning, end]
                + (isAlone ? [] : ["[12.0] WARNING: CPU: 1 PID: 7 at a/b.c:9 g+0x1/0x2"]),
            sent: Array(builder.report.json.text.utf8))
        // The taint is that of the one that is not known, if there is one.
        #expect(report.violationsTotal == (isAlone ? 0 : 2))
        #expect(report.known.first?.count == (isAlone ? 2 : 1))
        #expect(report.signatures.map(\.signature) == (isAlone ? [] : ["R10 | warning in g"]))
        // Who reads the kernel's log in time knows it then.
        var inTime = ReportBuilder(config, seed: 7, ticksPerSecond: 1e9)
        inTime.compare(taint: 8192, with: 8192 + 512, at: 9) {
            ConsoleLog(Array(warning.utf8)).reports
        }
        #expect(inTime.violationCount == 0 && inTime.report.timeToFirstViolation == nil)
    }

    /// The taint is only the trace of what was printed, and was looked at later.
    @Test func aWarningComesBeforeItsTaint() throws {
        var before = ReportBuilder(Config(), seed: 7, ticksPerSecond: 1e9)
        before.unsound("bad")
        before.compare(taint: 0, with: 512, at: 9)
        for _ in 0..<Report.listed { before.unsound("worse") }
        var run = MachineRun(outcome: .finished(status: 1), initramfsSize: 0, commandLine: "")
        run.kernelRelease = "6.1"
        run.reports = ConsoleLog(Array("[1.0] WARNING: CPU: 0 PID: 1 at fs/dax.c:1\n".utf8)).reports
        let report = try MachineReading(run: run, memory: .gib(1)).report(
            sent: Array(before.report.json.text.utf8), obstacle: nil,
            otherwise: Report(fs: "ext4-dax", seed: Seed(1)))
        #expect(
            report.violations.prefix(3).map(\.observed) == [
                "complaints of its checker", "warning", "taint 512 (W: a WARNING was printed)",
            ])
        #expect(report.violations.count == Report.listed)
        #expect(report.violationsTotal == UInt64(Report.listed) + 3)
    }
}
