import DaxModel
import DaxOperations
import DaxSystem
import TestSupport
import Testing

@testable import DaxActors

/// Scripts wait for each other, and for nobody when the epoch is over. It needs no DAX.
@Suite struct ScriptBarriersTests {
    private let stopFlag = StopFlag()

    private func orders(_ steps: [String]) throws -> [Order] { try steps.map { try Order($0) } }

    private func barriers(_ steps: [String]...) throws -> ScriptBarriers {
        ScriptBarriers(
            try steps.enumerated().map { ("s\($0.offset)", try orders($0.element)) })
    }

    /// Lets each of `bodies` run on a thread of its own, to its end.
    private func together(_ bodies: [@Sendable () -> Void]) throws {
        let workers = try bodies.map { body in
            try Worker("script", make: { 0 }, round: { _ in body() })
        }
        for worker in workers { worker.start() }
        for worker in workers {
            #expect(worker.wait(nanoseconds: 60_000_000_000))
            worker.end()
        }
    }

    /// Nobody goes on from a meeting before all have come, and who has come is counted once.
    @Test(arguments: [2, 3]) func nobodyGoesOnAlone(_ count: Int) throws {
        let barriers = try ScriptBarriers((0..<count).map { ("s\($0)", try orders(["meet 5"])) })
        let (flag, rounds) = (stopFlag, 300 as UInt64)
        flag.clear()
        let come = SharedRounds(count)
        try together(
            (0..<count).map { number in
                let slot = barriers.slot(in: "s\(number)", 0, called: "s")!
                return {
                    for round in 1...rounds {
                        if number == 0 { Clock.sleep(nanoseconds: 1_000 * (round % 97)) }
                        come.words.store(round, at: number)
                        precondition(slot.meet(5, times: slot.visits(to: 5) + 1, flag))
                        for other in 0..<count where come.words.load(other) < round {
                            come.alone.store(1, at: other)
                        }
                    }
                }
            })
        #expect((0..<count).allSatisfy { come.words.load($0) == rounds })
        #expect((0..<count).allSatisfy { come.alone.load($0) == 0 })
    }

    @Test func theEndOfTheEpochCallsAway() throws {
        let barriers = try self.barriers(["meet 0"], ["meet 0"])
        let slots = (0..<2).map { barriers.slot(in: "s\($0)", 0, called: "s")! }
        stopFlag.set()
        #expect(!slots[0].meet(0, times: 1, stopFlag))
        #expect(slots[0].visits(to: 0) == 1 && slots[1].visits(to: 0) == 0)
        #expect(!slots[0].wait(for: "s1", steps: 1, passes: 0, stopFlag))
        // In the next one both come.
        stopFlag.clear()
        let flag = stopFlag
        try together(slots.map { slot in { precondition(slot.meet(0, times: 1, flag)) } })
        #expect(slots.allSatisfy { $0.visits(to: 0) == 1 })
    }

    @Test func aStepOfAnotherScriptIsWaitedFor() throws {
        let barriers = try self.barriers(["after s1 2"], ["fsync f0", "fsync f0", "fsync f0"])
        let slots = (0..<2).map { barriers.slot(in: "s\($0)", 0, called: "s")! }
        func isOver(after passes: UInt64) -> Bool {
            slots[0].wait(for: "s1", steps: 2, passes: passes, stopFlag)
        }
        slots[1].publish(steps: 2)
        stopFlag.clear()
        #expect(isOver(after: 0))
        stopFlag.set()
        slots[1].publish(steps: 4)
        #expect(isOver(after: 0) && !isOver(after: 1))
        slots[1].publish(steps: 5)
        #expect(isOver(after: 1) && !isOver(after: 2))
    }

    // MARK: - A script alone

    private func script(_ steps: [String], in lone: LoneContext) throws -> Script {
        let settings = ActorSettings(
            bytes: 8...4096, alignment: 8, pause: 0, orders: try orders(steps))
        return try Script(settings, lone.context)
    }

    @Test func stepsAreRepeated() throws {
        let lone = try LoneContext("repeat")
        let steps = [
            "store f0 0 8", "load f0 0 8", "repeat 3", "fsync f0", "repeat 1", "pread f0 0 8",
        ]
        var script = try script(steps, in: lone)
        // The list twice, and what is next.
        #expect(script.unfinished == "never came past step 1, \"store f0 0 8\"")
        for _ in 0..<2 * (3 * 3 + 2 + 1) + 1 { script.step(lone.context) }
        #expect(script.unfinished == nil)
        let once =
            Array(repeating: [OperationKind.store, .load], count: 3).joined() + [.fsync, .pread]
        #expect(lone.context.log.records.map(\.kind) == once + once + [.store])
    }

    @Test func nothingIsDoneBeforeItsTime() throws {
        let lone = try LoneContext("at")
        var script = try script(["at 20ms", "load f0 0 8"], in: lone)
        stopFlag.clear()
        script.begin(stopFlag)
        for _ in 0..<2 { script.step(lone.context) }
        #expect(Clock.monotonicNanoseconds() - stopFlag.began >= 20_000_000)
        #expect(lone.context.log.records.map(\.kind) == [.load])
        // The epoch's end breaks off a wait, and what is behind it is not done.
        stopFlag.clear()
        stopFlag.set()
        for _ in 0..<5 { script.step(lone.context) }
        #expect(lone.context.log.records.map(\.kind) == [.load])
    }
}

/// What threads tell a test.
private final class SharedRounds: Sendable {
    let words: SharedWords
    let alone: SharedWords

    init(_ count: Int) {
        words = SharedWords(count)
        alone = SharedWords(count)
    }
}
