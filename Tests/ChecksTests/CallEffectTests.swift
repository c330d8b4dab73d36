import DaxModel
import DaxOracle
import DaxSystem
import Glibc
import TestSupport
import Testing

@testable import DaxChecks
@testable import DaxOperations

/// What calls that failed may have done.
@Suite struct CallEffectTests {
    private let key = StampKey(seed: 7)

    private func record(
        _ kind: OperationKind, words: Range<UInt64>, done: UInt64, _ outcome: Record.Outcome,
        code: Int32 = 0, path: AccessPath = .mapping
    ) -> Record {
        Record(
            interval: Interval(Timestamp(ticks: 10), Timestamp(ticks: 20)),
            offset: 8 * words.lowerBound, length: 8 * UInt64(words.count), done: 8 * done,
            reference: 1, kind: kind, path: path, outcome: outcome, file: 0, code: code)
    }

    /// The judgement on a file of four pages in which that happened, and which at its end begins with
    /// `found`.
    private func judge(_ record: Record, found: [UInt64]) -> Judgement {
        var words = ContiguousArray<UInt64>(repeating: 0, count: 2048)
        // What a clone may give: stamps of the beginning.
        for word in 1024..<1536 {
            words[word] = key.stamp(actor: 9, sequence: 5, file: 0, word: UInt64(word)).rawValue
        }
        var transcript = Transcript(
            file: 0, words: words, size: 4 * 4096, slack: 0,
            situation: Situation(.ext4, space: SpaceOutlook(free: .max)), key: key)
        var log = Log(records: 16, values: 1)
        log.append(record)
        transcript.add(ActorLog(actor: 1, log: log))
        for (index, value) in found.enumerated() { words[index] = value }
        transcript.audit(
            index: 1, size: 4 * 4096, words: words,
            over: Interval(Timestamp(ticks: 90), Timestamp(ticks: 91)))
        return Oracle(key: key).judge(transcript.history())
    }

    private func stamp(_ word: UInt64) -> UInt64 {
        key.stamp(actor: 1, sequence: 1, file: 0, word: word).rawValue
    }

    /// A clone of words 1024 to 2048 to the beginning of the file that ran out of space after a page.
    @Test(arguments: [(EINVAL, true), (ENOSPC, true), (EOPNOTSUPP, false), (EPERM, false)])
    func aCloneByHalvesIsAnInvalidArgument(_ code: Int32, _ mayHaveCloned: Bool) {
        var clone = record(.clone, words: 0..<1024, done: 0, .failed, code: code, path: .syscall)
        clone.reference = 1024
        let cloned = (1024..<1536 as Range<UInt64>).map {
            key.stamp(actor: 9, sequence: 5, file: 0, word: $0).rawValue
        }
        #expect(judge(clone, found: cloned).isClean == mayHaveCloned)
        #expect(judge(clone, found: []).isClean)
    }

    @Test func whatIsFoundOutBeforehandHasNoEffect() {
        let calls: [OperationKind] = [
            .write, .pwrite, .directWrite, .syncWrite, .fixedWrite, .writeFrom, .readInto,
            .truncate,
            .punch, .zero, .allocate, .allocateKeepSize, .unshare, .collapse, .insert, .copy,
            .exchange,
        ]
        for kind in calls {
            #expect(kind.isWithoutEffect(errno: EINVAL) && kind.isWithoutEffect(errno: EOPNOTSUPP))
        }
        for kind in OperationKind.allCases {
            for errno in [EIO, ENOSPC, EINTR, EAGAIN, ENOMEM, EFAULT, EDQUOT] {
                #expect(!kind.isWithoutEffect(errno: errno), "\(kind.name)")
            }
            if !calls.contains(kind) { #expect(!kind.isWithoutEffect(errno: EINVAL)) }
        }
    }

    /// The controller ended it after two of five words: the third may be there.
    @Test func anInterruptedStoreMayHaveDoneAWordMore() {
        let store = record(.store, words: 0..<5, done: 2, .interrupted)
        #expect(judge(store, found: (0..<2).map(stamp)).isClean)
        #expect(judge(store, found: (0..<3).map(stamp)).isClean)
        #expect(!judge(store, found: (0..<4).map(stamp)).isClean)
        #expect(!judge(store, found: [stamp(0)]).isClean)
    }

    @Test(arguments: [OperationKind.vectorStore, .stringStore])
    func anInterruptedBulkStoreMayHaveDoneEight(_ kind: OperationKind) {
        let store = record(kind, words: 0..<20, done: 2, .interrupted)
        #expect(judge(store, found: (0..<10).map(stamp)).isClean)
        #expect(!judge(store, found: (0..<11).map(stamp)).isClean)
    }

    /// One that faulted did no more than was counted.
    @Test func aStoreThatFaultedStopsThere() {
        let store = record(.store, words: 0..<5, done: 2, .faulted, code: Int32(BUS_MCEERR_AR))
        #expect(judge(store, found: (0..<2).map(stamp)).isClean)
        #expect(!judge(store, found: (0..<3).map(stamp)).isClean)
    }

    /// While a write from the end of page 4 on, three pages long, is under way, somebody sees the size.
    @Test func aWriteThroughARingMayGrowTheFileByParts() {
        func judgeSize(_ size: UInt64, _ path: AccessPath) -> Bool {
            var transcript = Transcript(
                file: 0, words: ContiguousArray(repeating: 0, count: 2048), size: 4 * 4096,
                slack: 0,
                situation: Situation(.ext4, space: SpaceOutlook(free: .max)), key: key)
            var write = record(
                path == .uring ? .write : .pwrite, words: 2048..<3584, done: 1536, .done, path: path
            )
            write.interval.returned = Timestamp(ticks: 30)
            // One read finds the last word of that size, the next one that the file ends there.
            var last = record(.pread, words: size / 8 - 1..<size / 8, done: 1, .done)
            last.interval = Interval(Timestamp(ticks: 15), Timestamp(ticks: 16))
            last.reference = 0
            var end = record(.pread, words: size / 8..<size / 8 + 1, done: 0, .done)
            end.interval = Interval(Timestamp(ticks: 18), Timestamp(ticks: 19))
            end.reference = 0
            var log = Log(records: 16, values: 1)
            _ = log.pool { $0.append(stamp(size / 8 - 1)) }
            for record in [write, last, end] { log.append(record) }
            transcript.add(ActorLog(actor: 1, log: log))
            return Oracle(key: key).judge(transcript.history()).isClean
        }
        #expect(judgeSize(5 * 4096, .uring) && judgeSize(6 * 4096, .uring))
        #expect(judgeSize(7 * 4096, .uring) && judgeSize(7 * 4096, .syscall))
        #expect(!judgeSize(5 * 4096, .syscall))
        #expect(!judgeSize(8 * 4096, .uring))
    }
}
