import DaxModel
import DaxOperations
import DaxSystem
import Glibc

/// Memory failures in the poisoned file. Nobody else touches it, so that each word has its verdict
/// at once.
final class PoisonTrials {
    let context: ActorContext
    let own: PoisonedFile

    /// Makes the file.
    init(_ context: ActorContext) throws(SystemError) {
        self.context = context
        own = try PoisonedFile(
            beside: context.files[0].file.path, actor: context.actor,
            number: .ownFiles(of: context.actor))
        if own.badBlocks == nil {
            context.notes.append(
                "nothing fails here: the filesystem has no pmem device for itself")
        }
    }

    /// One trial: the kernel is told that `page`, which a PMD maps if it can (`large`) or a PTE, has
    /// failed. It must tell this thread so, unmap it, and do no more: real memory has lost nothing, so
    /// that all words are there still when they are loaded next.
    func failMemory(page: Int, large: Bool) {
        // Of any other memory a failure would be for good, and somebody else's.
        guard !own.isLost, own.badBlocks != nil, !context.isRefused(.memoryFailure) else { return }
        let placement = placement(large: large)
        guard renew(around: page, placement) else { return }
        let mapped = context.log.records.last?.faulted ?? .none
        guard let failure = tell(page) else { return }
        own.tally.pages += 1
        if failure.fault?.addressBits == 21 { own.tally.large += 1 }
        if let wrong = FailureVerdict.wrong(failure, page: page, mapped: mapped) {
            let size = mapped == .pmd ? "a PMD" : "a PTE"
            reportFailure(
                page, expected: "one SIGBUS BUS_MCEERR_AR for this page of \(size)",
                observed: wrong,
                "a page failed by MADV_HWPOISON, and its mapping's owner got \(wrong)")
        }
        let isThere = look(own.window, "its mapping after a page failed")
        // Exact where the watch saw the first fault: what is loaded faults again, or was mapped on.
        if isThere && mapped != .none && context.log.records.last?.faulted == FaultSize.none {
            reportFailure(
                page, expected: "a page that is unmapped", observed: "a load that did not fault",
                "a page failed by MADV_HWPOISON and stayed mapped")
        }
        lookAnew(placement, "after a page failed")
    }

    /// The kernel is told that `page` failed: what signals came; nil where it knows no such thing.
    private func tell(_ page: Int) -> MemoryFailure? {
        var failure: MemoryFailure?
        let word = page * Page.words
        context.announce(.memoryFailure, nil, word: UInt64(word), count: Page.words)
        let (interval, error) = timedCall { () throws(SystemError) in
            failure = try own.mapping.failMemory(word)
        }
        let code = error?.code ?? 0
        let fault = failure?.fault
        context.logOperation(
            .memoryFailure, .mapping, nil, over: interval, offset: UInt64(page * Page.bytes),
            length: UInt64(Page.bytes), done: 0,
            outcome: code != 0 ? .failed : fault == nil ? .done : .faulted,
            code: fault?.code ?? code, signal: UInt8(clamping: fault?.signal ?? 0))
        switch code {
        case 0: return failure
        case EINVAL, EPERM:
            context.refused.insert(.memoryFailure)
            context.notes.append(
                "no memory failure by MADV_HWPOISON here: \(SystemError.name(of: code))")
        default: context.expect(code, "madvise MADV_HWPOISON")
        }
        return nil
    }

    /// Where the poisoned file is mapped: where PMDs can map it, or where none can.
    func placement(large: Bool) -> Placement {
        .shifted(pages: large ? 0 : Int(context.random.within(1...UInt64(Page.pmdPages) - 1)))
    }

    /// Gives the file new blocks and stamps in the window around `page`, by a store; whether it could.
    func renew(around page: Int, _ placement: Placement) -> Bool {
        own.trial = context.log.records.count
        let code = context.call(.create, .syscall, nil, offset: 0, length: PoisonedFile.length) {
            () throws(SystemError) in try own.renew(around: page, placement)
        }
        return context.expect(code, "fallocate", or: [ENOSPC]) && store(own.window)
    }

    /// Stores new stamps into `pages` of the window through the mapping; whether there was space.
    func store(_ pages: Range<Int>) -> Bool {
        let words = own.words(pages)
        let (word, count, at) = (words.lowerBound, words.count, own.place(words.lowerBound))
        _ = restamp(words)
        context.announce(.ownStore, nil, word: UInt64(word), count: count)
        let (interval, result) = timed {
            own.mapping.store(word, count: count, from: own.expected, at: at)
        }
        context.logAccess(.ownStore, nil, interval, UInt64(word), count, result, 0)
        reportPoison(result, word)
        return result.done == count
    }

    /// New stamps for `words` of the window are what they must be; their sequence.
    func restamp(_ words: Range<Int>) -> UInt32 {
        context.stamp(
            UInt64(words.lowerBound)..<UInt64(words.upperBound), number: own.number,
            in: &own.expected, at: own.place(words.lowerBound))
    }

    /// Loads `pages` through the mapping, and compares; whether all were there.
    @discardableResult
    func look(_ pages: Range<Int>, _ path: String) -> Bool {
        guard !pages.isEmpty else { return true }
        let words = own.words(pages)
        let (word, count, at) = (words.lowerBound, words.count, own.place(words.lowerBound))
        context.announce(.ownLoad, nil, word: UInt64(word), count: count)
        let (interval, result) = timed {
            own.mapping.load(word, count: count, into: &own.seen, at: at)
        }
        context.logAccess(.ownLoad, nil, interval, UInt64(word), count, result, 0)
        reportPoison(result, word)
        judge(word..<word + result.done, path)
        return result.done == count
    }

    /// Reads `pages` by read(2), and compares.
    func read(_ pages: Range<Int>, _ path: String) {
        guard !pages.isEmpty else { return }
        let words = own.words(pages)
        let at = own.place(words.lowerBound)
        var done = 0
        let code = context.call(
            .ownLoad, .syscall, nil, offset: UInt64(words.lowerBound) * 8,
            length: UInt64(words.count) * 8
        ) { () throws(SystemError) in
            done = try own.file.read(
                at: UInt64(words.lowerBound) * 8, count: words.count, into: &own.seen, at: at)
        }
        if code == EIO {
            return reportFailure(
                pages.lowerBound, expected: "\(words.count * 8) bytes", observed: "EIO",
                "a read(2) of pages of which none is bad ended in EIO, \(path)")
        }
        guard context.expect(code, "pread") else { return }
        // What was not read is no stamp of anybody.
        own.seen.fill(at + done / 8..<at + words.count, with: ~0)
        judge(words, "read(2) \(path)")
    }

    /// Maps the file anew, and loads and reads all of the window.
    func lookAnew(_ placement: Placement, _ path: String) {
        guard remap(placement) else { return }
        look(own.window, "a new mapping \(path)")
        read(own.window, path)
    }

    /// Maps the file anew; whether it could.
    func remap(_ placement: Placement) -> Bool {
        let code = context.call(.remap, .syscall, nil, offset: 0, length: PoisonedFile.length) {
            () throws(SystemError) in try own.map(placement)
        }
        return context.expect(code, "mmap")
    }

    /// Reports the first of `words` that is not what it must be.
    func judge(_ words: Range<Int>, _ path: String) {
        guard let word = own.firstWrong(words) else { return }
        let (due, found) = (own.expected[own.place(word)], own.seen[own.place(word)])
        context.reportWord(
            of: "a poisoned file", number: own.number, word, stampedFor: word, expected: hex(due),
            observed: found,
            WordProof(
                due: context.ownWord(due), found: context.origin(of: found, own: context.ownWord),
                block: own.file.block(ofWord: word)),
            context.events(since: own.trial).dropLast()
                + [
                    FindingEvent(
                        context.log.records.last!, name: path, effect: "found \(hex(found))")
                ])
    }

    /// R5: an access to pages of which none is bad says that memory failed. Any other SIGBUS is
    /// judged as on every file of an actor's own.
    func reportPoison(_ result: AccessResult, _ word: Int) {
        guard let fault = result.fault, fault.isMemoryFailure else { return }
        reportFailure(
            (word + result.done) / Page.words, expected: "no SIGBUS",
            observed: "si_code \(fault.code)",
            "an access to pages of which none is bad ended in a SIGBUS that says memory failed")
    }

    /// R5, at `page` of the poisoned file.
    func reportFailure(_ page: Int, expected: String, observed: String, _ sentence: String) {
        context.report(
            ActorFinding(
                rule: .sigbus, file: "a poisoned file", offset: UInt64(page * Page.bytes),
                expected: expected, observed: observed, sentence: sentence,
                events: context.events(since: own.trial)))
    }
}
