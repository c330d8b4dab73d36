import DaxModel
import DaxOperations
import DaxSystem
import Glibc

/// Bad blocks under the poisoned file.
extension PoisonTrials {
    /// One trial: `sectors` of `page` are put on the device's list of bad blocks. Then nobody gets
    /// that page, by load or read, and everybody gets those beside it; and when it was made good by
    /// `recovery`, it is as any other.
    func failBlock(
        page: Int, large: Bool, sectors: Range<UInt64>, by recovery: PoisonedFile.Recovery
    ) {
        guard !own.isLost, let list = own.badBlocks else { return }
        let placement = placement(large: large)
        guard renew(around: page, placement) else { return }
        // What is mapped already is not asked of the driver again.
        guard let bad = spoil(list, page, sectors), remap(placement) else { return }
        own.tally.blocks += 1
        expectPoison(page)
        for pages in [own.window.lowerBound..<page, page + 1..<own.window.upperBound] {
            look(pages, "its mapping beside a bad block")
            read(pages, "beside a bad block")
        }
        guard recover(page, list.canClear ? recovery : .rewrite, canClear: list.canClear)
        else { return }
        lookAnew(placement, "after a bad block was made good")
        guard recovery == .rewrite else { return }
        do throws(SystemError) {
            guard try list.contains(anyOf: bad) else { return }
        } catch {
            context.trouble = error
            return
        }
        reportFailure(
            page, expected: "a block that is good again", observed: "still on the list",
            "a page was written over whole and can be read, and its block is called bad still")
    }

    /// Puts `sectors` of `page` on the list: those of the device; nil where that cannot be.
    private func spoil(
        _ list: BadBlockList, _ page: Int, _ sectors: Range<UInt64>
    ) -> Range<UInt64>? {
        let bad: Range<UInt64>
        do throws(SystemError) {
            guard let found = try own.sectors(sectors, of: page) else {
                throw SystemError("FS_IOC_FIEMAP of a page stored to", code: ENODATA)
            }
            bad = found
        } catch {
            context.trouble = error
            return nil
        }
        let code = context.call(
            .badBlock, .syscall, nil, offset: UInt64(page * Page.bytes),
            length: UInt64(sectors.count) * 512
        ) { () throws(SystemError) in try list.add(bad) }
        return context.expect(code, "badblocks", or: [ENOSPC]) ? bad : nil
    }

    /// A load of the page, and a read of it, which both must fail.
    private func expectPoison(_ page: Int) {
        let (word, at) = (page * Page.words, own.place(page * Page.words))
        context.announce(.poisonedLoad, nil, word: UInt64(word), count: 1)
        let (interval, result) = timed {
            own.mapping.load(word, count: 1, into: &own.seen, at: at)
        }
        context.logAccess(.poisonedLoad, nil, interval, UInt64(word), 1, result, 0)
        if result.fault?.signal == SIGBUS { own.tally.signals += 1 }
        if let wrong = FailureVerdict.wrong(result, word: word) {
            reportFailure(
                page, expected: "a SIGBUS for this page", observed: wrong,
                "a page that has a bad block was loaded, which gave \(wrong)")
        }
        var done = 0
        let code = context.call(
            .poisonedRead, .syscall, nil, offset: UInt64(word) * 8, length: UInt64(Page.bytes)
        ) { () throws(SystemError) in
            done = try own.file.read(
                at: UInt64(word) * 8, count: Page.words, into: &own.seen, at: at)
        }
        if code == EIO { own.tally.errors += 1 }
        if let wrong = FailureVerdict.wrong(read: code, done: done) {
            reportFailure(
                page, expected: "EIO", observed: wrong,
                "a page that has a bad block was read by read(2), which gave \(wrong)")
        }
    }

    /// Makes the page good; whether it is. A device that cannot clear a bad block keeps it, and so
    /// does the file: who got that block next would fail for no reason that he knows.
    private func recover(
        _ page: Int, _ recovery: PoisonedFile.Recovery, canClear: Bool
    ) -> Bool {
        let (words, bytes) = (own.words(page..<page + 1), UInt64(Page.bytes))
        let offset = UInt64(page) * bytes
        var done = 0
        if recovery == .rewrite { _ = restamp(words) }
        let code = context.call(recovery.kind, .syscall, nil, offset: offset, length: bytes) {
            () throws(SystemError) in
            switch recovery {
            case .rewrite:
                done = try own.file.write(
                    at: offset, count: words.count, from: own.expected,
                    at: own.place(words.lowerBound))
            case .punch: try own.file.allocate(.punch, offset: offset, length: bytes)
            }
        }
        if !canClear {
            own.isLost = true
            context.notes.append(
                "the device cannot clear a bad block: there is one, and there are no more")
            return false
        }
        switch recovery {
        case .rewrite where code == 0 && done == Page.bytes:
            own.tally.rewritten += 1
            return true
        case .rewrite:
            reportFailure(
                page, expected: "\(bytes) bytes written",
                observed: code == 0 ? "\(done) bytes" : SystemError.name(of: code),
                "a page that has a bad block was written over whole, and stays bad")
            return false
        case .punch:
            guard context.expect(code, "fallocate PUNCH_HOLE", or: [ENOSPC]) else { return false }
            own.tally.punched += 1
            return fill(page)
        }
    }

    /// The page that was punched reads as zero, and takes a store; whether there was space for that.
    private func fill(_ page: Int) -> Bool {
        let first = own.place(page * Page.words)
        own.expected.fill(first..<first + Page.words, with: 0)
        look(page..<page + 1, "its mapping after the bad block was punched")
        read(page..<page + 1, "after the bad block was punched")
        return store(page..<page + 1)
    }
}
