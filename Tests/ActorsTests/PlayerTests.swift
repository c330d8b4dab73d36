import DaxActors
import DaxModel
import DaxOperations
import DaxSystem
import TestSupport
import Testing

/// A log that is full ends the epoch, and loses nothing of it. It needs no DAX.
@Suite struct PlayerTests {
    private static let limit: UInt64 = 4 << 20
    private let scratch: Scratch
    private let curtain = Curtain()
    private let pulse = Pulse()

    init() throws {
        try Mapping.guardAccess()
        scratch = try Scratch("player\(Clock.ticks())")
        let file = try File("\(scratch.path)/file", [.create, .exclusive])
        try file.truncate(to: PlayerTests.limit)
    }

    private func player(_ role: Role, records: Int, values: Int) throws -> Player {
        let settings = ActorSettings(bytes: 8...4096, alignment: 8, pause: 0)
        let file = try FileUnderTest(
            "\(scratch.path)/file", number: 0, limit: PlayerTests.limit)
        let hand = try Hand(
            actor: 1, seed: 7, key: StampKey(seed: 7), files: [file], words: 4096,
            log: Log(records: records, values: values))
        return Player(role, settings, hand: hand)
    }

    @Test(arguments: Role.allCases)
    func aFullLogEndsTheEpoch(_ role: Role) throws {
        let (records, values) = (100, 4096)
        var player = try player(role, records: records, values: values)
        curtain.raise()
        player.play(curtain, pulse)
        #expect(curtain.isDown)
        #expect(player.hand.trouble == nil)
        let log = player.hand.log
        #expect(pulse.steps > 0 && log.records.count >= Int(pulse.steps))
        #expect(log.records.count <= records && log.values.count <= values)
        // For no other reason than that the next step might not have fitted.
        #expect(!log.hasRoom(values: 512))
        // Every value that a record speaks of is there, and none that no record speaks of.
        let read = log.records.filter {
            [.load, .faultLoad, .read, .privateLoad].contains($0.kind)
        }
        #expect(read.reduce(0) { $0 + Int($1.done / 8) } == log.values.count)
        // An actor numbers what it writes: a gap would be an operation that is not in the log.
        let writes: [OperationKind] = [
            .store, .faultStore, .write, .privateStore, .vectorStore, .stringStore,
        ]
        let sequences = log.records.filter { writes.contains($0.kind) }.map(\.reference)
        #expect(sequences == Array(1..<UInt32(sequences.count + 1)))
    }

    @Test func aLogWithoutRoomAllowsNoStep() throws {
        var player = try player(.writer, records: Hand.depth, values: 4096)
        curtain.raise()
        player.play(curtain, pulse)
        #expect(curtain.isDown && pulse.steps == 0 && player.hand.log.records.isEmpty)
    }

    @Test func theNextEpochHasTheWholeLogAgain() throws {
        var player = try player(.writer, records: 100, values: 4096)
        for epoch in 0..<3 as Range<UInt64> {
            let steps = pulse.steps
            player.hand.begin(epoch: epoch, seed: 7)
            #expect(player.hand.log.records.isEmpty)
            curtain.raise()
            player.play(curtain, pulse)
            #expect(curtain.isDown && pulse.steps > steps)
        }
    }
}
