import DaxModel
import DaxOracle
import TestSupport
import Testing

/// R5 and R6: the size as a register.
@Suite("Sizes and SIGBUS")
struct SizeTests {
    private func access(
        _ page: UInt64, _ outcome: AccessOutcome, _ from: UInt64, _ to: UInt64,
        _ resizes: (inout History) -> Void
    ) -> Judgement {
        var history = Make.history(size: 8 * 4096)
        resizes(&history)
        history.access(Make.operation(9), page: page, outcome, over: Make.interval(from, to))
        return Make.oracle.judge(history)
    }

    private func cut(
        _ size: UInt64, _ from: UInt64, _ to: UInt64, _ certainty: Certainty = .definite
    ) -> (inout History) -> Void {
        { history in
            history.resize(
                Make.operation(1), to: size, over: Make.interval(from, to), certainty: certainty)
        }
    }

    @Test func missingSigbus() {
        let judgement = access(5, .succeeded, 30, 40, cut(4 * 4096, 10, 20))
        #expect(judgement.violations.map(\.rule) == [.sigbus])
        #expect(judgement.violations.first?.expected == .sigbus)
        #expect(judgement.violations.first?.offset == 5 * 4096)
        #expect(judgement.sigbus.missing == 1)
    }

    @Test func accessDuringTheCutMayGoEitherWay() {
        #expect(access(5, .succeeded, 15, 40, cut(4 * 4096, 10, 20)).isClean)
        #expect(access(5, .sigbus, 15, 40, cut(4 * 4096, 10, 20)).isClean)
        // Ticks that are equal order nothing.
        #expect(access(5, .succeeded, 20, 40, cut(4 * 4096, 10, 20)).isClean)
        #expect(!access(5, .succeeded, 21, 40, cut(4 * 4096, 10, 20)).isClean)
        #expect(access(5, .sigbus, 5, 10, cut(4 * 4096, 10, 20)).isClean)
        #expect(!access(5, .sigbus, 5, 9, cut(4 * 4096, 10, 20)).isClean)
    }

    /// The file ends within page 3: that page is there, the next is not.
    @Test func sigbusOnePageTooEarly() {
        let cut = cut(3 * 4096 + 8, 10, 20)
        let early = access(3, .sigbus, 30, 40, cut)
        #expect(early.violations.map(\.rule) == [.sigbus])
        #expect(early.violations.first?.expected == .noSigbus)
        #expect(early.sigbus.unjustified == 1 && early.sigbus.justified == 0)
        #expect(access(4, .sigbus, 30, 40, cut).isClean)
        #expect(access(3, .succeeded, 30, 40, cut).isClean)
        #expect(!access(4, .succeeded, 30, 40, cut).isClean)
    }

    /// Of two that return at one tick the failed one may stand for many sizes, but not for the one that is
    /// there for sure.
    @Test(arguments: [false, true]) func whatGrewForSureStaysACandidate(_ isFirst: Bool) {
        var history = Make.history(size: 5672)
        func fail(_ history: inout History) {
            history.extend(
                Make.operation(2), to: 10432, over: Make.interval(12, 20), certainty: .possible,
                gradual: true)
        }
        if isFirst { fail(&history) }
        history.extend(Make.operation(1), to: 8192, over: Make.interval(10, 20), gradual: true)
        if !isFirst { fail(&history) }
        history.size(Make.operation(3), 8192, over: Make.interval(30, 31))
        #expect(Make.oracle.judge(history).isClean)
    }

    @Test func failedCutMayHaveHappened() {
        #expect(access(5, .succeeded, 30, 40, cut(0, 10, 20, .possible)).isClean)
        #expect(access(5, .sigbus, 30, 40, cut(0, 10, 20, .possible)).isClean)
    }

    @Test func reasonsOtherThanTheSize() {
        let poisoned = access(0, .poisoned, 30, 40) { _ in }
        #expect(poisoned.isClean && poisoned.sigbus.poisoned == 1)
        let full = access(0, .noSpace, 30, 40) { _ in }
        #expect(full.isClean && full.sigbus.noSpace == 1)
        let beyond = access(9, .noSpace, 30, 40) { _ in }
        #expect(beyond.isClean && beyond.sigbus.justified == 1)
        #expect(full.sigbus.taken == 1)
    }

    /// A store to a block that is there needs no space.
    @Test func aFullFilesystemStillTakesStoresToWrittenPages() {
        func judge(keeps: Bool = true, _ change: (inout History) -> Void) -> Judgement {
            var history = Make.history(size: 8 * 4096)
            history.keepsBlocks = keeps
            history.wrote(2, 1, 520..<522, 10, 20)
            change(&history)
            history.access(Make.operation(9), page: 1, .noSpace, over: Make.interval(50, 60))
            return Make.oracle.judge(history)
        }
        let written = judge { _ in }
        #expect(written.violations.map(\.rule) == [.sigbus])
        #expect(written.violations.first?.offset == 4096)
        #expect(written.sigbus.unjustified == 1 && written.sigbus.taken == 1)
        #expect(judge(keeps: false) { _ in }.sigbus.noSpace == 1)
        // What may have taken the block away, even in part, even perhaps.
        #expect(judge { $0.zeroed(3, 1, 600..<601, 15, 16, certainty: .possible) }.isClean)
        #expect(judge { $0.zeroed(3, 1, 512..<1024, 60, 70) }.isClean)
        #expect(!judge { $0.zeroed(3, 1, 512..<1024, 61, 70) }.isClean)
        #expect(!judge { $0.zeroed(3, 1, 0..<512, 30, 40) }.isClean)
        #expect(judge(cut(4096, 30, 40, .possible)).isClean)
        #expect(
            judge { $0.resize(Make.operation(4), by: -4096, over: Make.interval(30, 40)) }.isClean)
        // A call that faults several pages in, of which one may be a hole.
        for (pages, isClean) in [(1, false), (2, true)] as [(UInt64, Bool)] {
            let several = judge(keeps: true) { history in
                history.access(
                    Make.operation(8), page: 1, pages: pages, .noSpace,
                    over: Make.interval(30, 40))
            }
            #expect(several.violationCount == (isClean ? 1 : 2))
        }
        // A hole that somebody may have filled, or not, or too late.
        #expect(
            judge { $0.access(Make.operation(9), page: 2, .noSpace, over: Make.interval(50, 60)) }
                .sigbus.noSpace == 1)
    }

    @Test func whatWasThereBeforeTheEpochIsWrittenToo() {
        var words = ContiguousArray<UInt64>(repeating: 0, count: 1024)
        words[600] = Make.stamp(1, 1, 600)
        var history = Make.history(words: words, size: 8 * 4096)
        history.keepsBlocks = true
        for page in 0...1 as ClosedRange<UInt64> {
            history.access(Make.operation(9), page: page, .noSpace, over: Make.interval(50, 60))
        }
        let judgement = Make.oracle.judge(history)
        #expect(judgement.violations.map(\.offset) == [4096])
        #expect(judgement.sigbus.noSpace == 1)
    }

    @Test func aSignalThatIsJudgedElsewhereSaysNothingOfTheSize() {
        let judgement = access(0, .elsewhere, 30, 40) { _ in }
        #expect(judgement.isClean && judgement.sigbus.taken == 0)
    }

    @Test func growthByExtension() {
        func grown(_ page: UInt64, _ outcome: AccessOutcome) -> Judgement {
            access(page, outcome, 30, 40) { history in
                history.extend(Make.operation(1), to: 12 * 4096, over: Make.interval(5, 6))
                history.extend(Make.operation(1), to: 10 * 4096, over: Make.interval(10, 20))
            }
        }
        // A later, lesser extension changes nothing.
        #expect(grown(11, .succeeded).isClean)
        #expect(!grown(11, .sigbus).isClean)
        #expect(!grown(12, .succeeded).isClean)
    }

    @Test func gradualGrowthPassesThrough() {
        var history = Make.history(size: 4096)
        history.extend(
            Make.operation(1), to: 10 * 4096, over: Make.interval(10, 20), gradual: true)
        history.size(Make.operation(2), 3 * 4096, over: Make.interval(15, 16))
        #expect(Make.oracle.judge(history).isClean)
        history.size(Make.operation(2), 3 * 4096, over: Make.interval(30, 31))
        #expect(Make.oracle.judge(history).violations.map(\.rule) == [.size])
    }

    /// Of operations that failed halfway any size up to the greatest may be left, for good.
    @Test func failedGrowthMayStopAnywhere() {
        func judge(_ page: UInt64, _ outcome: AccessOutcome) -> Judgement {
            access(page, outcome, 100, 110) { history in
                for (pages, at) in [(9, 10), (12, 20), (10, 30)] as [(UInt64, UInt64)] {
                    history.extend(
                        Make.operation(1), to: pages * 4096, over: Make.interval(at, at + 5),
                        certainty: .possible, gradual: true)
                }
            }
        }
        for page in 8..<12 as Range<UInt64> {
            #expect(judge(page, .succeeded).isClean && judge(page, .sigbus).isClean)
        }
        #expect(!judge(7, .sigbus).isClean)
        #expect(!judge(12, .succeeded).isClean)
    }

    /// Two that failed, gave the same size and returned at one tick: neither stands for the other alone.
    @Test func twoThatFailedAtOnce() {
        var history = Make.history(size: 5)
        for actor in [1, 2] as [ActorNumber] {
            history.resize(
                Make.operation(actor), to: 5, over: Make.interval(2, 3), certainty: .possible)
        }
        history.size(Make.operation(3), 5, over: Make.interval(10, 11))
        #expect(Make.oracle.judge(history).isClean)
    }

    @Test func reportedSizes() {
        func judge(_ size: UInt64, _ from: UInt64) -> Judgement {
            var history = Make.history(size: 800)
            history.resize(Make.operation(1), to: 400, over: Make.interval(10, 20))
            history.size(Make.operation(2), size, over: Make.interval(from, from + 2))
            return Make.oracle.judge(history)
        }
        #expect(judge(800, 15).isClean && judge(400, 15).isClean && judge(400, 30).isClean)
        #expect(judge(800, 30).violations.map(\.rule) == [.size])
        #expect(!judge(600, 15).isClean)
    }

    /// Each answer could be, but not the one after the other: only the search sees it.
    @Test func sizeGoingBack() {
        var history = Make.history(size: 800)
        history.resize(Make.operation(1), to: 400, over: Make.interval(10, 100))
        history.size(Make.operation(2), 400, over: Make.interval(20, 30))
        history.size(Make.operation(2), 800, over: Make.interval(40, 50))
        #expect(Make.oracle.judge(history).violations.map(\.rule) == [.size])
    }

    /// The kernel sets the size before it takes the mappings away: a page still mapped is no
    /// proof of the size.
    @Test func mappingMayOutliveTheSize() {
        var history = Make.history(size: 8 * 4096)
        history.resize(Make.operation(1), to: 4096, over: Make.interval(10, 100))
        history.size(Make.operation(2), 4096, over: Make.interval(20, 30))
        history.access(Make.operation(3), page: 5, .succeeded, over: Make.interval(40, 50))
        #expect(Make.oracle.judge(history).isClean)
        history.access(Make.operation(3), page: 5, .sigbus, over: Make.interval(60, 61))
        history.size(Make.operation(2), 8 * 4096, over: Make.interval(70, 80))
        #expect(Make.oracle.judge(history).violations.map(\.rule) == [.size])
    }

    @Test func mappedReadsAndWritesAreAccesses() {
        var history = Make.history(size: 4096)
        history.write(
            Make.operation(1), 510..<514, sequence: 1, over: Make.interval(10, 20), mapped: true)
        history.read(
            Make.operation(2), at: 1024, values: [0], over: Make.interval(30, 40), mapped: true)
        let judgement = Make.oracle.judge(history)
        #expect(judgement.violations.map(\.offset) == [4096, 8192])
        #expect(judgement.sigbus.missing == 2)
    }
}
