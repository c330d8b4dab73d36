import DaxChecks
import DaxModel
import DaxOracle
import TestSupport
import Testing

/// Private mappings: what a copy may show, and what it may not.
@Suite struct PrivateCopyTests {
    private static let size: UInt64 = 4 * 4096

    /// Actor 1 has a private mapping, and stored stamp 1 to words 5 and 6 of page 1 at 10 to 20.
    private func stored() -> Semantics {
        var calls = Semantics(
            file: 0, words: ContiguousArray(repeating: 0, count: 2048), size: PrivateCopyTests.size,
            key: Make.key)
        calls.storePrivately(
            Make.operation(1, 1), word(5)..<word(7), sequence: 1, stored: 2,
            over: Make.interval(10, 20))
        return calls
    }

    private func word(_ word: UInt64) -> UInt64 { 512 + word }

    private func load(_ words: Range<UInt64>, _ values: [UInt64], _ calls: inout Semantics) {
        calls.loadPrivately(
            Make.operation(1, 2), at: word(words.lowerBound), values: values,
            over: Make.interval(50, 60))
    }

    private func verdict(_ calls: consuming Semantics) -> Judgement {
        Make.oracle.judge(calls.history())
    }

    private func own(_ index: UInt64) -> UInt64 { Make.stamp(1, 1, word(index)) }

    @Test func aCopyKeepsWhatWasStored() {
        var calls = stored()
        calls.punch(Make.operation(2), 0..<2048, .done, over: Make.interval(30, 40))
        calls.store(
            Make.operation(3), word(5)..<word(7), sequence: 1, stored: 2,
            over: Make.interval(30, 40))
        load(5..<7, [own(5), own(6)], &calls)
        let judgement = verdict(calls)
        #expect(judgement.isClean && judgement.wordsJudged == 2)
    }

    @Test(arguments: [0, 1]) func aCopyThatLosesAStampIsFound(_ value: UInt64) throws {
        var calls = stored()
        calls.punch(Make.operation(2), 0..<2048, .done, over: Make.interval(30, 40))
        calls.truncate(Make.operation(2, 2), to: 2 * 4096, .done, over: Make.interval(42, 44))
        let found = value == 0 ? 0 : Make.stamp(3, 1, word(6))
        if value != 0 {
            calls.store(
                Make.operation(3), word(6)..<word(7), sequence: 1, stored: 1,
                over: Make.interval(30, 40))
        }
        load(5..<7, [own(5), found], &calls)
        let judgement = verdict(calls)
        #expect(judgement.violationCount == 1)
        let violation = try #require(judgement.violations.first)
        #expect(violation.rule == .freshness && violation.offset == 8 * word(6))
        #expect(violation.expected == .values([own(6)]) && violation.observed == .value(found))
        #expect(violation.operations.count == 2)
        let story = Story(of: violation, actors: [:], begin: 0, ticksPerSecond: 1e9)
        #expect(story.text.contains("had returned"), "\(story.text)")
    }

    @Test func whatNeverWasThereIsForeign() {
        var calls = stored()
        load(5..<6, [Make.stamp(3, 9, 5)], &calls)
        #expect(verdict(calls).violations.map(\.rule) == [.provenance])
    }

    /// A truncate that takes the page away, and one that may be done with before the load begins.
    @Test(arguments: [15, 30, 55]) func aCutMayTakeTheCopy(_ at: UInt64) {
        for lost in [true, false] {
            var calls = stored()
            calls.truncate(
                Make.operation(2, 1), to: 4096, .done, over: Make.interval(at, at + 1))
            calls.truncate(
                Make.operation(2, 2), to: PrivateCopyTests.size, .done,
                over: Make.interval(at + 1, at + 2))
            load(5..<7, lost ? [0, 0] : [own(5), own(6)], &calls)
            #expect(verdict(calls).isClean)
        }
    }

    @Test func aCollapseAndAnInsertMayTakeIt() {
        for from in [512, 0] as [UInt64] {
            var calls = stored()
            calls.insert(
                Make.operation(2), from..<from + 512, .done, over: Make.interval(30, 40))
            load(5..<7, [0, 0], &calls)
            #expect(verdict(calls).isClean)
        }
        var calls = stored()
        calls.collapse(Make.operation(2), 1024..<1536, .done, over: Make.interval(30, 40))
        load(5..<7, [0, 0], &calls)
        #expect(verdict(calls).violationCount == 2)
    }

    /// What is lost is replaced by what the file held since then: not before, and nothing else.
    @Test func afterACutTheFileIsSeen() {
        func found(_ value: UInt64, writtenAt: UInt64, overAt: UInt64? = nil) -> Judgement {
            var calls = stored()
            calls.store(
                Make.operation(3), word(5)..<word(6), sequence: 1, stored: 1,
                over: Make.interval(writtenAt, writtenAt + 1))
            if let overAt {
                calls.store(
                    Make.operation(3, 2), word(5)..<word(6), sequence: 2, stored: 1,
                    over: Make.interval(overAt, overAt + 1))
            }
            calls.truncate(Make.operation(2, 1), to: 4096, .failed, over: Make.interval(30, 32))
            load(5..<6, [value], &calls)
            return verdict(calls)
        }
        let theirs = Make.stamp(3, 1, word(5))
        #expect(found(theirs, writtenAt: 45).isClean)
        #expect(found(theirs, writtenAt: 22).isClean)
        #expect(found(theirs, writtenAt: 45, overAt: 48).isClean)
        #expect(found(theirs, writtenAt: 22, overAt: 25).violations.map(\.rule) == [.freshness])
        #expect(found(own(6), writtenAt: 22).violations.map(\.rule) == [.provenance])
    }

    /// The rest of a copied page is as old as the copy at most, and may stay so.
    @Test func theRestOfACopyIsOfTheFile() {
        func found(writtenAt: UInt64, overAt: UInt64) -> Judgement {
            var calls = stored()
            for (sequence, at) in [(1, writtenAt), (2, overAt)] as [(UInt32, UInt64)] {
                calls.store(
                    Make.operation(3, sequence), word(9)..<word(10), sequence: sequence, stored: 1,
                    over: Make.interval(at, at + 1))
            }
            load(9..<10, [Make.stamp(3, 1, word(9))], &calls)
            return verdict(calls)
        }
        #expect(found(writtenAt: 1, overAt: 25).isClean)
        #expect(found(writtenAt: 22, overAt: 25).isClean)
        #expect(found(writtenAt: 1, overAt: 4).violations.map(\.rule) == [.freshness])
    }

    /// A page without a copy is the file, and so is its SIGBUS.
    @Test func withoutAStoreItIsAnyMapping() {
        var calls = Semantics(file: 0, words: [], size: 4096, key: Make.key)
        calls.store(
            Make.operation(3), 5..<6, sequence: 1, stored: 1, over: Make.interval(10, 20))
        calls.loadPrivately(Make.operation(1, 1), at: 5, values: [0], over: Make.interval(30, 40))
        calls.loadPrivately(Make.operation(1, 2), at: 512, values: [0], over: Make.interval(50, 60))
        calls.loadPrivately(
            Make.operation(1, 3), at: 512, values: [], fault: .sigbus, over: Make.interval(70, 80))
        calls.loadPrivately(
            Make.operation(1, 4), at: 0, values: [], fault: .sigbus, over: Make.interval(90, 95))
        let judgement = verdict(calls)
        #expect(judgement.violations.map(\.rule) == [.freshness, .sigbus, .sigbus])
        #expect(judgement.sigbus.missing == 1)
        #expect(judgement.sigbus.justified == 1 && judgement.sigbus.unjustified == 1)
    }

    /// A store that has to copy the page must fault beyond the end.
    @Test func aCopyIsMadeWithinTheFileOnly() {
        var calls = Semantics(file: 0, words: [], size: 4096, key: Make.key)
        calls.storePrivately(
            Make.operation(1, 1), 510..<514, sequence: 1, stored: 2, fault: .sigbus,
            over: Make.interval(10, 20))
        calls.storePrivately(
            Make.operation(1, 2), 1024..<1025, sequence: 2, stored: 1, over: Make.interval(30, 40))
        // In the midst of a page, with nothing stored.
        calls.storePrivately(
            Make.operation(1, 3), 1540..<1541, sequence: 3, stored: 0, fault: .sigbus,
            over: Make.interval(50, 60))
        let judgement = verdict(calls)
        #expect(judgement.sigbus.justified == 2 && judgement.sigbus.missing == 1)
    }
}
