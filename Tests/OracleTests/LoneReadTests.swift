import DaxModel
import DaxOracle
import TestSupport
import Testing

/// Words that one read alone visits, as an audit does most of a file, are passed over in a loop of
/// their own. One among them that differs must not be passed over with the rest.
@Suite("A read that is alone with most words")
struct LoneReadTests {
    private let count = 3000

    /// Stamps from before the epoch, and zeros in every third stretch of 100 words.
    private var words: ContiguousArray<UInt64> {
        ContiguousArray(
            (0..<UInt64(count)).map { $0 / 100 % 3 == 0 ? 0 : Make.stamp(9, 1, $0) })
    }

    private func judge(
        _ change: (inout [UInt64]) -> Void, _ effects: (inout History) -> Void = { _ in }
    ) -> Judgement {
        var history = Make.history(words: words)
        var seen = Array(words)
        change(&seen)
        effects(&history)
        history.saw(2, 1, 0, seen, 1000, 2000)
        return Make.oracle.judge(history)
    }

    @Test func whatWasThereIsClean() {
        let judgement = judge { _ in }
        #expect(judgement.violationCount == 0)
        #expect(judgement.wordsJudged == count)
    }

    /// At the first word, the last, and both sides of where stamps and zeros meet.
    @Test(arguments: [0, 1, 99, 100, 101, 250, 299, 300, 2899, 2900, 2999])
    func oneWrongWordIsFound(_ word: Int) {
        let wrong = judge { $0[word] = 0xbad }
        #expect(wrong.violationCount == 1)
        #expect(wrong.violations.first?.offset == UInt64(word) * 8)
        #expect(wrong.violations.first?.rule == .provenance)
    }

    /// Zeros where a stamp was, and another word's stamp where zero was.
    @Test(arguments: [100, 101, 250, 299, 2800])
    func oneLostWordIsFound(_ word: Int) {
        let lost = judge { $0[word] = 0 }
        #expect(lost.violationCount == 1)
        #expect(lost.violations.first?.offset == UInt64(word) * 8)
    }

    @Test(arguments: [1, 50, 99, 300, 2999])
    func anotherWordsStampIsFound(_ word: Int) {
        let foreign = judge { $0[word] = Make.stamp(9, 1, 150) }
        #expect(foreign.violationCount == 1)
        #expect(foreign.violations.first?.offset == UInt64(word) * 8)
    }

    /// A punch makes zeros legal within it, and stamps illegal.
    @Test func aPunchBoundsThem() {
        let punch = { (history: inout History) in history.zeroed(1, 1, 120..<180, 10, 20) }
        let zeros = { (seen: inout [UInt64]) in for word in 120..<180 { seen[word] = 0 } }
        #expect(judge(zeros, punch).violationCount == 0)
        let kept = judge(
            {
                zeros(&$0)
                $0[150] = Make.stamp(9, 1, 150)
            }, punch)
        #expect(kept.violationCount == 1)
        #expect(kept.violations.first?.offset == 150 * 8)
        let beyond = judge(
            {
                zeros(&$0)
                $0[180] = 0
            }, punch)
        #expect(beyond.violationCount == 1)
        #expect(beyond.violations.first?.offset == 180 * 8)
    }
}
