import DaxModel
import DaxOracle
import TestSupport
import Testing

/// Wrong observations in place of right ones: which of them are refused is measured by judging again.
@Suite("Power")
struct PowerTests {
    private func counts(_ count: Power.Count) -> [Int] { [count.tried, count.refused] }

    private func judge(_ size: UInt64 = 1 << 20, _ make: (inout History) -> Void) -> Judgement {
        var history = Make.history(size: size)
        make(&history)
        let judgement = Make.oracle.judge(history)
        #expect(judgement.isClean)
        return judgement
    }

    @Test func aStampThatNothingTookAwayCannotBeZero() {
        let judgement = judge { history in
            history.wrote(2, 7, 512..<513, 10, 20)
            history.wrote(2, 8, 512..<513, 30, 40)
            history.saw(3, 1, 512, [Make.stamp(2, 8, 512)], 50, 60)
        }
        #expect(counts(judgement.power.zeroForStamp) == [1, 1])
        #expect(counts(judgement.power.stampBefore) == [1, 1])
        #expect(counts(judgement.power.stampForZero) == [0, 0])
        #expect(judgement.violationCount == 0 && judgement.wordsJudged == 1)
    }

    @Test func besideAPunchOrAWriteOneCannotTell() {
        let punched = judge { history in
            history.wrote(2, 7, 512..<513, 10, 20)
            history.zeroed(1, 1, 512..<1024, 30, 70)
            history.saw(3, 1, 512, [Make.stamp(2, 7, 512)], 50, 60)
        }
        #expect(counts(punched.power.zeroForStamp) == [1, 0])
        let overwritten = judge { history in
            history.wrote(2, 7, 512..<513, 10, 20)
            history.wrote(4, 8, 512..<513, 30, 70)
            history.saw(3, 1, 512, [Make.stamp(4, 8, 512)], 50, 60)
        }
        #expect(counts(overwritten.power.stampBefore) == [1, 0])
        #expect(counts(overwritten.power.zeroForStamp) == [1, 1])
    }

    @Test func aStampThatWasZeroedCannotComeBack() {
        let judgement = judge { history in
            history.wrote(2, 7, 512..<513, 10, 20)
            history.zeroed(1, 1, 512..<1024, 30, 40)
            history.saw(3, 1, 512, [0], 50, 60)
        }
        #expect(counts(judgement.power.stampForZero) == [1, 1])
        let open = judge { history in
            history.wrote(2, 7, 512..<513, 10, 20)
            history.zeroed(1, 1, 512..<1024, 30, 70)
            history.saw(3, 1, 512, [0], 50, 60)
        }
        #expect(counts(open.power.stampForZero) == [1, 0])
    }

    /// Audits are judged, too, but a race is not there.
    @Test func oneRacingReadInSoManyIsTried() {
        let judgement = judge { history in
            history.wrote(2, 7, 0..<1000, 10, 20)
            history.saw(3, 1, 0, (0..<1000).map { Make.stamp(2, 7, $0) }, 50, 60)
            history.saw(0, 2, 0, (0..<1000).map { Make.stamp(2, 7, $0) }, 70, 80)
        }
        #expect(counts(judgement.power.zeroForStamp) == [33, 33])
        #expect(judgement.decided.racing.words == 1000 && judgement.decided.audits.words == 1000)
        #expect(judgement.decided.racing.exact == 1000 && judgement.decided.audits.exact == 1000)
    }

    @Test func wordsOfCopiesAreTriedByTheirOwnRule() {
        let judgement = judge { history in
            history.wrote(2, 7, 0..<1, 10, 20)
            history.copy(
                Make.operation(4, 1), 512..<513, source: 0, from: 0, over: Make.interval(30, 40),
                certainty: .definite, torn: false)
            history.saw(3, 1, 512, [Make.stamp(2, 7, 0)], 50, 60)
        }
        #expect(counts(judgement.power.zeroForStamp) == [1, 1])
        #expect(judgement.decided.racing.byCopy == 1 && judgement.decided.racing.exact == 0)
    }

    @Test func tornWordsAreCountedApart() {
        let judgement = judge { history in
            history.wrote(2, 7, 512..<513, 10, 60, torn: true)
            let stamp = Make.stamp(2, 7, 512)
            history.saw(3, 1, 512, [stamp & 0xffff_ffff], 20, 30, torn: true)
        }
        #expect(judgement.decided.racing.torn == 1 && judgement.decided.racing.exact == 0)
    }

    @Test func aSIGBUSAndASuccessAreExchanged() {
        let judgement = judge(8 * 4096) { history in
            history.read(
                Make.operation(3, 1), at: 512, values: [0], over: Make.interval(1, 5), mapped: true)
            history.resize(Make.operation(1, 1), to: 4096, over: Make.interval(10, 20))
            history.access(Make.operation(4, 1), page: 5, .sigbus, over: Make.interval(30, 40))
        }
        #expect(counts(judgement.power.sigbusForSuccess) == [1, 1])
        #expect(counts(judgement.power.successForSigbus) == [1, 1])
        #expect(judgement.sigbus.justified == 1)
        let open = judge(8 * 4096) { history in
            history.read(
                Make.operation(3, 1), at: 512, values: [0], over: Make.interval(1, 15), mapped: true
            )
            history.resize(Make.operation(1, 1), to: 4096, over: Make.interval(10, 35))
            history.access(Make.operation(4, 1), page: 5, .sigbus, over: Make.interval(30, 40))
        }
        #expect(counts(open.power.sigbusForSuccess) == [1, 0])
        #expect(counts(open.power.successForSigbus) == [1, 0])
    }
}
