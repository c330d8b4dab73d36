import DaxModel
import DaxOracle
import TestSupport
import Testing

/// lseek(2) is a read of zeros, and of the size.
@Suite("Holes")
struct SeekTests {
    /// A file of eight pages, in which actor 1 stores into word 600 from 10 to 20.
    private func judge(
        throughPageCache: Bool = false, _ more: (inout Semantics) -> Void
    ) -> Judgement {
        var calls = Semantics(
            file: 0, words: ContiguousArray(repeating: 0, count: 8 * 512), size: 8 * 4096,
            throughPageCache: throughPageCache)
        calls.store(
            Make.operation(1, 1), 600..<601, sequence: 1, stored: 1, fault: .succeeded,
            over: Make.interval(10, 20))
        more(&calls)
        return Make.oracle.judge(calls.history())
    }

    /// Data were found at the end of page 1.
    private func seekData(
        _ calls: inout Semantics, _ from: UInt64, _ to: UInt64, at found: UInt64 = 8192
    ) {
        calls.seekData(
            Make.operation(2, 1), 512..<1024, found: found, over: Make.interval(from, to))
    }

    @Test func aHoleOverWhatWasStoredIsStale() {
        let judgement = judge { seekData(&$0, 30, 40) }
        #expect(judgement.violations.map(\.rule) == [.freshness])
        #expect(judgement.violations.first?.offset == 4800)
    }

    @Test func aHoleThatMayBeOlderOrPunchedIsLegal() {
        #expect(judge { seekData(&$0, 1, 9) }.isClean)
        #expect(judge { seekData(&$0, 15, 40) }.isClean)
        #expect(
            judge {
                $0.punch(Make.operation(3, 1), 512..<1024, .done, over: Make.interval(25, 35))
                seekData(&$0, 30, 40)
            }.isClean)
        // What was found to be data holds what it will.
        #expect(judge { seekData(&$0, 30, 40, at: 4096) }.isClean)
    }

    /// A hole, and then what was there before it.
    @Test func whatWasInAHoleDoesNotComeBack() {
        let judgement = judge {
            $0.punch(Make.operation(3, 1), 512..<1024, .done, over: Make.interval(25, 60))
            seekData(&$0, 30, 40)
            $0.load(
                Make.operation(2, 2), at: 600, values: [Make.stamp(1, 1, 600)],
                fault: .succeeded, over: Make.interval(45, 50))
        }
        #expect(judgement.violations.map(\.rule) == [.freshness])
    }

    @Test func nothingIsConcludedWhileExtentsMove() {
        #expect(
            judge {
                $0.insert(Make.operation(3, 1), 2048..<2560, .done, over: Make.interval(25, 35))
                seekData(&$0, 30, 40)
            }.isClean)
        #expect(
            !judge {
                $0.insert(Make.operation(3, 1), 2048..<2560, .done, over: Make.interval(25, 35))
                seekData(&$0, 36, 40)
            }.isClean)
    }

    @Test func nothingIsConcludedThroughThePageCache() {
        #expect(judge(throughPageCache: true) { seekData(&$0, 30, 40) }.isClean)
    }

    private func seekHole(_ from: UInt64, _ found: UInt64?) -> Judgement {
        judge {
            $0.seekHole(Make.operation(2, 1), from: from, found: found, over: Make.interval(30, 40))
        }
    }

    /// The file has 32,768 bytes.
    @Test func theEndIsTheSize() {
        #expect(seekHole(0, 32768).isClean)
        #expect(seekHole(0, 4096).isClean)
        #expect(seekHole(32768, nil).isClean)
        for (from, found) in [(0, 8200), (0, 36864), (32760, nil), (40960, 40960)]
            as [(UInt64, UInt64?)]
        {
            #expect(seekHole(from, found).violations.map(\.rule) == [.size], "\(from)")
        }
    }

    @Test func aSearchMayBeginInAHole() {
        #expect(seekHole(4096, 4096).isClean)
        #expect(seekHole(4800, 4800).violations.map(\.rule) == [.freshness])
    }

    @Test func dataLieWithinTheFile() {
        let judgement = judge { seekData(&$0, 1, 9, at: 32768) }
        #expect(judgement.violations.map(\.rule) == [.size])
    }

    /// All of them share one run of zeros.
    @Test func holesTakeNoMemoryForValues() {
        var calls = Semantics(
            file: 0, words: ContiguousArray(repeating: 0, count: 8 * 512), size: 8 * 4096)
        for _ in 0..<100 { seekData(&calls, 30, 40) }
        #expect(calls.history().values.count == 512)
    }
}
