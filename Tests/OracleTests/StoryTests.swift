import DaxModel
import DaxOracle
import Testing

/// A violation is told so that one sees what happened.
@Suite("The story of a violation")
struct StoryTests {
    static let names = StoryNames(
        actors: [1: "puncher 1", 2: "writer 2", 3: "reader 3"],
        kinds: [1: "punch", 2: "store", 3: "load", 4: "truncate"],
        paths: [1: "io_uring", 2: "mapping"],
        origin: Timestamp(ticks: 1000), frequency: 2_000_000_000)

    private func deed(_ actor: UInt8, _ kind: UInt8, _ path: UInt8 = 2) -> DaxOracle.Operation {
        Operation(OperationID(actor: actor, index: 7), kind: kind, path: path)
    }

    private func story(_ history: History) throws -> Story {
        let violation = try #require(Make.oracle.judge(history).violations.first)
        return Story(of: violation, in: history, key: Make.key, names: Self.names)
    }

    @Test func readAfterPunch() throws {
        var history = Make.history()
        history.write(deed(2, 2), 512..<513, sequence: 7, over: Make.interval(1010, 1020))
        history.zero(deed(1, 1, 1), 512..<1024, over: Make.interval(1040, 1060))
        let stamp = Make.stamp(2, 7, 512)
        history.read(deed(3, 3), at: 512, values: [stamp], over: Make.interval(1100, 1102))
        #expect(
            try story(history).description == """
                reader 3 read stamp 7 of writer 2 at offset 0x1000 of file 0 after puncher 1's \
                punch (io_uring) had returned
                  R3: expected zero; observed stamp 7 of writer 2 (0x\(String(stamp, radix: 16)))
                  * [5, 10] ns  writer 2's store (mapping) (#7): wrote stamp 7 of writer 2
                  * [20, 30] ns  puncher 1's punch (io_uring) (#7): zeroed it
                  * [50, 51] ns  reader 3's load (mapping) (#7): read stamp 7 of writer 2
                """)
    }

    @Test func lostStore() throws {
        var history = Make.history()
        history.write(deed(2, 2), 0..<1, sequence: 7, over: Make.interval(1010, 1020))
        history.read(deed(3, 3), at: 0, values: [0], over: Make.interval(1100, 1102))
        #expect(
            try story(history).sentence
                == "reader 3 read zero at offset 0x0 of file 0 though nothing had cleared it since "
                + "writer 2's store (mapping) of stamp 7 of writer 2")
    }

    @Test func misdirectedStore() throws {
        var history = Make.history()
        history.write(deed(2, 2), 8..<9, sequence: 7, over: Make.interval(1010, 1020))
        let stamp = Make.stamp(2, 7, 8)
        history.read(deed(3, 3), at: 0, values: [stamp], over: Make.interval(1100, 1102))
        let story = try story(history)
        #expect(
            story.sentence
                == "reader 3 read 0x\(String(stamp, radix: 16)) (stamp 7 of writer 2, made for "
                + "another place) at offset 0x0 of file 0 which writer 2's store (mapping) was to "
                + "put elsewhere at offset 0x40")
        #expect(story.lines.contains { $0.contains("culprit") })
    }

    @Test func missingSigbus() throws {
        var history = Make.history(size: 8 * 4096)
        history.resize(deed(1, 4), to: 4096, over: Make.interval(1010, 1020))
        history.access(deed(3, 3), page: 5, .succeeded, over: Make.interval(1100, 1102))
        let story = try story(history)
        #expect(
            story.sentence
                == "reader 3's load reached the page at offset 0x5000 of file 0 without a SIGBUS, "
                + "though it lay wholly beyond the end of file all the while")
        #expect(
            story.lines.contains(
                "* [5, 10] ns  puncher 1's truncate (mapping) (#7): resized to 4096 bytes"))
    }

    /// A long history is told around the violation, and says what it leaves out.
    @Test func longHistoriesAreCut() throws {
        var history = Make.history()
        for turn in 0..<100 as Range<UInt64> {
            history.write(
                deed(2, 2), 0..<1, sequence: UInt32(turn + 1),
                over: Make.interval(2000 + 10 * turn, 2005 + 10 * turn))
        }
        history.read(deed(3, 3), at: 0, values: [0], over: Make.interval(2600, 2601))
        let story = try story(history)
        #expect(story.lines.count < 32)
        #expect(story.lines[1].hasSuffix("operations further away are left out)"))
        #expect(story.lines.contains { $0.hasPrefix("*") && $0.hasSuffix("read zero") })
    }

    /// Every violation of broken files has a story that names its observer.
    @Test func everyViolationIsTold() {
        var sentences = 0
        for defect in ReferenceFile.Defect.allCases {
            var file = ReferenceFile(Program.random(77, count: 150), defect: defect)
            file.run()
            let history = file.semantics.history()
            for violation in Make.oracle.judge(history).violations {
                let story = Story(
                    of: violation, in: history, key: Make.key, names: StoryNames())
                sentences += 1
                #expect(story.lines.contains { $0.hasPrefix("*") })
                #expect(!story.sentence.isEmpty && story.lines.count < 40)
            }
        }
        #expect(sentences > 0)
    }
}
