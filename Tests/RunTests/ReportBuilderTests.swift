import DaxConfig
import DaxModel
import DaxReport
import DaxSystem
import DaxText
import Glibc
import TestSupport
import Testing

@testable import DaxChecks
@testable import DaxOperations
@testable import DaxTorture

/// What the report builder makes of what it is told.
@Suite struct ReportBuilderTests {
    private var builder = ReportBuilder(Config(), seed: 7, ticksPerSecond: 1e9)
    private let names: [ActorNumber: String] = [.harness: "the harness", 3: "writer 1"]

    @Test mutating func aCanaryThatChangedIsAViolationWithItsCulprit() throws {
        builder.changed(
            Canaries.Change(
                file: "canary2", offset: 800, expected: 1, observed: 2,
                stampOwner: (actor: 3, sequence: 9, file: 1, word: 512)), names: names)
        let violation = try #require(builder.report.violations.first)
        #expect(violation.rule == .bystanders && builder.report.violationsTotal == 1)
        #expect(violation.file == "canary2" && violation.offset == 800)
        #expect(violation.expected == hex(1) && violation.observed == hex(2))
        #expect(
            violation.story
                == "canary2, which nobody touched since it was written, holds 0x0000000000000002 "
                + "at offset 800: what writer 1 wrote as its operation 9 into file1 at offset 4096")
    }

    @Test mutating func aFileThatIsNoLongerOnDAXIsAViolation() throws {
        builder.lostDAX(KnownFile(name: "file0", directory: "/m", limit: 4096))
        let violation = try #require(builder.report.violations.first)
        #expect(violation.rule == .kernel && violation.file == "file0")
        #expect(violation.expected == "STATX_ATTR_DAX" && violation.observed == "none")
    }

    @Test mutating func spaceThatDoesNotComeBackIsAViolation() throws {
        builder.compare(SpaceFacts(baseline: 64 << 20, after: (64 << 20) - 4096))
        #expect(builder.report.violations.isEmpty)
        builder.compare(SpaceFacts(baseline: 64 << 20, after: 62 << 20))
        let violation = try #require(builder.report.violations.first)
        #expect(violation.rule == .bystanders)
        #expect(violation.story.contains("65,011,712") && violation.story.contains("67,108,864"))
        #expect(builder.report.space?.after == 62 << 20)
    }

    @Test mutating func aTaintIsDecoded() throws {
        builder.compare(taint: 8192, with: 8192, at: 1)
        #expect(builder.report.violations.isEmpty)
        builder.compare(taint: 8192, with: 8192 + 512 + 1 << 40, at: 1)
        let violation = try #require(builder.report.violations.first)
        #expect(violation.expected == "taint 8192 (E: an unsigned module was loaded)")
        #expect(
            violation.story.hasSuffix("during the run: W: a WARNING was printed, bit 40"))
    }

    @Test mutating func anActorThatHangsShowsTheCallThatItIsIn() throws {
        let record = Record(
            interval: Interval(Timestamp(ticks: 1), Timestamp(ticks: 2)), offset: 4096,
            length: 8192,
            done: 0, reference: 0, kind: .punch, path: .uring, outcome: .done, file: 1, code: 0)
        var call = CallInProgress(record)
        call.more = 2
        builder.hung("punch 1", in: call, inKernel: true, stack: ["[<0>] down_write"], seconds: 15)
        (call.kind, call.file, call.more) = (.ownLoad, Record.noFile, 0)
        builder.hung("churn 1", in: call, inKernel: false, stack: [], seconds: 15)
        builder.hung("write 1", in: nil, inKernel: true, stack: ["[<0>] x"], seconds: 15)
        let violations = builder.report.violations
        #expect(
            violations.map(\.story) == [
                "punch 1 has not come back from its punch of file1 at 0x1000, 8192 bytes, or one of 2 "
                    + "submitted with it, for 15 s",
                "churn 1's own load at 0x1000, 8192 bytes faulted for 15 s without an end, and had to "
                    + "be interrupted",
                "write 1 has not come back from the kernel for 15 s",
            ])
        #expect(violations[0].operations.count == 2)
        #expect(violations[0].operations[0].hasPrefix("punch 1 is in: punch of file1 at 0x1000"))
        #expect(violations[2].operations == ["[<0>] x"])
    }

    @Test mutating func onlyTheMostThatJudgingTookIsTold() {
        builder.reserved(7)
        for bytes in [5, 9, 3] { builder.judging(bytes) }
        #expect(builder.report.memory.logs == 7 && builder.report.memory.judgePeak == 9)
    }

    @Test mutating func everyFaultIsASigbusThatWasTaken() {
        for (kind, outcome) in [
            (.store, .faulted), (.store, .done), (.load, .faulted), (.read, .failed),
        ] as [(OperationKind, Record.Outcome)] {
            builder.count(
                Record(
                    interval: Interval(Timestamp(ticks: 1), Timestamp(ticks: 2)), offset: 0,
                    length: 8, done: 0, reference: 0, kind: kind, path: .mapping, outcome: outcome,
                    file: 0, code: 0))
        }
        #expect(builder.report.sigbus.taken == 2)
        #expect(builder.report.operations["store"] == 2 && builder.report.operations["load"] == 1)
    }

    private func part(_ records: [Record]) -> ActorLog {
        var log = Log(records: 100, values: 1)
        for record in records { log.append(record) }
        return ActorLog(actor: 1, log: log)
    }

    private func record(
        _ kind: OperationKind, _ outcome: Record.Outcome, _ code: Int32, signal: UInt8 = 0
    ) -> Record {
        Record(
            interval: Interval(Timestamp(ticks: 1), Timestamp(ticks: 2)), offset: 4096, length: 8,
            done: 0, reference: 0, kind: kind, path: .syscall, outcome: outcome, file: 0,
            signal: signal, code: code)
    }

    @Test mutating func whatFailedIsCountedByErrnoAndWithoutAReasonIsAViolation() throws {
        let records = [
            record(.punch, .failed, EIO), record(.punch, .failed, ENOSPC), record(.punch, .done, 0),
            record(.load, .faulted, 2, signal: UInt8(SIGSEGV)),
        ]
        for record in records { builder.count(record) }
        #expect(
            builder.report.operationsFailed == [
                "punch": ["EIO": 1, "ENOSPC": 1], "load": ["SIGSEGV": 1],
            ])
        builder.addRefusals(
            part(records), Situation(.ext4, space: SpaceOutlook(free: 0)), names: ["file0"],
            "puncher 1")
        #expect(builder.report.violations.map(\.rule) == [.refusal, .sigbus])
        let violation = try #require(builder.report.violations.first)
        #expect(violation.file == "file0" && violation.offset == 4096)
        #expect(violation.observed == "EIO" && violation.expected == "success, or ENOSPC")
        #expect(
            violation.story
                == "puncher 1's punch of file0 by system call, at offset 4096, length 8, "
                + "fails with EIO, for which there is no reason")
        #expect(builder.report.sigbus.unjustified == 1)
    }

    /// Attempts are no proof: each kind must have come to its end once.
    @Test mutating func aKindThatOnlyFailedWasNotExercised() {
        for kind in [.punch, .zero, .memoryFailure] as [OperationKind] {
            builder.count(record(kind, .failed, ENOSPC))
        }
        builder.count(record(.zero, .done, 0))
        builder.noteFutility()
        #expect(builder.report.vacuity == ["no punch operation succeeded"])
    }

    /// Cloning where the filesystem cannot is refused, as it must be; where it can, it must succeed.
    @Test(arguments: [false, true])
    func whatTheFilesystemCannotDoIsNotAskedFor(_ reflink: Bool) {
        var config = Config()
        (config.actors[0].name, config.actors[0].role, config.actors[0].count) = (
            "clone", "cloner", 1
        )
        (config.fs.type, config.fs.reflink) = (.xfs, reflink)
        var builder = ReportBuilder(config, seed: 7, ticksPerSecond: 1e9)
        for kind in [.clone, .copy] as [OperationKind] {
            builder.count(record(kind, .failed, EOPNOTSUPP))
        }
        builder.noteFutility()
        #expect(
            builder.report.vacuity
                == (reflink ? ["no clone range operation succeeded"] : [])
                + ["no copy_file_range operation succeeded"])
    }

    @Test mutating func aPoisonerThatCouldFailNothingProvesNothing() {
        builder.noteFailures([])
        #expect(builder.report.notes.isEmpty && builder.report.vacuity.isEmpty)
        var some = FailureTally()
        some.blocks = 1
        builder.noteFailures([some, FailureTally()])
        #expect(builder.report.notes.count == 1 && builder.report.vacuity.isEmpty)
        builder.noteFailures([FailureTally()])
        #expect(builder.report.vacuity == ["no memory failed, though a poisoner was asked for"])
    }

    @Test mutating func garbageIsAViolationThatNamesNobody() throws {
        builder.changed(
            Canaries.Change(
                file: "canary1", offset: 0, expected: 1, observed: 0, stampOwner: nil),
            names: names)
        let violation = try #require(builder.report.violations.first)
        #expect(violation.rule == .bystanders)
        #expect(violation.story.hasSuffix("holds 0x0000000000000000 at offset 0"))
    }

    @Test func onlyRolesThatShareThePagesAreToMeet() {
        var config = Config()
        config.actors = ["writer", "syncer", "churner", "freezer"].map {
            var actor = config.actors[0]
            (actor.name, actor.role, actor.count) = ($0, $0, 1)
            return actor
        }
        let report = ReportBuilder(config, seed: 7, ticksPerSecond: 1e9).report
        #expect(report.overlaps == ["syncer x writer": 0])
        #expect(report.vacuityReasons().contains("no overlap of syncer x writer happened"))
    }
}
