import DaxModel
import DaxSystem
import TestSupport
import Testing

@testable import DaxActors
@testable import DaxOperations

/// A log that is full ends the epoch, and loses nothing of it. It needs no DAX.
@Suite struct ActorRunnerTests {
    private static let limit: UInt64 = 4 << 20
    private let scratch: Scratch
    private let stopFlag = StopFlag()
    private let progress = ProgressCounter()

    init() throws {
        try Mapping.guardAccess()
        scratch = try Scratch("runner\(Clock.ticks())")
        let file = try File("\(scratch.path)/file", [.create, .exclusive])
        try file.truncate(to: ActorRunnerTests.limit)
    }

    private func runner(
        _ role: Role, records: Int, values: Int, pause: UInt64 = 0
    ) throws -> ActorRunner {
        let steps = ["store f0 0 64", "pread f0 0 4KiB", "truncate f0 4KiB", "allocate f0 0 8KiB"]
        let settings = ActorSettings(
            bytes: 8...4096, alignment: 8, pause: pause,
            orders: role == .script ? steps.map { try! Order($0) } : [])
        let file = try FileUnderTest(
            "\(scratch.path)/file", number: 0, limit: ActorRunnerTests.limit)
        let context = try ActorContext(
            actor: 1, seed: 7, key: StampKey(seed: 7), files: [file], words: 4096,
            log: Log(records: records, values: values))
        return try ActorRunner(role, settings, context: context)
    }

    // A filler, say, would fill the disk of whoever runs the tests.
    @Test(arguments: Role.allCases.filter { !$0.isIntrusive })
    func aFullLogEndsTheEpoch(_ role: Role) throws {
        let (records, values) = (100, 4096)
        var runner = try runner(role, records: records, values: values)
        stopFlag.clear()
        runner.run(stopFlag, progress)
        #expect(stopFlag.isSet)
        #expect(runner.context.trouble == nil)
        let log = runner.context.log
        #expect(progress.steps > 0 && log.records.count >= Int(progress.steps))
        #expect(log.records.count <= records && log.values.count <= values)
        // For no other reason than that the next step might not have fitted.
        #expect(!log.hasRoom(values: 512))
        // Every value that a record speaks of is there, and none that no record speaks of.
        let read = log.records.filter { $0.kind.traits.reference == .values }
        #expect(read.reduce(0) { $0 + Int($1.done / 8) } == log.values.count)
        // A script goes from step to step.
        if role == .script {
            #expect(Set(log.records.map(\.kind)) == [.store, .pread, .truncate, .allocate])
        }
        // An actor numbers what it writes: a gap would be an operation that is not in the log.
        let sequences = log.records.filter { $0.kind.traits.reference == .stamps }
            .map(\.reference)
        #expect(sequences == Array(1..<UInt32(sequences.count + 1)))
    }

    /// In a duel accesses fault afresh, and that takes records, too.
    @Test(arguments: Role.allCases.filter { !$0.isIntrusive }, FaultSize.allCases)
    func aDuelKeepsWithinTheLog(_ role: Role, _ size: FaultSize) throws {
        var runner = try runner(role, records: 100, values: 4096)
        var random = Random(seed: 7)
        let hotWindow = HotWindow(
            pmd: size == .pmd, pages: ActorRunnerTests.limit / UInt64(Page.bytes), random: &random)
        runner.context.begin(
            epoch: 1, seed: 7,
            duel: Duel(size: size, hotWindow: hotWindow, period: 1000, delay: 500))
        stopFlag.clear()
        runner.run(stopFlag, progress)
        let records = runner.context.log.records
        #expect(stopFlag.isSet && runner.context.trouble == nil && records.count <= 100)
        let prepared = records.filter { $0.kind == (size == .pmd ? .remap : .dontNeed) }
        if role == .writer { #expect(prepared.isEmpty == (size == .none)) }
    }

    /// Nobody takes pages away while mappings are to grow old; what was cut off is there again before.
    @Test(arguments: Role.allCases.filter(\.unmapsPages))
    func whoUnmapsSitsOut(_ role: Role) throws {
        let stopFlag = stopFlag
        var runner = try runner(role, records: 100, values: 4096)
        runner.context.begin(epoch: 2, kind: .keepsMappings, seed: 7)
        stopFlag.clear()
        // A thread of its own: who sits out blocks those that tests run on.
        let end = try Worker(
            "end", make: { 0 },
            round: { _ in
                Clock.sleep(nanoseconds: 50_000_000)
                stopFlag.set()
            })
        end.start()
        runner.run(stopFlag, progress)
        while !end.isIdle { Clock.sleep(nanoseconds: 1_000_000) }
        end.end()
        let records = runner.context.log.records
        #expect(records.map(\.kind) == (role == .truncater ? [.truncate] : []))
        #expect(records.allSatisfy { $0.offset == ActorRunnerTests.limit && $0.outcome == .done })
    }

    /// Only truncaters' differ from epoch to epoch, and there is none in a duel.
    @Test func pausesOfTruncatersDiffer() throws {
        let pause: UInt64 = 16_000_000
        let truncater = try runner(.truncater, records: 100, values: 4096, pause: pause)
        let drawn = (0..<100).map { _ in truncater.pauseOfEpoch() }
        #expect(Set(drawn) == [pause, pause / 8, pause / 64])
        truncater.context.begin(epoch: 1, kind: .steered, seed: 7)
        #expect((0..<100).allSatisfy { _ in truncater.pauseOfEpoch() == pause / 64 })
        var random = Random(seed: 7)
        let hotWindow = HotWindow(
            pmd: false, pages: ActorRunnerTests.limit / UInt64(Page.bytes), random: &random)
        truncater.context.begin(
            epoch: 1, kind: .steered, seed: 7,
            duel: Duel(size: .pte, hotWindow: hotWindow, period: 1000, delay: 500))
        #expect(truncater.pauseOfEpoch() == 0)
        let puncher = try runner(.puncher, records: 100, values: 4096, pause: pause)
        #expect((0..<100).allSatisfy { _ in puncher.pauseOfEpoch() == pause })
    }

    /// What was taken away is written to again in free epochs only.
    @Test(arguments: [Role.puncher, .truncater], [EpochKind.free, .steered])
    func writingAnewIsForFreeEpochs(_ role: Role, _ kind: EpochKind) throws {
        var runner = try runner(role, records: 400, values: 4096)
        runner.context.begin(epoch: 1, kind: kind, seed: 7)
        stopFlag.clear()
        runner.run(stopFlag, progress)
        #expect(runner.context.log.records.contains { $0.kind == .write } == (kind == .free))
    }

    /// In some epochs it closes its descriptor again and again, and goes on by another.
    @Test func descriptorsAreOpenedAnew() throws {
        var runner = try runner(.writer, records: 2000, values: 4096)
        var reopened: [Int] = []
        for epoch in 0..<8 as Range<UInt64> {
            runner.context.begin(epoch: epoch, seed: 7)
            stopFlag.clear()
            runner.run(stopFlag, progress)
            let records = runner.context.log.records.filter { $0.kind == .reopen }
            #expect(records.allSatisfy { $0.outcome == .done && $0.file == 0 })
            reopened.append(records.count)
        }
        #expect(runner.context.trouble == nil)
        #expect(reopened.contains(0) && reopened.contains { $0 > 1 })
    }

    /// A run on a busy host may have time for no more than a few steps of it.
    @Test func fewStepsShowWhatIOIsThereFor() throws {
        var runner = try runner(.io, records: 400, values: 8192)
        for _ in 0..<9 {
            runner.context.prepareStep()
            runner.actor.step(runner.context)
        }
        let kinds = Set(runner.context.log.records.map(\.kind))
        // An actor that is there for nothing but that truncates.
        #expect(Set(Role.io.kinds).subtracting(kinds) == [.truncate])
    }

    /// Where the file ends nobody knows before: unless it is wanted a word of each write can be read.
    @Test(arguments: [false, true]) func writesFailAtOnceWhereThatIsWanted(_ failing: Bool) {
        let settings = ActorSettings(bytes: 8...8, alignment: 8, pause: 0, failingGrowth: failing)
        #expect(settings.readable(0) == (failing ? 0 : 1))
        #expect(settings.readable(1) == 1 && settings.readable(511) == 511)
    }

    @Test func aLogWithoutRoomAllowsNoStep() throws {
        var runner = try runner(.writer, records: ActorContext.depth, values: 4096)
        stopFlag.clear()
        runner.run(stopFlag, progress)
        #expect(stopFlag.isSet && progress.steps == 0 && runner.context.log.records.isEmpty)
    }

    @Test func theNextEpochHasTheWholeLogAgain() throws {
        var runner = try runner(.writer, records: 100, values: 4096)
        for epoch in 0..<3 as Range<UInt64> {
            let steps = progress.steps
            runner.context.begin(epoch: epoch, seed: 7)
            #expect(runner.context.log.records.isEmpty)
            stopFlag.clear()
            runner.run(stopFlag, progress)
            #expect(stopFlag.isSet && progress.steps > steps)
        }
    }
}
