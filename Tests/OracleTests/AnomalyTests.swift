import DaxModel
import DaxOracle
import TestSupport
import Testing

/// What is wrong is found, and called by its name.
@Suite("Anomalies: each is found")
struct AnomalyTests {
    /// The only violation of a history.
    private func only(_ history: History, sourceLocation: SourceLocation = #_sourceLocation)
        throws -> Violation
    {
        let judgement = Make.oracle.judge(history)
        #expect(judgement.violationCount == 1, sourceLocation: sourceLocation)
        return try #require(judgement.violations.first, sourceLocation: sourceLocation)
    }

    @Test func lostStore() throws {
        var history = Make.history()
        history.wrote(1, 1, 5..<6, 10, 20)
        history.saw(2, 1, 5, [0], 30, 40)
        let violation = try only(history)
        #expect(violation.rule == .freshness)
        #expect(violation.offset == 40)
        #expect(violation.observed == .value(0))
        #expect(violation.expected == .values([Make.stamp(1, 1, 5)]))
        #expect(
            violation.operations == [
                OperationID(actor: 2, index: 1), OperationID(actor: 1, index: 1),
            ])
    }

    @Test func staleRead() throws {
        var history = Make.history()
        history.wrote(1, 1, 0..<1, 10, 20)
        history.wrote(3, 1, 0..<1, 30, 40)
        history.saw(2, 1, 0, [Make.stamp(1, 1, 0)], 50, 60)
        let violation = try only(history)
        #expect(violation.rule == .freshness)
        #expect(violation.expected == .values([Make.stamp(3, 1, 0)]))
        #expect(violation.evidence.map(\.role) == [.observer, .overwrite, .write])
    }

    @Test func goingBack() throws {
        var history = Make.history()
        history.wrote(1, 1, 0..<1, 10, 100)
        history.wrote(2, 1, 0..<1, 10, 100)
        history.saw(3, 1, 0, [Make.stamp(1, 1, 0)], 20, 30)
        history.saw(3, 2, 0, [Make.stamp(2, 1, 0)], 40, 50)
        history.saw(3, 3, 0, [Make.stamp(1, 1, 0)], 60, 70)
        #expect(try only(history).rule == .goingBack)
    }

    /// Zeros are not unique: only the search sees that one punch cannot serve twice.
    @Test func zerosGoingBack() throws {
        var history = Make.history(words: [Make.stamp(9, 1, 0)])
        history.zeroed(1, 1, 0..<1, 10, 100)
        history.wrote(2, 1, 0..<1, 10, 100)
        history.saw(3, 1, 0, [0], 20, 30)
        history.saw(3, 2, 0, [Make.stamp(2, 1, 0)], 40, 50)
        history.saw(3, 3, 0, [0], 60, 70)
        #expect(try only(history).rule == .goingBack)
    }

    @Test func resurrectedAfterPunch() throws {
        var history = Make.history(words: [Make.stamp(9, 1, 0)])
        history.zeroed(1, 1, 0..<512, 10, 20)
        history.saw(2, 1, 0, [Make.stamp(9, 1, 0)], 30, 40)
        let violation = try only(history)
        #expect(violation.rule == .freshness)
        #expect(violation.expected == .values([0]))
        #expect(violation.evidence.map(\.role) == [.observer, .zeroing])
    }

    @Test func resurrectedAfterShrink() throws {
        var history = Make.history(words: [Make.stamp(9, 1, 0)])
        history.zeroed(1, 1, History.from(0), 10, 20, rule: .regrowth)
        history.saw(2, 1, 0, [Make.stamp(9, 1, 0)], 30, 40)
        #expect(try only(history).rule == .regrowth)
    }

    /// The punch was over before the store began, yet cleared it.
    @Test func lateZeroing() throws {
        var history = Make.history(words: [Make.stamp(9, 1, 0)])
        history.zeroed(1, 1, 0..<512, 10, 20)
        history.wrote(2, 1, 0..<1, 30, 40)
        history.saw(3, 1, 0, [Make.stamp(2, 1, 0)], 50, 60)
        history.saw(3, 2, 0, [0], 70, 80)
        #expect(try only(history).rule == .freshness)
    }

    @Test func futureRead() throws {
        var history = Make.history()
        history.saw(2, 1, 0, [Make.stamp(1, 1, 0)], 10, 20)
        history.wrote(1, 1, 0..<1, 30, 40)
        #expect(try only(history).rule == .future)
    }

    @Test func foreignStamp() throws {
        var history = Make.history()
        history.wrote(1, 1, 8..<10, 10, 20)
        history.saw(2, 1, 0, [Make.stamp(1, 1, 9)], 30, 40)
        let violation = try only(history)
        #expect(violation.rule == .provenance)
        #expect(violation.evidence.map(\.role) == [.observer, .stampOwner])
        let origin = try #require(StampOrigin(of: Make.stamp(1, 1, 9), in: history, key: Make.key))
        #expect(origin.word == 9)
        #expect(origin.operation.id == OperationID(actor: 1, index: 1))
    }

    @Test func stampOfAnotherFile() throws {
        var history = Make.history()
        history.wrote(1, 1, 0..<1, 10, 20)
        history.saw(2, 1, 0, [Make.stamp(1, 1, 0, file: 3)], 30, 40)
        #expect(try only(history).rule == .provenance)
    }

    /// A stamp made for this word that nobody wrote in this epoch is what once was here.
    @Test func stampOfAnEarlierEpoch() throws {
        var history = Make.history()
        history.saw(2, 1, 0, [Make.stamp(1, 1, 0)], 30, 40)
        #expect(try only(history).rule == .freshness)
    }

    @Test func tornWideWriteIsAllowed() {
        let old = Make.stamp(9, 1, 0)
        let new = Make.stamp(1, 1, 0)
        let mix = old & 0xffff_ffff | new & ~0xffff_ffff
        func judge(torn: Bool, from: UInt64, value: UInt64) -> Judgement {
            var history = Make.history(words: [old])
            history.wrote(1, 1, 0..<1, 10, 30, torn: torn)
            history.saw(2, 1, 0, [value], from, from + 5)
            return Make.oracle.judge(history)
        }
        let allowed = judge(torn: true, from: 20, value: mix)
        #expect(allowed.isClean)
        #expect(allowed.tornReads == 1)
        // Not when the write was over, not with a byte from nowhere, and not when it is atomic.
        #expect(judge(torn: true, from: 40, value: mix).violations.map(\.rule) == [.provenance])
        #expect(judge(torn: true, from: 20, value: mix ^ 1).violations.map(\.rule) == [.provenance])
        #expect(judge(torn: false, from: 20, value: mix).violations.map(\.rule) == [.provenance])
    }

    /// Two torn writes at once may leave a mix behind for good.
    @Test func tornWritesLeaveAMix() {
        let mix = Make.stamp(1, 1, 0) & 0xffff | Make.stamp(2, 1, 0) & ~0xffff
        var history = Make.history()
        history.wrote(1, 1, 0..<1, 10, 30, torn: true)
        history.wrote(2, 1, 0..<1, 20, 40, torn: true)
        history.saw(3, 1, 0, [mix], 100, 110)
        #expect(Make.oracle.judge(history).isClean)
        // What touches the end of the first may have come before it.
        history.wrote(2, 3, 0..<1, 30, 31)
        #expect(Make.oracle.judge(history).isClean)
        history.wrote(2, 2, 0..<1, 50, 60)
        #expect(Make.oracle.judge(history).violations.map(\.rule) == [.provenance])
    }

    /// Violations come by time, the earliest are kept, and all are counted.
    @Test func violationsAreSortedAndCounted() {
        var history = Make.history()
        for word in (0..<100 as Range<UInt64>).reversed() {
            history.saw(1, UInt32(word), word, [0x77], 1000 - word, 1001 - word)
        }
        let judgement = Oracle(key: Make.key, limit: 8).judge(history)
        #expect(judgement.violationCount == 100)
        #expect(judgement.violations.map { $0.offset / 8 } == Array((92..<100).reversed()))
    }

    /// A write that fails may have been done in part, but nothing of it lies before its beginning: it
    /// leaves the size there was, or one behind that.
    @Test(
        arguments: [
            (4096, true), (7976, false), (8000, false), (8008, true), (8192, true), (16_000, true),
            (16_008, false),
        ] as [(UInt64, Bool)])
    func aFailedWriteGrowsFromItsBeginning(_ size: UInt64, _ isClean: Bool) {
        var calls = Semantics(file: 0, words: [], size: 4096)
        calls.write(
            Make.operation(1), 1000..<2000, sequence: 1, written: 0, .failed, inParts: true,
            over: Make.interval(10, 20))
        calls.status(Make.operation(2), size: size, over: Make.interval(30, 31))
        let rules = Make.oracle.judge(calls.history()).violations.map(\.rule)
        #expect(rules == (isClean ? [] : [.size]))
    }

    // MARK: - Broken files

    /// Each defect of the reference file is found in a third at least of the runs that met it; in
    /// the others something covers it before anyone looks.
    @Test(arguments: ReferenceFile.Defect.allCases)
    func brokenFiles(_ defect: ReferenceFile.Defect) {
        var struck = 0
        var found = 0
        var rules: Set<Rule> = []
        // Some strike seldom: a third of a few means nothing.
        for seed in 0..<UInt64(400) where struck < 80 {
            var file = ReferenceFile(Program.random(1000 + seed, count: 150), defect: defect)
            file.run()
            guard file.struck else { continue }
            struck += 1
            let judgement = Make.oracle.judge(file.semantics.history())
            if !judgement.isClean { found += 1 }
            rules.formUnion(judgement.violations.map(\.rule))
        }
        print("\(defect): \(found) of \(struck) found, as \(rules.sorted())")
        #expect(struck > 0)
        #expect(3 * found > struck)
    }
}
