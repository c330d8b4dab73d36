import DaxModel
import DaxOracle
import TestSupport
import Testing

/// Words that move or are copied: from place to place, and from file to file.
@Suite("Moves and copies")
struct CopyTests {
    private static func file(_ number: FileNumber, _ words: ContiguousArray<UInt64> = []) -> History
    {
        History(file: number, words: words, size: 1 << 20)
    }

    private func judge(_ histories: History...) -> [Judgement] { Make.oracle.judge(histories) }

    /// A word of file 1 is stored, copied to file 0, and read there.
    private func copied(
        _ value: UInt64, stored: (UInt64, UInt64) = (10, 20), copied: (UInt64, UInt64) = (30, 40),
        read: (UInt64, UInt64) = (50, 60), certainty: Certainty = .definite
    ) -> [Violation] {
        var source = Self.file(1)
        source.wrote(1, 1, 9..<10, stored.0, stored.1)
        var target = Self.file(0, [0, Make.stamp(7, 1, 1)])
        target.copy(
            Make.operation(2, 1), 1..<2, source: 1, from: 9,
            over: Make.interval(copied.0, copied.1), certainty: certainty)
        target.saw(3, 1, 1, [value], read.0, read.1)
        return judge(target, source)[0].violations
    }

    @Test func copiedStampsBelong() {
        #expect(copied(Make.stamp(1, 1, 9, file: 1)).isEmpty)
        // What was there before is gone; so is zero, which the source no longer was.
        #expect(copied(Make.stamp(7, 1, 1)).map(\.rule) == [.freshness])
        #expect(copied(0).map(\.rule) == [.freshness])
        // Another word's stamp was never copied.
        #expect(copied(Make.stamp(1, 1, 8, file: 1)).map(\.rule) == [.provenance])
    }

    @Test func copiesSeeTheirTime() {
        // A store that overlaps the copy may have come before it or after.
        #expect(copied(0, stored: (30, 40)).isEmpty)
        #expect(copied(Make.stamp(1, 1, 9, file: 1), stored: (30, 40)).isEmpty)
        // One that began later cannot have been copied.
        #expect(
            copied(Make.stamp(1, 1, 9, file: 1), stored: (41, 45)).map(\.rule)
                == [.provenance])
        // A read that was over before the copy began sees the future.
        #expect(
            copied(Make.stamp(1, 1, 9, file: 1), copied: (70, 80)).map(\.rule) == [.future])
        // A copy that failed may have done nothing.
        #expect(copied(Make.stamp(7, 1, 1), certainty: .possible).isEmpty)
    }

    /// A truncate that failed may leave words beyond the end, and an insert takes them along. Where
    /// none failed there is nothing to take.
    @Test(arguments: [(CallResult.failed, []), (.done, [Rule.provenance])])
    func whatAFailedTruncateLeftMovesToo(_ truncated: CallResult, _ broken: [Rule]) {
        var calls = Semantics(file: 0, words: [], size: 4096)
        calls.write(
            Make.operation(5, 1), 1025..<1027, sequence: 1, written: 2, .done,
            over: Make.interval(10, 20))
        calls.truncate(Make.operation(2, 1), to: 4096, truncated, over: Make.interval(30, 40))
        calls.truncate(Make.operation(3, 1), to: 4096, .done, over: Make.interval(50, 60))
        calls.insert(Make.operation(3, 2), 0..<512, .done, over: Make.interval(70, 80))
        calls.write(
            Make.operation(4, 1), 2022..<2028, sequence: 1, written: 6, .done,
            over: Make.interval(90, 100))
        calls.read(
            Make.operation(0, 1), at: 1537, count: 1, values: [Make.stamp(5, 1, 1025)],
            over: Make.interval(110, 120))
        #expect(judge(calls.history())[0].violations.map(\.rule) == broken)
    }

    /// From file to file to file; what overtakes it on the way is excluded.
    @Test func copiesOfCopies() {
        func read(_ value: UInt64) -> [Rule] {
            let files = (0..<3).map { Self.file(FileNumber(index: $0)) }
            var (a, b, c) = (files[0], files[1], files[2])
            a.wrote(1, 1, 4..<6, 10, 20)
            b.copy(Make.operation(2, 1), 100..<102, source: 0, from: 4, over: Make.interval(30, 40))
            b.wrote(1, 2, 101..<102, 50, 60)
            c.copy(Make.operation(2, 2), 7..<9, source: 1, from: 100, over: Make.interval(70, 80))
            c.saw(3, 1, 7, [Make.stamp(1, 1, 4), value], 90, 95)
            return judge(c, a, b)[0].violations.map(\.rule)
        }
        #expect(read(Make.stamp(1, 2, 101, file: 1)).isEmpty)
        #expect(read(Make.stamp(1, 1, 5)) == [.freshness])
        #expect(read(0) == [.freshness])
    }

    /// A stamp that was written into another file, and copied by nobody, is traced to it.
    @Test func foreignStampsAreTraced() throws {
        var other = Self.file(1)
        other.wrote(4, 7, 9..<10, 10, 20)
        var file = Self.file(0)
        file.saw(3, 1, 1, [Make.stamp(4, 7, 9, file: 1)], 50, 60)
        let violation = try #require(judge(file, other)[0].violations.first)
        #expect(violation.rule == .provenance)
        let stampOwner = try #require(violation.evidence.first { $0.role == .stampOwner })
        #expect(stampOwner.operation.actor == 4)
        #expect(stampOwner.home == 72)
        #expect(stampOwner.homeFile == 1)
    }

    @Test func exchangedWords() {
        func read(_ a: UInt64, _ b: UInt64) -> [Bool] {
            var one = Self.file(0, [Make.stamp(5, 1, 0)])
            var two = Self.file(1, [Make.stamp(5, 2, 0, file: 1)])
            let (by, over) = (Make.operation(2, 1), Make.interval(10, 20))
            one.copy(by, 0..<1, source: 1, from: 0, over: over)
            two.copy(by, 0..<1, source: 0, from: 0, over: over)
            one.saw(3, 1, 0, [a], 30, 40)
            two.saw(3, 2, 0, [b], 30, 40)
            return judge(one, two).map(\.isClean)
        }
        let (x, y) = (Make.stamp(5, 1, 0), Make.stamp(5, 2, 0, file: 1))
        #expect(read(y, x) == [true, true])
        #expect(read(x, y) == [false, false])
        // Half of it was lost.
        #expect(read(y, y) == [true, false])
        #expect(read(x, x) == [false, true])
    }

    /// It is refused where a file ends within the range, so that its success says how long they were.
    @Test(arguments: [(CallResult.done, []), (.failed, []), (.refused, [Rule.provenance])])
    func anExchangeFitsIntoTheFile(_ result: CallResult, _ broken: [Rule]) {
        func rules(size: UInt64) -> [Rule] {
            var file = Semantics(
                file: 0, words: ContiguousArray((0..<1024).map { Make.stamp(7, 1, $0) }),
                size: 8192)
            file.truncate(Make.operation(2, 1), to: size, .done, over: Make.interval(10, 20))
            let (by, over) = (Make.operation(1, 1), Make.interval(30, 40))
            file.exchange(by, 0..<512, with: 0, from: 512, result, over: over)
            file.exchange(by, 512..<1024, with: 0, from: 0, result, over: over)
            file.load(
                Make.operation(3, 1), at: 0, values: [Make.stamp(7, 1, 512)],
                over: Make.interval(50, 60))
            return judge(file.history())[0].violations.map(\.rule)
        }
        #expect(rules(size: 8192) == broken)
        #expect(rules(size: 8184).contains(.size) == (result == .done))
    }

    // MARK: - Collapse and insert

    private func words(_ pages: Int) -> ContiguousArray<UInt64> {
        ContiguousArray((0..<512 * UInt64(pages)).map { Make.stamp(7, 1, $0) })
    }

    private func after(
        _ change: (inout Semantics) -> Void, sees values: [UInt64], at word: UInt64,
        size: UInt64
    ) -> [Rule] {
        var file = Semantics(file: 0, words: words(3), size: 3 * 4096)
        change(&file)
        file.load(Make.operation(3, 1), at: word, values: values, over: Make.interval(30, 40))
        file.status(Make.operation(3, 2), size: size, over: Make.interval(30, 40))
        return Make.oracle.judge(file.history()).violations.map(\.rule)
    }

    @Test func collapseMovesDown() {
        func judge(_ values: [UInt64], size: UInt64) -> [Rule] {
            after(
                {
                    $0.collapse(
                        Make.operation(1, 1), 512..<1024, .done, over: Make.interval(10, 20))
                },
                sees: values, at: 511, size: size)
        }
        let (kept, moved) = (Make.stamp(7, 1, 511), Make.stamp(7, 1, 1024))
        #expect(judge([kept, moved], size: 8192) == [])
        #expect(judge([kept, Make.stamp(7, 1, 512)], size: 8192) == [.freshness])
        #expect(judge([kept, moved], size: 3 * 4096) == [.size])
    }

    @Test func insertMovesUp() {
        func judge(_ values: [UInt64], at word: UInt64, size: UInt64) -> [Rule] {
            after(
                { $0.insert(Make.operation(1, 1), 512..<1024, .done, over: Make.interval(10, 20)) },
                sees: values, at: word, size: size)
        }
        let moved = Make.stamp(7, 1, 512)
        #expect(judge([0, moved], at: 1023, size: 4 * 4096) == [])
        #expect(judge([Make.stamp(7, 1, 1023), moved], at: 1023, size: 4 * 4096) == [.freshness])
        #expect(judge([0, 0], at: 1023, size: 4 * 4096) == [.freshness])
        #expect(judge([0], at: 600, size: 3 * 4096) == [.size])
    }

    /// Two shifts at once add up, in whatever order.
    @Test func shiftsAddUp() {
        func judge(from before: UInt64 = 10 * 4096, size: UInt64) -> [Rule] {
            var history = Make.history(size: before)
            history.resize(Make.operation(1, 1), by: -4096, over: Make.interval(10, 30))
            history.resize(Make.operation(2, 1), by: 3 * 4096, over: Make.interval(20, 40))
            history.size(Make.operation(3, 1), size, over: Make.interval(50, 60))
            return Make.oracle.judge(history).violations.map(\.rule)
        }
        #expect(judge(size: 12 * 4096) == [])
        #expect(judge(from: 4096, size: 3 * 4096) == [])
        // A collapse of more than there is must have come after the insert.
        #expect(judge(from: 2880, size: 2880 + 2 * 4096) == [])
        #expect(judge(size: 9 * 4096) == [.size])
        #expect(judge(size: 10 * 4096) == [.size])
    }
}
