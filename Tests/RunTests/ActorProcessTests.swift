import DaxActors
import DaxConfig
import DaxHost
import DaxModel
import DaxReport
import DaxSystem
import TestSupport
import Testing

@testable import DaxOperations
@testable import DaxTorture

/// Actors in two processes: who is where, what comes of them, and what is left of them.
@Suite struct ActorProcessTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch("processes\(Clock.ticks())") }

    private func probe(_ word: String) throws -> [String] {
        let run = try ChildProcess.run(
            [try TestBench.program("process-probe"), word, scratch.path], seconds: 120)
        #expect(run.exit == .exited(0), "\(run.error)")
        return String(decoding: run.output, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test func actorsOfTwoProcessesLogIntoOneHistory() throws {
        #expect(
            try probe("play") == [
                "threads: 2", "one clock: true", "writer 1 stored: true", "writer 2 stored: true",
                "ended: exit status 0", "left: -1",
            ])
    }

    @Test func scriptsOfTwoProcessesWaitForEachOther() throws {
        #expect(
            try probe("meet") == [
                "many: true", "together: true", "in turns: true", "ended: exit status 0",
                "left: -1",
            ])
    }

    @Test func aProcessThatWasKilledIsSeenAndReaped() throws {
        #expect(
            try probe("kill") == [
                "a process with actors ended by itself: signal 9", "ended: signal 9", "left: -1",
            ])
    }

    @Test func aProcessGoesWithTheOneThatJudges() throws {
        let output = try HostFile.memory("output")
        var run = try ChildProcess(
            [try TestBench.program("process-probe"), "wait", scratch.path],
            environment: ChildProcess.environment, output: output, error: output)
        var pid: Int?
        for _ in 0..<2000 where pid == nil {
            GuestKernel.sleep(milliseconds: 5)
            let text = String(decoding: try output.readAll(), as: UTF8.self)
            pid = text.hasSuffix("\n") ? Int(text.dropLast()) : nil
        }
        let other = try #require(pid)
        #expect(Files.kind("/proc/\(other)") != nil)
        try run.kill()
        #expect(!TestBench.remains(other))
    }

    @Test func aRoleOfSeveralActorsIsInEachProcess() {
        for seed in 0..<4 as Range<UInt64> {
            for processes in 1...3 {
                let roles = Role.allCases.flatMap { [$0, $0] } + [.writer]
                let numbers = ProcessOfActor(roles, processes: processes, seed: seed).numbers
                for role in Role.allCases {
                    let its = Set(zip(roles, numbers).filter { $0.0 == role }.map(\.1))
                    let most = role.staysWithJudge ? 1 : role == .writer ? 3 : 2
                    #expect(its.count == min(processes, most))
                    if role.staysWithJudge { #expect(its == [0]) }
                }
                #expect(numbers.allSatisfy { (0..<processes).contains($0) })
            }
        }
    }

    @Test func rolesOfOneActorChangeTheirCompanyWithTheSeed() {
        let roles: [Role] = [.truncater, .puncher, .mover, .writer]
        let (even, odd) = (
            ProcessOfActor(roles, processes: 2, seed: 4).numbers,
            ProcessOfActor(roles, processes: 2, seed: 5).numbers
        )
        #expect(even.map { 1 - $0 } == odd && Set(even) == [0, 1])
    }

    /// Whatever an actor saw arrives as it was.
    @Test func aFindingGoesFromProcessToProcess() throws {
        let record = Record(
            interval: Interval(Timestamp(ticks: 5), Timestamp(ticks: 9)), offset: 4096, length: 16,
            done: 8, reference: 3, kind: .ownLoad, path: .mapping, outcome: .faulted, file: 1,
            circumstances: .chained, source: 2, faulted: .pmd, signal: 7, strayPages: -2, code: 2)
        let origins: [WordOrigin] = [
            .zero, .own("its page 2"), .fileUnderTest((1, 2, 3, 4)),
            .ownFile(actor: 5, sequence: 6),
            .canary, .staleBlock(offset: 77), .nobody,
        ]
        for origin in origins {
            for stampOwner in [nil, (1, 2, 3, 4)] as [StampOwner?] {
                var finding = ActorFinding(
                    rule: .freshness, file: "own", offset: 8, expected: "zero", observed: "ä",
                    sentence: "", stampOwner: stampOwner,
                    proof: WordProof(due: "zero", found: origin, block: stampOwner.map { _ in 12 }))
                finding.events = [
                    FindingEvent(record, name: "read(2)", effect: "wrote it"), FindingEvent(record),
                ]
                finding.script = [
                    TrialStep(try Order("punch f0 0 8"), record.interval),
                    TrialStep(try Order("load f1 8 16"), record.interval, isBeside: true),
                ]
                finding.at = Timestamp(ticks: 9)
                var parcel = Parcel()
                parcel.put(finding)
                #expect("\(parcel.takeActorFinding())" == "\(finding)")
                #expect(parcel.isEmpty)
            }
        }
    }

    @Test func aProcessThatEndsByItselfIsTheKernelsOrOurs() {
        func report(_ exit: ChildProcess.Exit, memoryRanOut: Bool = false) -> Report {
            var builder = ReportBuilder(Config(), seed: 7, ticksPerSecond: 1e9)
            builder.gone(
                GoneActors(names: ["write 2"], exit: exit, memoryRanOut: memoryRanOut))
            return builder.report
        }
        for signal in [7, 9, 11] as [Int32] {
            let found = report(.killed(signal: signal))
            #expect(found.violations.map(\.rule) == [.kernel] && found.vacuity.isEmpty)
            #expect(
                found.violations[0].story
                    == "the process of write 2 ended by itself: signal \(signal)")
        }
        // A trap, abort(3), an exit: nothing that a kernel does.
        for exit in [.killed(signal: 4), .killed(signal: 6), .exited(0)] as [ChildProcess.Exit] {
            #expect(report(exit).violations.isEmpty && report(exit).vacuity.count == 1)
        }
        #expect(report(.killed(signal: 9), memoryRanOut: true).violations.isEmpty)
        #expect(!report(.killed(signal: 11), memoryRanOut: true).violations.isEmpty)
    }
}
