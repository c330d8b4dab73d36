import DaxModel
import DaxOracle
import DaxSystem
import Glibc
import TestSupport
import Testing

@testable import DaxChecks
@testable import DaxOperations

/// What each kind of operation means to the oracle: a file that fits it, and one that does not.
///
/// `cases` is a switch without a default: a new kind needs a case.
@Suite struct TranscriptTests {
    /// One operation, the words that it read, and what the audit found afterwards.
    struct Happening {
        var record: Record
        var values: [UInt64] = []
        /// The words of the whole file.
        var found: [UInt64]
    }

    private static let key = StampKey(seed: 7)
    private static let page = Page.words
    private static let limit = 6 * page
    /// A file of four pages, of stamps, before the operation.
    private static let before = pages(0, 1, 2, 3)

    private static func stamp(_ word: UInt64, by actor: ActorNumber = 9) -> UInt64 {
        key.stamp(actor: actor, sequence: 1, file: 0, word: word).rawValue
    }

    /// What the file held at first in these pages; nil for a page of zeros.
    private static func pages(_ pages: Int?...) -> [UInt64] {
        pages.flatMap { number in
            (0..<page).map { word in number.map { stamp(UInt64($0 * page + word)) } ?? 0 }
        }
    }

    /// As before, but `words` hold the stamps of the operation.
    private static func written(_ words: Range<Int>) -> [UInt64] {
        var found = before
        for word in words { found[word] = stamp(UInt64(word), by: 1) }
        return found
    }

    /// An operation of actor 1 on whole pages of file 0, all of which it did, with its sequence, or with
    /// its source in page 2 of the same file.
    private static func record(
        _ kind: OperationKind, pages: Range<Int> = 1..<2, done: Int? = nil, reference: UInt32 = 1
    ) -> Record {
        let bytes = UInt64(pages.count * Page.bytes)
        return Record(
            interval: Interval(Timestamp(ticks: 10), Timestamp(ticks: 20)),
            offset: UInt64(pages.lowerBound * Page.bytes), length: bytes,
            done: done.map { UInt64($0 * Page.bytes) } ?? bytes, reference: reference, kind: kind,
            path: .mapping, outcome: .done, file: 0, code: 0)
    }

    private static func isClean(_ one: Happening) -> Bool {
        var words = ContiguousArray(before)
        words += repeatElement(0, count: limit - words.count)
        var transcript = Transcript(
            file: 0, words: words, size: UInt64(8 * before.count), slack: 0,
            situation: Situation(.ext4, space: SpaceOutlook(free: .max)), key: key)
        var log = Log(records: 16, values: 2 * page)
        if !one.values.isEmpty {
            _ = log.pool { for value in one.values { $0.append(value) } }
        }
        log.append(one.record)
        transcript.add(ActorLog(actor: 1, log: log))
        transcript.audit(
            index: 0, size: UInt64(8 * one.found.count), words: ContiguousArray(one.found),
            over: Interval(Timestamp(ticks: 30), Timestamp(ticks: 40)))
        return Oracle(key: key).judge(transcript.history()).isClean
    }

    /// Nil for a kind of which no operation is on a file under test.
    private static func cases(of kind: OperationKind) -> (right: Happening, wrong: Happening)? {
        switch kind {
        case .store, .faultStore, .vectorStore, .stringStore, .childStore, .write, .pwrite,
            .directWrite, .syncWrite, .fixedWrite:
            after(record(kind), written(page..<2 * page), not: before)
        case .privateStore:
            after(record(kind), before, not: written(page..<2 * page))
        case .load, .faultLoad, .childLoad, .privateLoad, .pin, .unmappedPin, .privatePin, .read,
            .pread, .directRead, .fixedRead:
            seeing(record(kind, reference: 0), Array(before[page..<2 * page]))
        case .persist, .populate, .populateWrite:
            // It lies within the file: no SIGBUS is right.
            reporting(record(kind)) {
                ($0.outcome, $0.done) = (.faulted, 0)
                ($0.signal, $0.code) = (UInt8(SIGBUS), Int32(BUS_ADRERR))
            }
        case .seekData:
            // Data where the search began, or behind a hole of a page.
            reporting(record(kind, done: 0)) { $0.done = UInt64(Page.bytes) }
        case .seekHole:
            // The end of file, or an offset beyond it.
            reporting(record(kind, done: 3)) { $0.done = UInt64(5 * Page.bytes) }
        case .clone, .copy, .readInto, .writeFrom:
            after(
                record(kind, reference: UInt32(2 * page)), pages(0, 2, 2, 3), not: before)
        case .exchange:
            after(
                record(kind, reference: UInt32(2 * page)), pages(0, 2, 1, 3), not: before)
        case .truncate:
            after(record(kind, pages: 2..<2), pages(0, 1), not: before)
        case .punch, .zero:
            after(record(kind), pages(0, nil, 2, 3), not: before)
        case .allocate, .unshare:
            after(record(kind, pages: 3..<6), pages(0, 1, 2, 3, nil, nil), not: before)
        case .allocateKeepSize:
            after(record(kind, pages: 3..<6), before, not: pages(0, 1, 2, 3, nil, nil))
        case .collapse:
            after(record(kind), pages(0, 2, 3), not: before)
        case .insert:
            after(record(kind), pages(0, nil, 1, 2, 3), not: before)
        case .dedupe, .fsync, .msync, .syncRange, .dontNeed, .remap, .mmapMisaligned, .protect,
            .mremap,
            .reopen, .flag:
            // It excuses nothing.
            after(record(kind), before, not: pages(0, nil, 2, 3))
        case .syncfs, .create, .rename, .link, .unlink, .ownStore, .ownLoad, .recycledPin,
            .recycledRead, .recycledWrite, .shiftedLoad, .partialPunchLoad, .memoryFailure,
            .badBlock,
            .poisonedLoad, .poisonedRead, .poisonRewrite, .poisonPunch, .fill, .drain, .freeze,
            .thaw, .remount, .dropCaches:
            nil
        }
    }

    /// It left the file as it must, or in another state.
    private static func after(_ record: Record, _ right: [UInt64], not wrong: [UInt64])
        -> (right: Happening, wrong: Happening)
    {
        (Happening(record: record, found: right), Happening(record: record, found: wrong))
    }

    /// It read the words of its range, or one that belongs elsewhere.
    private static func seeing(_ record: Record, _ values: [UInt64])
        -> (right: Happening, wrong: Happening)
    {
        var others = values
        others[7] = values[8]
        return (
            Happening(record: record, values: values, found: before),
            Happening(record: record, values: others, found: before)
        )
    }

    /// It reported what is right of the file as it was, or something else.
    private static func reporting(_ record: Record, wrongly change: (inout Record) -> Void)
        -> (right: Happening, wrong: Happening)
    {
        var other = record
        change(&other)
        return (
            Happening(record: record, found: before), Happening(record: other, found: before)
        )
    }

    @Test(arguments: OperationKind.allCases)
    func eachKindReachesTheOracle(_ kind: OperationKind) {
        guard let (right, wrong) = Self.cases(of: kind) else {
            #expect(kind.traits.effect == .elsewhere)
            return
        }
        #expect(Self.isClean(right))
        #expect(!Self.isClean(wrong))
        #expect(kind.traits.effect != .elsewhere)
    }

    /// What the table says a kind leaves alone is as before when it is over.
    @Test(arguments: OperationKind.allCases)
    func theTableAndTheOracleAgreeOnWhatChanges(_ kind: OperationKind) {
        guard var one = Self.cases(of: kind)?.right else { return }
        one.found = Self.before
        let leavesAll = Self.isClean(one)
        switch kind.traits.effect {
        case .store, .call, .lentStore:
            // What was reserved does not show.
            #expect(leavesAll == (kind == .allocateKeepSize))
        case .nothing, .excuse, .syncFile, .syncRange, .elsewhere: #expect(leavesAll)
        }
    }

    /// A child that was killed in its store may have stored, or not.
    @Test func aStoreOfAChildThatWasKilledIsOpen() {
        var record = Self.record(.childStore, done: 0)
        (record.outcome, record.code) = (.failed, SystemError.killed)
        for found in [Self.before, Self.written(Self.page..<2 * Self.page)] {
            #expect(Self.isClean(Happening(record: record, found: found)))
        }
        #expect(!Self.isClean(Happening(record: record, found: Self.pages(0, nil, 2, 3))))
    }

    /// The size is asked for before it is made whole pages, which hides what a failed write left.
    @Test(arguments: [(0, true), (-28, false), (4096, true)])
    func theSizeIsSeenAsItIs(_ change: Int, _ isClean: Bool) {
        func interval(_ from: UInt64) -> Interval {
            Interval(Timestamp(ticks: from), Timestamp(ticks: from + 5))
        }
        var write = Self.record(.write, pages: 5..<6, done: 0)
        (write.outcome, write.code, write.path) = (.failed, ENOSPC, .uring)
        let start = 5 * Page.bytes
        let size = UInt64(change == 0 ? 4 * Page.bytes : start + change)
        let whole = (size + 4095) / 4096 * 4096
        var words = ContiguousArray(Self.before)
        words += repeatElement(0, count: Self.limit - words.count)
        var transcript = Transcript(
            file: 0, words: words, size: UInt64(4 * Page.bytes), slack: 0,
            situation: Situation(.ext4, space: SpaceOutlook(free: .max)), key: Self.key)
        var log = Log(records: 16, values: 1)
        log.append(write)
        transcript.add(ActorLog(actor: 1, log: log))
        transcript.status(index: 0, size: size, over: interval(30))
        if whole != size { transcript.truncate(index: 1, to: whole, over: interval(40)) }
        transcript.audit(
            index: 2, size: whole, words: words, over: interval(50))
        let rules = Oracle(key: Self.key).judge(transcript.history()).violations.map(\.rule)
        #expect(rules == (isClean ? [] : [.size]))
    }

    /// A read that failed, or an exchange that was a dry run, says nothing.
    @Test func whatFailedOrOnlyTriedSaysNothing() {
        var read = Self.record(.pread, done: 0, reference: 0)
        (read.outcome, read.code) = (.failed, EIO)
        #expect(Self.isClean(Happening(record: read, found: Self.before)))
        let exchange = Self.record(.exchange, done: 0, reference: UInt32(2 * Self.page))
        #expect(Self.isClean(Happening(record: exchange, found: Self.before)))
    }
}
