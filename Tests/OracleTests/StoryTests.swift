import DaxChecks
import DaxModel
import DaxOperations
import DaxOracle
import Glibc
import TestSupport
import Testing

/// A violation is told so that one sees what happened.
@Suite("The story of a violation")
struct StoryTests {
    private static let actors: [ActorNumber: String] = [
        0: "the harness", 1: "punch 1", 2: "write 2", 3: "read 3", 4: "truncate 1",
    ]

    /// By name: "punch", "store", "truncate", and "load through its mapping".
    private func operation(_ actor: ActorNumber, _ kind: OperationKind, _ index: UInt32 = 7)
        -> DaxOracle.Operation
    {
        let path: AccessPath = kind == .load ? .mapping : .syscall
        return Operation(
            OperationID(actor: actor, index: index), kind: kind.rawValue, path: path.rawValue)
    }

    private func story(_ history: History) throws -> Story {
        Story(
            of: try #require(Make.oracle.judge(history).violations.first), actors: Self.actors,
            begin: 1000, ticksPerSecond: 2e9)
    }

    private func hex(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return "0x" + String(repeating: "0", count: 16 - digits.count) + digits
    }

    private func told(_ stamp: UInt64, by actor: String, _ sequence: UInt32) -> String {
        "\(hex(stamp)): \(actor)'s stamp \(sequence)"
    }

    // MARK: - In full

    @Test func readAfterPunch() throws {
        var history = Make.history()
        history.write(operation(2, .store), 512..<513, sequence: 7, over: Make.interval(1010, 1020))
        history.zero(operation(1, .punch), 512..<1024, over: Make.interval(1040, 1060))
        let stamp = Make.stamp(2, 7, 512)
        history.read(operation(3, .load), at: 512, values: [stamp], over: Make.interval(1100, 3102))
        let story = try story(history)
        #expect(
            story.text == """
                read 3's load through its mapping found write 2's stamp 7 at offset 0x1000 \
                20 ns after punch 1's punch had returned.
                The word at offset 0x1000, 0 when the epoch began:
                * [0.005, 0.010] us write 2's store at 0x1000, 8 bytes: wrote \
                \(told(stamp, by: "write 2", 7))
                * [0.020, 0.030] us punch 1's punch at 0x1000, 4096 bytes: zeroed it
                * [0.050, 1.051] us read 3's load through its mapping at 0x1000, 8 bytes: found \
                \(told(stamp, by: "write 2", 7))
                """)
        #expect(story.expected == "0")
        #expect(story.observed == told(stamp, by: "write 2", 7))
        #expect(story.operations.count == story.violation.operations.count)
        #expect(story.operations.allSatisfy { !$0.contains("\n") && story.text.contains($0) })
    }

    /// The device was filled with words that name their place: a leak of one says which it was.
    @Test func aStaleBlockIsNamed() throws {
        var history = Make.history()
        history.read(
            operation(3, .load), at: 512, values: [DevicePattern.word(at: 0x7f_e008)],
            over: Make.interval(1100, 3102))
        let story = try story(history)
        #expect(story.violation.rule == .provenance)
        #expect(story.sentence.contains("stale block content from device offset 0x7fe008"))
    }

    @Test func missingSigbus() throws {
        var history = Make.history(size: 8 * 4096)
        history.resize(operation(4, .truncate), to: 4096, over: Make.interval(1010, 1020))
        history.access(operation(3, .load), page: 5, .succeeded, over: Make.interval(3520, 3530))
        let story = try story(history)
        #expect(
            story.text == """
                read 3's load through its mapping at offset 0x5000 succeeded 1.25 us after \
                truncate 1's truncate to 0x1000 bytes had returned: that page had to raise SIGBUS.
                The file's size, 0x8000 bytes when the epoch began:
                * [0.005, 0.010] us truncate 1's truncate: made the file 0x1000 bytes long
                * [1.260, 1.265] us read 3's load through its mapping at 0x5000, 4096 bytes: \
                no SIGBUS
                """)
        #expect(story.expected == "SIGBUS")
        #expect(story.observed == "no SIGBUS")
    }

    // MARK: - Sentences

    @Test func lostStore() throws {
        var history = Make.history()
        history.write(operation(2, .store), 0..<1, sequence: 7, over: Make.interval(1010, 1020))
        history.read(operation(3, .load), at: 0, values: [0], over: Make.interval(1100, 1102))
        let story = try story(history)
        #expect(
            story.sentence == "read 3's load through its mapping found zero at offset 0 40 ns "
                + "after write 2's store of stamp 7 there had returned, and nothing can have "
                + "zeroed it since")
        #expect(story.expected == told(Make.stamp(2, 7, 0), by: "write 2", 7))
        #expect(story.observed == "0")
    }

    @Test func staleRead() throws {
        var history = Make.history()
        history.write(operation(2, .store, 1), 0..<1, sequence: 1, over: Make.interval(1010, 1020))
        history.write(operation(2, .store, 2), 0..<1, sequence: 2, over: Make.interval(1030, 1040))
        history.read(
            operation(3, .load), at: 0, values: [Make.stamp(2, 1, 0)],
            over: Make.interval(1100, 1102))
        #expect(
            try story(history).sentence == "read 3's load through its mapping found write 2's "
                + "stamp 1 at offset 0 30 ns after write 2's store of stamp 2 over it had returned")
    }

    @Test func afterRegrowth() throws {
        var history = Make.history(words: [Make.stamp(2, 9, 0)])
        history.resize(operation(4, .truncate), to: 0, over: Make.interval(1010, 1020))
        history.zero(
            operation(4, .truncate), History.from(0), over: Make.interval(1010, 1020),
            rule: .regrowth)
        history.resize(operation(4, .truncate, 8), to: 4096, over: Make.interval(1030, 1040))
        history.read(
            operation(3, .load), at: 0, values: [Make.stamp(2, 9, 0)],
            over: Make.interval(1100, 1102))
        let story = try story(history)
        #expect(
            story.sentence == "read 3's load through its mapping found write 2's stamp 9 at "
                + "offset 0 40 ns after truncate 1's truncate to 0 bytes had returned")
        #expect(story.text.contains("\n  [0.015, 0.020] us truncate 1's truncate: made the file "))
        // One line for the truncate, though it resized and zeroed.
        #expect(
            story.operations.first == "[0.005, 0.010] us truncate 1's truncate from 0 on: "
                + "zeroed it, made the file 0 bytes long"
                || story.operations.first == "[0.005, 0.010] us truncate 1's truncate from 0 on: "
                    + "made the file 0 bytes long, zeroed it"
        )
    }

    @Test func futureRead() throws {
        var history = Make.history()
        history.read(
            operation(3, .load), at: 0, values: [Make.stamp(2, 7, 0)],
            over: Make.interval(1010, 1020))
        history.write(operation(2, .store), 0..<1, sequence: 7, over: Make.interval(1030, 1040))
        let story = try story(history)
        #expect(
            story.sentence == "read 3's load through its mapping found write 2's stamp 7 at "
                + "offset 0 and was over before write 2's store, which wrote it, had begun")
        // The write comes after the observer, and is told all the same.
        #expect(story.operations.count == 2)
    }

    @Test func goingBack() throws {
        var history = Make.history()
        history.write(operation(1, .store), 0..<1, sequence: 1, over: Make.interval(1010, 1200))
        history.write(operation(2, .store), 0..<1, sequence: 1, over: Make.interval(1010, 1200))
        for (index, actor) in ([1, 2, 1] as [ActorNumber]).enumerated() {
            let from = 1020 + 20 * UInt64(index)
            history.read(
                operation(3, .load, UInt32(index)), at: 0, values: [Make.stamp(actor, 1, 0)],
                over: Make.interval(from, from + 10))
        }
        #expect(
            try story(history).sentence == "read 3's load through its mapping found punch 1's "
                + "stamp 1 at offset 0 5 ns after read 3's load through its mapping had found "
                + "write 2's stamp 1 there: the word went back")
    }

    @Test func misdirectedStore() throws {
        var history = Make.history()
        history.write(operation(2, .store), 8..<9, sequence: 7, over: Make.interval(1010, 1020))
        let stamp = Make.stamp(2, 7, 8)
        history.read(operation(3, .load), at: 0, values: [stamp], over: Make.interval(1100, 1102))
        let story = try story(history)
        #expect(
            story.sentence == "read 3's load through its mapping found \(hex(stamp)) at offset 0, "
                + "which write 2's store wrote at offset 0x40")
        #expect(story.observed == hex(stamp))
        #expect(story.operations.count == 2)
    }

    @Test func fromNowhere() throws {
        var history = Make.history()
        history.read(operation(3, .load), at: 1, values: [0xdead], over: Make.interval(1100, 1102))
        #expect(
            try story(history).sentence == "read 3's load through its mapping found \(hex(0xdead)) "
                + "at offset 0x8, which is neither zero nor anything that was written there")
    }

    @Test func sigbusTooEarly() throws {
        var history = Make.history(size: 8 * 4096)
        history.resize(operation(4, .truncate), to: 3 * 4096 + 8, over: Make.interval(1010, 1020))
        history.access(operation(3, .load), page: 3, .sigbus, over: Make.interval(1100, 1102))
        let story = try story(history)
        #expect(
            story.sentence == "read 3's load through its mapping at offset 0x3000 took a SIGBUS "
                + "although the file was 0x3008 bytes long at least: that page was within it")
        #expect(story.expected == "no SIGBUS" && story.observed == "SIGBUS")
    }

    @Test func wrongSize() throws {
        var history = Make.history(size: 0x800)
        history.size(operation(0, .store), in: 0x900...UInt64.max, over: Make.interval(1100, 1102))
        let story = try story(history)
        #expect(
            story.sentence == "the harness's store saw a file of at least 0x900 bytes when "
                + "it had 0x800 bytes")
    }

    @Test func sizeGoingBack() throws {
        var history = Make.history(size: 0x800)
        history.resize(operation(4, .truncate), to: 0x400, over: Make.interval(1010, 1200))
        history.size(operation(3, .load, 1), 0x400, over: Make.interval(1020, 1030))
        history.size(operation(3, .load, 2), 0x800, over: Make.interval(1040, 1050))
        #expect(
            try story(history).sentence == "read 3's load through its mapping saw a file of 0x800 "
                + "bytes, which no order of the operations on the size explains")
    }

    /// What may have taken place or not is told with where its call began, and why it ended.
    @Test func aFailedCallIsTold() throws {
        var history = Make.history(size: 0x1000)
        let write = Operation(
            OperationID(actor: 2, index: 1), kind: OperationKind.write.rawValue,
            path: AccessPath.uring.rawValue)
        history.extend(
            write, to: 0x3000, over: Make.interval(1010, 1020), certainty: .possible, gradual: true,
            least: 0x2001)
        history.size(operation(0, .read), 0x1fe4, over: Make.interval(1100, 1102))
        var log = Log(records: 4, values: 1)
        for offset in [0, 0x2000] as [UInt64] {
            log.append(
                Record(
                    interval: Make.interval(1010, 1020), offset: offset, length: 0x1000, done: 0,
                    reference: 1, kind: .write, path: .uring, outcome: .failed, file: 0,
                    code: ENOSPC))
        }
        let story = Story(
            of: try #require(Make.oracle.judge(history).violations.first), actors: Self.actors,
            logs: [ActorLog(actor: 2, log: log)], begin: 1000, ticksPerSecond: 2e9)
        #expect(
            story.operations.first == "[0.005, 0.010] us write 2's io_uring write at 0x2000, "
                + "4096 bytes, ENOSPC, one of a batch of 2: perhaps made the file 0x2001 to 0x3000 "
                + "bytes long")
    }

    // MARK: - Bounds

    /// A long history is told around the violation, and says how much it leaves out: in whatever
    /// order it was put together, and however long it is.
    @Test(arguments: [100, 5000])
    func longHistoriesAreCut(_ length: UInt64) throws {
        var history = Make.history()
        for turn in (0..<length).reversed() {
            history.write(
                operation(2, .store, UInt32(turn)), 0..<1, sequence: UInt32(turn + 1),
                over: Make.interval(2000 + 10 * turn, 2005 + 10 * turn))
        }
        let end = 2000 + 10 * length
        history.read(
            operation(3, .load, 5000), at: 0, values: [0], over: Make.interval(end, end + 1))
        let lines = try story(history).text.split(separator: "\n")
        // The sentence, the heading, what is left out; the last 12 writes, one of which is evidence.
        #expect(lines.count == 3 + 13 + 1)
        #expect(lines[2] == "(\(length - 13) more before)")
        #expect(lines.last?.hasPrefix("* ") == true && lines.last?.hasSuffix("found 0") == true)
    }

    /// What was under way when the lost word was stored is told, though much came after it.
    @Test func whatWasInFlightIsTold() throws {
        var history = Make.history(size: 0x2000)
        history.extend(operation(1, .punch), to: 0x1800, over: Make.interval(1000, 3000))
        for turn in 0..<40 as Range<UInt32> {
            let from = 2050 + UInt64(turn)
            history.extend(
                operation(4, .truncate, turn), to: 0x1000, over: Make.interval(from, from + 1))
        }
        history.write(operation(2, .store), 0..<1, sequence: 1, over: Make.interval(2000, 2010))
        history.read(operation(3, .load), at: 0, values: [0], over: Make.interval(4000, 4010))
        let lines = try story(history).text.split(separator: "\n")
        #expect(lines.count { $0.contains("punch 1's") } == 1)
        #expect(lines.count { $0.contains("truncate 1's") } == 12)
    }

    /// Every violation of broken files has a story, with a line for each who proves it.
    @Test(arguments: ReferenceFile.Defect.allCases)
    func everyViolationIsTold(_ defect: ReferenceFile.Defect) {
        var told = 0
        // Some strike seldom.
        for seed in 1000..<UInt64(1400) where seed < 1040 || told == 0 {
            var file = ReferenceFile(Program.random(seed, count: 150), defect: defect)
            file.run()
            for violation in Make.oracle.judge(file.semantics.history()).violations {
                let story = Story(
                    of: violation, actors: [:], begin: 0, ticksPerSecond: 1e9)
                told += 1
                #expect(story.sentence.hasPrefix("actor "))
                #expect(story.operations.count == Set(violation.operations).count)
                #expect(story.text.split(separator: "\n").count < 60)
                #expect(!story.expected.isEmpty && !story.observed.isEmpty)
            }
        }
        #expect(told > 0)
    }
}
