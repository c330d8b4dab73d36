import DaxSystem
import Testing

@Suite struct WorkerTests {
    @Test func aValueIsWorkedOnRoundByRound() throws {
        let worker = try Worker("adder", make: { 40 }, round: { $0 += 1 })
        for _ in 0..<2 {
            worker.start()
            #expect(worker.wait(nanoseconds: 60_000_000_000))
        }
        #expect(worker.withValue { $0 } == 42)
        #expect(worker.kernelID > 0)
        worker.end()
    }

    @Test func aValueThatCannotBeMadeIsTheError() throws {
        #expect(throws: SystemError("setup", code: 5)) {
            try Worker(
                "unmade", make: { () throws -> Int in throw SystemError("setup", code: 5) },
                round: { $0 += 1 })
        }
    }

    @Test func oneThatNobodyEndedTraps() async {
        await #expect(processExitsWith: .failure) {
            _ = try Worker("orphan", make: { 0 }, round: { $0 += 1 })
        }
    }
}
