import DaxModel
import DaxOperations
import DaxSystem
import Glibc

/// Trials on a recycled file. Nobody else touches it, so that each word has its verdict at once.
final class RecycleTrials {
    let context: ActorContext
    let own: RecycledFile

    /// Makes the file. Throws where the kernel has not what it needs.
    init(_ context: ActorContext) throws(SystemError) {
        self.context = context
        own = try RecycledFile(
            beside: context.files[0].file.path, actor: context.actor,
            number: .ownFiles(of: context.actor))
        let words = UInt64(RecycledFile.words)
        _ = context.stamp(0..<2 * words, number: own.number, in: &own.given, at: 0)
        if own.faults == nil {
            context.notes.append(
                "a recycler's reads and writes are not held: no userfaultfd(2) here")
        }
    }

    /// Whether a read or a write of the recycled file can be held in the midst of its copy.
    var holdsCopies: Bool { own.faults != nil }

    /// One trial: `pages` pages are written; while `holder` holds them for up to `nanoseconds`, a
    /// copy at `page` of them, the kernel is to cut them off, to commit that, and to write as many of
    /// the next owner's. A sound one cuts when they are no longer held.
    func recycle(
        pages: UInt64, by holder: RecycledFile.Holder, at page: Int = 0,
        cut: RecycledFile.Cut, for nanoseconds: UInt64
    ) {
        let (count, bytes) = (Int(pages) * Page.words, pages * UInt64(Page.bytes))
        // The next owner gets the nearest blocks that are free, which are these again.
        let isMade = make(count)
        defer { empty() }
        guard isMade else { return }
        let chain: [RingOperation] = [
            cut == .punch ? .fallocate(.punch, offset: 0, length: bytes) : .empty, .fsync,
            .write(offset: 0, count: count, at: RecycledFile.words).on(own.nextOwner), .fsync,
        ]
        (own.change, own.held) = (chain[0].kind, nanoseconds)
        var seen = 0
        let code = context.call(holder.kind, .uring, nil, offset: 0, length: bytes) {
            () throws(SystemError) in
            seen = try own.hold(
                count, by: holder, at: page, for: nanoseconds, chain, &context.ring)
        }
        guard context.expect(code, holder.kind.name, or: [ENOSPC, EFAULT]) else { return }
        let isWhole =
            context.ring.results.allSatisfy { $0.error == nil }
            && context.ring.results[2].value == bytes
        switch holder {
        case .pin: judge(seen, .given, "look at a pinned page")
        // The cut comes before the read, or after it, or in between.
        case .read: judge(seen, [.given, .zero], "read(2)")
        case .write: break
        }
        guard isWhole else { return }
        if let there = read(count, nextOwners: false) {
            judge(there, .zero, "read(2)")
        }
        if let there = read(count, nextOwners: true) {
            // What was not read is no stamp of anybody.
            own.seen.fill(there..<count, with: ~0)
            judge(count, .nextOwners, "read(2) of the next owner")
        }
    }

    /// One trial: twice `pages` pages are written and mapped; then the first `pages` are taken out of
    /// the file (fallocate COLLAPSE_RANGE), or as many are put in before them (INSERT_RANGE), while
    /// they are loaded. Afterwards the mapping must show what is at each offset now.
    func shift(pages: UInt64, inserting: Bool) {
        let (count, bytes) = (Int(pages) * Page.words, pages * UInt64(Page.bytes))
        own.shift = inserting ? -count : count
        change(
            pages: 2 * pages, .shiftedLoad,
            .fallocate(inserting ? .insert : .collapse, offset: 0, length: bytes),
            to: .shifted, words: inserting ? 3 * count : count)
    }

    /// One trial: `pages` pages are written and mapped, or every second of them (`sparse`), each an
    /// extent that is freed by itself; then `words` of them are punched, zeroed or cut off while each page's first
    /// word is loaded, or stored once more (`storing`): a load's fault may have to wait where a
    /// store's has not. Afterwards these are zero, and no others, but for what was stored.
    func punchPartly(
        pages: UInt64, _ words: Range<UInt64>, by punch: RecycledFile.PartialPunch, sparse: Bool,
        storing: Bool = false
    ) {
        own.isSparse = sparse
        defer { own.isSparse = false }
        let (all, length) = (pages * UInt64(Page.words), UInt64(words.count) * 8)
        own.hole =
            punch == .truncate ? 0..<Int(all) : Int(words.lowerBound)..<Int(words.upperBound)
        let operation: RingOperation =
            switch punch {
            case .punch: .fallocate(.punch, offset: words.lowerBound * 8, length: length)
            case .zero: .fallocate(.zeroKeepSize, offset: words.lowerBound * 8, length: length)
            case .truncate: .empty
            }
        change(
            pages: pages, .partialPunchLoad, operation, to: .partlyPunched, words: Int(all),
            storing: storing)
    }

    /// Writes and maps `pages` pages, and touches them while they are changed: one that faults
    /// between the unmapping and the change of the extents must wait. Then the first `count` words
    /// must be as the change leaves them.
    private func change(
        pages: UInt64, _ kind: OperationKind, _ operation: RingOperation,
        to changed: RecycledFile.Expected, words count: Int, storing: Bool = false
    ) {
        let before = Int(pages) * Page.words
        let isMade = make(before)
        defer { empty() }
        guard isMade, load(before) == before else { return }
        judge(before, .given, "load")
        (own.change, own.isStoring) = (operation.kind, storing)
        let code = context.call(kind, .uring, nil, offset: 0, length: UInt64(before) * 8) {
            () throws(SystemError) in
            try context.ring.run([operation], on: own.file, buffer: &own.nothing, linked: false) {
                ended in
                own.sweep(pages: Int(pages), storing: storing) { ended() > 0 }
            }
        }
        // EINVAL: the filesystem moves nothing less than a cluster.
        guard context.expect(code, "io_uring_enter"), context.ring.results[0].error == nil else {
            return
        }
        if !storing {
            judge(
                before, step: Page.words, [.given, .zero, changed],
                "load")
        }
        if operation == .empty && !grow(count) { return }
        judge(load(count), changed, "load", touched: storing)
        if let there = read(count, nextOwners: false) {
            judge(there, changed, "read(2)", touched: storing)
        }
    }

    /// Loads the first `count` words through the mapping: how many there were.
    private func load(_ count: Int) -> Int {
        context.announce(.ownLoad, nil, word: 0, count: count)
        let (interval, result) = timed {
            own.mapping.load(0, count: count, into: &own.seen)
        }
        context.logAccess(.ownLoad, nil, interval, 0, count, result, 0)
        return result.done
    }

    /// Writes the first `count` words, when what was freed before is on the medium; whether it could.
    private func make(_ count: Int) -> Bool {
        var done = 0
        own.trial = context.log.records.count
        let code = context.call(.create, .syscall, nil, offset: 0, length: UInt64(count) * 8) {
            () throws(SystemError) in
            try own.file.sync()
            let step = own.isSparse ? Page.words : count
            for word in stride(from: 0, to: count, by: own.isSparse ? 2 * step : step) {
                done += try own.file.write(
                    at: UInt64(word) * 8, count: step, from: own.given, at: word)
            }
            if own.isSparse { try own.file.truncate(to: UInt64(count * 8)) }
        }
        let all = own.isSparse ? (count / Page.words + 1) / 2 * Page.bytes : count * 8
        return context.expect(code, "pwrite", or: [ENOSPC]) && done == all
    }

    /// Makes the file long enough for `count` words, without any block; whether it could.
    private func grow(_ count: Int) -> Bool {
        let code = context.call(.create, .syscall, nil, offset: 0, length: UInt64(count) * 8) {
            () throws(SystemError) in
            try own.file.truncate(to: UInt64(count * Page.wordBytes))
        }
        return context.expect(code, "ftruncate", or: [ENOSPC])
    }

    /// Reads the first `count` words of the file, or of its next owner: so many were there.
    private func read(_ count: Int, nextOwners: Bool) -> Int? {
        var done = 0
        let code = context.call(.ownLoad, .syscall, nil, offset: 0, length: UInt64(count) * 8) {
            () throws(SystemError) in
            done =
                nextOwners
                ? try own.nextOwner.read(at: 0, count: count, into: &own.seen)
                : try own.file.read(at: 0, count: count, into: &own.seen)
        }
        return context.expect(code, "pread") ? done / Page.wordBytes : nil
    }

    /// Gives all blocks of both files back; a file of no bytes that keeps some breaks R9.
    func empty() {
        var kept: UInt64 = 0
        let code = context.call(.create, .syscall, nil, offset: 0, length: 0) {
            () throws(SystemError) in
            try own.nextOwner.truncate(to: 0)
            try own.file.truncate(to: 0)
            kept = try own.nextOwner.status().blocks + own.file.status().blocks
        }
        guard context.expect(code, "ftruncate", or: [ENOSPC]), kept > 0 else { return }
        context.report(
            ActorFinding(
                rule: .bystanders, file: "a recycled file", offset: 0, expected: "no block",
                observed: "\(kept * 512) bytes of space",
                sentence:
                    "a recycled file and the next owner of its blocks, which one actor alone touches, were cut "
                    + "to 0 bytes and kept \(kept * 512) bytes of space",
                events: context.events(since: own.trial)))
    }

    /// Reports the first of the first `words` seen, or of each `step`-th, that is not as expected.
    func judge(
        _ words: Int, step: Int = 1, _ expected: RecycledFile.Expected,
        _ observer: String, touched: Bool = false
    ) {
        guard let word = own.firstWrong(words, step: step, expected, touched: touched) else {
            return
        }
        let nextOwners = expected.contains(.nextOwners)
        let values =
            (expected.contains(.given) ? [hex(own.original(word))] : [])
            + (expected.contains(.shifted) ? [hex(own.shifted(word))] : [])
            + (expected.contains(.partlyPunched) ? [hex(own.partlyPunched(word))] : [])
            + (nextOwners ? [hex(own.given[RecycledFile.words + word])] : [])
            + (expected.contains(.zero) ? ["zero"] : [])
        let found = own.seen[word]
        context.reportWord(
            of: nextOwners ? "the next owner of a recycled file" : "a recycled file",
            number: own.number, word,
            stampedFor: nextOwners ? RecycledFile.words + word : word,
            expected: values.joined(separator: " or "), observed: found,
            WordProof(
                due: own.due(word, expected),
                found: context.origin(of: found, own: { own.called($0, at: word, nextOwners) }),
                block: nextOwners ? own.nextOwner.block(ofWord: word) : own.file.block(ofWord: word)
            ),
            events(word, nextOwners: nextOwners, seenBy: observer),
            script: script(word, nextOwners: nextOwners))
    }
}
