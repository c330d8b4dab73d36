import DaxModel
import DaxOracle
import TestSupport
import Testing

/// What only files that are not on DAX may do.
@Suite("Through the page cache")
struct PageCacheTests {
    private func rules(_ throughPageCache: Bool, _ calls: (inout Semantics) -> Void) -> [Rule] {
        var file = Semantics(
            file: 0, words: ContiguousArray(repeating: 0, count: 4 * 512), size: 4 * 4096,
            throughPageCache: throughPageCache)
        calls(&file)
        return Make.oracle.judge(file.history()).violations.map(\.rule)
    }

    private func store(
        _ file: inout Semantics, _ sequence: UInt32, _ word: UInt64, at tick: UInt64
    ) {
        file.store(
            Make.operation(1, sequence), word..<word + 1, sequence: sequence, stored: 1,
            over: Make.interval(tick, tick + 1))
    }

    private func load(
        _ file: inout Semantics, _ index: UInt32, _ word: UInt64, _ value: UInt64, at tick: UInt64
    ) {
        file.load(
            Make.operation(2, index), at: word, values: [value],
            over: Make.interval(tick, tick + 1))
    }

    /// The file ends within page 1 from tick 20 on. Words behind the end come and go, twice, which
    /// takes two zeroings.
    private func tail(_ word: UInt64) -> (inout Semantics) -> Void {
        { file in
            file.truncate(
                Make.operation(3, 1), to: 4096 + 80, .done, over: Make.interval(10, 20))
            for round in 0..<2 as Range<UInt32> {
                let tick = 30 + 40 * UInt64(round)
                store(&file, round + 1, word, at: tick)
                load(&file, 3 * round, word, Make.stamp(1, round + 1, word), at: tick + 10)
                load(&file, 3 * round + 1, word, 0, at: tick + 20)
            }
        }
    }

    /// ext4 lengthens a punch that crosses the end of file to the end of the page in which it lies.
    @Test func aPunchAcrossTheEndMayClearItsPage() {
        func stored(
            at word: UInt64, _ calls: (inout Semantics) -> Void
        ) -> [Rule] {
            rules(false) { file in
                file.truncate(
                    Make.operation(3, 1), to: 4096 + 800, .done, over: Make.interval(10, 20))
                store(&file, 1, word, at: 30)
                calls(&file)
                load(&file, 0, word, 0, at: 60)
            }
        }
        // The file ends at word 612.
        func punch(_ words: Range<UInt64>) -> (inout Semantics) -> Void {
            { $0.punch(Make.operation(3, 2), words, .done, over: Make.interval(40, 50)) }
        }
        #expect(stored(at: 700, punch(600..<620)) == [])
        #expect(stored(at: 700, punch(600..<612)) == [.freshness])
        #expect(stored(at: 700, punch(620..<640)) == [.freshness])
        #expect(stored(at: 590, punch(600..<620)) == [.freshness])
    }

    @Test func writebackClearsBehindTheEnd() {
        #expect(rules(true, tail(512 + 20)) == [])
        #expect(!rules(false, tail(512 + 20)).isEmpty)
    }

    @Test func writebackClearsNothingWithinTheFile() {
        #expect(!rules(true, tail(512 + 5)).isEmpty)
        #expect(rules(true, tail(512 + 5)) == rules(false, tail(512 + 5)))
    }

    /// What is behind the end comes and goes, but is not back once it was seen gone.
    @Test func noStampComesBackBehindTheEnd() {
        let word: UInt64 = 512 + 20
        let rules = rules(true) { file in
            tail(word)(&file)
            load(&file, 9, word, Make.stamp(1, 1, word), at: 200)
        }
        #expect(!rules.isEmpty)
    }

    @Test func aWriteGrowsTheFilePageByPage() {
        func grow(_ seen: UInt64) -> (inout Semantics) -> Void {
            { file in
                file.truncate(Make.operation(3, 1), to: 4096, .done, over: Make.interval(10, 20))
                file.write(
                    Make.operation(1, 1), 512..<2048, sequence: 1, written: 1536, .done,
                    over: Make.interval(30, 60))
                file.status(Make.operation(2, 1), size: seen, over: Make.interval(40, 50))
            }
        }
        #expect(rules(true, grow(2 * 4096)) == [])
        #expect(rules(false, grow(2 * 4096)) == [.size])
        #expect(rules(true, grow(5 * 4096)) == [.size])
    }
}
