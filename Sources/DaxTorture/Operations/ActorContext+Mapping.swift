package import DaxModel
package import DaxSystem

/// Operations that go through a mapping.
extension ActorContext {
    /// Stores stamps into `count` words of `file` from `word` on, through its long mapping.
    package func store(
        _ file: FileUnderTest, word: UInt64, count: Int, by width: Mapping.Width = .word
    ) {
        if isFresh {
            return faultStore(file, dropping: hotWindow.window, word: word, count: count)
        }
        let sequence = stamp(word..<word + UInt64(count), of: file)
        announce(width.kind, file.number, word: word, count: count)
        meet()
        let (interval, result) = timed {
            file.long.store(
                Int(word), count: count, from: buffer, by: width)
        }
        logAccess(width.kind, file, interval, word, count, result, sequence)
    }

    /// Loads `count` words of `file` from `word` on, through its long mapping.
    package func load(_ file: FileUnderTest, word: UInt64, count: Int) {
        if isFresh {
            return faultLoad(file, dropping: hotWindow.window, word: word, count: count)
        }
        announce(.load, file.number, word: word, count: count)
        meet()
        let (interval, result) = timed {
            file.long.load(Int(word), count: count, into: &buffer)
        }
        logLoad(.load, file, interval, word, count, result)
    }

    /// Drops the short mapping's page-table entries of `pages`, if any, then loads `count` words from
    /// `word` on through it: a read fault.
    package func faultLoad(
        _ file: FileUnderTest, dropping pages: Range<UInt64>?, word: UInt64, count: Int
    ) {
        if let pages { empty(file, pages) }
        announce(.faultLoad, file.number, word: word, count: count)
        meet()
        let (interval, result) = timed {
            file.short.load(Int(word), count: count, into: &buffer)
        }
        logLoad(.faultLoad, file, interval, word, count, result)
    }

    /// Drops the short mapping's page-table entries of `pages`, if any, then stores stamps into `count`
    /// words from `word` on through it: a write fault.
    package func faultStore(
        _ file: FileUnderTest, dropping pages: Range<UInt64>?, word: UInt64, count: Int
    ) {
        let sequence = stamp(word..<word + UInt64(count), of: file)
        if let pages { empty(file, pages) }
        announce(.faultStore, file.number, word: word, count: count)
        meet()
        let (interval, result) = timed {
            file.short.store(Int(word), count: count, from: buffer)
        }
        logAccess(.faultStore, file, interval, word, count, result, sequence)
    }

    /// Throws the short mapping away and maps the file anew, with MAP_SYNC or without: where the
    /// kernel likes it, or where PMDs can map it on purpose, or where none can.
    package func remap(_ file: FileUnderTest, synchronous: Bool) {
        let placement = self.placement()
        call(
            placement.allowsPMD ? .remap : .mmapMisaligned, .syscall, file, offset: 0,
            length: file.limit
        ) { () throws(SystemError) in
            try file.remap(synchronous: synchronous, placement: placement)
        }
    }

    /// One for a short mapping.
    package func placement() -> Placement {
        switch random.weighted([2, 1, 2]) {
        case 0: .anywhere
        case 1: .shifted(pages: 0)
        default: .shifted(pages: Int(random.within(1...UInt64(Page.pmdPages) - 1)))
        }
    }

    /// Writes the cache lines of `count` words of `file` from `word` on back through the long
    /// mapping: what makes a store through MAP_SYNC durable.
    package func persist(_ file: FileUnderTest, word: UInt64, count: Int) {
        announce(.persist, file.number, word: word, count: count)
        let (interval, result) = timed {
            file.long.flush(Int(word), count: count, by: file.flush)
        }
        logAccess(.persist, file, interval, word, count, result, 0)
    }

    /// Writes the pages of `words` back through the long mapping (msync(2)).
    package func msync(_ file: FileUnderTest, words: Range<UInt64>) {
        call(
            .msync, .mapping, file, offset: words.lowerBound * 8, length: UInt64(words.count) * 8
        ) { () throws(SystemError) in
            try file.long.sync(Int(words.lowerBound)..<Int(words.upperBound))
        }
    }

    /// Drops the short mapping's page-table entries of `pages`, or, for a duel about PMD faults,
    /// the mapping: a page table, once there, stays until munmap(2) and keeps them away.
    private func empty(_ file: FileUnderTest, _ pages: Range<UInt64>) {
        if isFresh && duel?.size == .pmd {
            return remap(file, synchronous: file.isSynchronous)
        }
        let words = words(of: pages)
        call(
            .dontNeed, .mapping, file, offset: pages.lowerBound * UInt64(Page.bytes),
            length: UInt64(pages.count * Page.bytes)
        ) { () throws(SystemError) in
            try file.short.dontNeed(words)
        }
    }

    /// Times and logs a call that returns nothing but an errno, and gives it; 0 for none.
    @discardableResult
    package func call(
        _ kind: OperationKind, _ path: AccessPath, _ file: FileUnderTest?, offset: UInt64,
        length: UInt64, _ body: () throws(SystemError) -> Void
    ) -> Int32 {
        announce(kind, path, file?.number, offset: offset, length: length)
        if !kind.onlyPrepares { meet() }
        let (interval, error) = timedCall(body)
        let code = error?.code ?? 0
        logOperation(
            kind, path, file, over: interval, offset: offset, length: length,
            done: code == 0 ? length : 0, outcome: code == 0 ? .done : .failed, code: code)
        return code
    }

    package func logLoad(
        _ kind: OperationKind, _ file: FileUnderTest, _ interval: Interval, _ word: UInt64,
        _ count: Int, _ result: AccessResult
    ) {
        let values = log.pool { buffer.append(0..<result.done, to: &$0) }
        logAccess(kind, file, interval, word, count, result, values)
    }

    package func logAccess(
        _ kind: OperationKind, _ file: FileUnderTest?, _ interval: Interval,
        _ word: UInt64, _ count: Int, _ result: AccessResult, _ reference: UInt32
    ) {
        logOperation(
            kind, .mapping, file, over: interval, offset: word * 8, length: UInt64(count) * 8,
            done: UInt64(result.done) * 8, reference: reference,
            faulted: faulted(),
            outcome: result.fault.map { $0.isInterrupt ? .interrupted : .faulted } ?? .done,
            code: result.fault?.code ?? 0, signal: result.signal,
            strayPages: result.strayPages(from: word))
    }
}

extension Mapping.Width {
    package var kind: OperationKind {
        switch self {
        case .word, .nontemporal: .store
        case .vector, .vector16: .vectorStore
        case .string: .stringStore
        }
    }
}
