import Testing

@testable import DaxSystem

@Suite struct ProgressCounterTests {
    @Test func nothingElseIsOnItsPage() throws {
        let pulses = (0..<16).map { _ in ProgressCounter() }
        #expect(pulses.allSatisfy { $0.address % 4096 == 0 })
        #expect(Set(pulses.map { $0.address / 4096 }).count == pulses.count)
        // Next to each other would be theirs, too, if a page held two.
        for (number, progress) in pulses.enumerated() {
            for _ in 0..<number { progress.countStep() }
        }
        #expect(pulses.map(\.steps) == (0..<16).map { UInt64($0) })
    }

    @Test func aListHoldsWhatItHasRoomFor() async {
        let list = SharedRows<UInt16>(capacity: 3)
        for value in [7, 8, 9] as [UInt16] { list.append(value) }
        #expect(Array(list) == [7, 8, 9] && list.copy(1..<3) == [8, 9])
        list.removeAll()
        #expect(list.isEmpty && list.capacity == 3)
        await #expect(processExitsWith: .failure) {
            let list = SharedRows<UInt16>(capacity: 1)
            for _ in 0..<2 { list.append(1) }
        }
    }
}
