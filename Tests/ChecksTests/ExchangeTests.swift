import DaxModel
import DaxOracle
import DaxSystem
import TestSupport
import Testing

@testable import DaxChecks
@testable import DaxOperations

/// One record of an exchange, and what it means to each of the two files.
@Suite struct ExchangeTests {
    private static let key = StampKey(seed: 7)

    private static func stamp(_ word: UInt64, file: FileNumber) -> UInt64 {
        key.stamp(actor: 9, sequence: 1, file: file, word: word).rawValue
    }

    /// Page 1 of file 0 against page 0 of file 1, or against page 0 of file 0 itself.
    private func exchange(
        with source: FileNumber = 1, outcome: Record.Outcome = .done, done: UInt64 = 4096,
        code: Int32 = 0
    ) -> Record {
        Record(
            interval: Interval(Timestamp(ticks: 10), Timestamp(ticks: 20)), offset: 4096,
            length: 4096, done: done, reference: 0, kind: .exchange, path: .syscall,
            outcome: outcome, file: 0, source: source, code: code)
    }

    /// Which of the files, of two pages each, may not hold `found` afterwards.
    private func wrong(_ record: Record, _ found: [[UInt64]]) -> [FileNumber] {
        var log = Log(records: 16, values: 1)
        log.append(record)
        var histories: [History] = []
        for file in [0, 1] as [FileNumber] {
            var transcript = Transcript(
                file: file,
                words: ContiguousArray((0..<1024).map { Self.stamp($0, file: file) }),
                size: 8192, slack: 0, situation: Situation(.xfs, space: SpaceOutlook(free: .max)),
                key: Self.key)
            transcript.add(ActorLog(actor: 1, log: log))
            transcript.audit(
                index: 0, size: 8192, words: ContiguousArray(found[file.index]),
                over: Interval(Timestamp(ticks: 30), Timestamp(ticks: 40)))
            histories.append(transcript.history())
        }
        return zip(histories, Oracle(key: Self.key).judge(histories))
            .filter { !$1.isClean }.map(\.0.file)
    }

    /// Pages of files one behind the other: (file, page).
    private func pages(_ pages: (FileNumber, UInt64)...) -> [UInt64] {
        pages.flatMap { file, page in
            (512 * page..<512 * page + 512).map { Self.stamp($0, file: file) }
        }
    }

    @Test func reachesBothFiles() {
        let (before, after) = (
            [pages((0, 0), (0, 1)), pages((1, 0), (1, 1))],
            [pages((0, 0), (1, 0)), pages((0, 1), (1, 1))]
        )
        #expect(wrong(exchange(), after) == [])
        #expect(wrong(exchange(), before) == [0, 1])
        #expect(wrong(exchange(), [after[0], before[1]]) == [1])
        #expect(wrong(exchange(), [before[0], after[1]]) == [0])
        // A dry run, and one that was refused, change nothing.
        #expect(wrong(exchange(done: 0), before) == [])
        #expect(wrong(exchange(done: 0), after) == [0, 1])
        let refused = exchange(outcome: .failed, done: 0, code: 22)
        #expect(wrong(refused, before) == [])
        #expect(wrong(refused, after) == [0, 1])
        // Of one that failed midway nothing is known.
        let failed = exchange(outcome: .failed, done: 0, code: 28)
        #expect(wrong(failed, before) == [])
        #expect(wrong(failed, after) == [])
    }

    @Test func reachesBothRangesOfOneFile() {
        let other = pages((1, 0), (1, 1))
        #expect(wrong(exchange(with: 0), [pages((0, 1), (0, 0)), other]) == [])
        #expect(wrong(exchange(with: 0), [pages((0, 0), (0, 1)), other]) == [0])
        #expect(wrong(exchange(with: 0), [pages((0, 1), (0, 1)), other]) == [0])
    }

    @Test func overlapsInBothFiles() {
        func store(file: FileNumber, page: UInt64) -> Record {
            Record(
                interval: Interval(Timestamp(ticks: 15), Timestamp(ticks: 16)),
                offset: 4096 * page, length: 8, done: 8, reference: 1, kind: .store,
                path: .mapping, outcome: .done, file: file, code: 0)
        }
        func meet(_ store: Record) -> Bool {
            let both = [exchange().sharesPage(with: store), store.sharesPage(with: exchange())]
            #expect(both[0] == both[1])
            return both[0]
        }
        #expect(meet(store(file: 0, page: 1)) && meet(store(file: 1, page: 0)))
        #expect(!meet(store(file: 0, page: 0)) && !meet(store(file: 1, page: 1)))
        var other = exchange()
        (other.file, other.source, other.offset) = (1, 0, 0)
        #expect(exchange().sharesPage(with: other))
    }

    /// R11: what was exchanged away need not be written back any more.
    @Test func changesPagesOfBothFiles() {
        func unflushed(_ file: FileNumber, page: PageNumber) -> [PageNumber] {
            var log = Log(records: 16, values: 1)
            var store = exchange()
            (store.kind, store.file, store.offset) = (.store, file, page.offset)
            (store.length, store.done) = (8, 8)
            store.interval = Interval(Timestamp(ticks: 1), Timestamp(ticks: 2))
            var sync = store
            (sync.kind, sync.offset, sync.length) = (.fsync, 0, 0)
            sync.interval = Interval(Timestamp(ticks: 30), Timestamp(ticks: 40))
            for record in [store, exchange(), sync] { log.append(record) }
            var durability = Durability()
            durability.add(ActorLog(actor: 1, log: log), file: file, limit: 8192, 0)
            return durability.judge(.all).unflushed.map(\.page)
        }
        #expect(unflushed(0, page: 1) == [] && unflushed(1, page: 0) == [])
        #expect(unflushed(0, page: 0) == [0] && unflushed(1, page: 1) == [1])
    }
}
