import DaxModel
import DaxSystem
import Glibc

/// Calls that change the short mapping.
extension ActorContext {
    /// Faults `pages` in by one call (madvise MADV_POPULATE_READ or _WRITE).
    ///
    /// EFAULT is what SIGBUS is to an access, and logged as such.
    package func populate(_ file: FileUnderTest, _ pages: Range<UInt64>, writing: Bool) {
        let words = words(of: pages)
        let access = writing ? Mapping.Populating.write : .read
        announce(
            writing ? .populateWrite : .populate, file.number, word: UInt64(words.lowerBound),
            count: words.count)
        let (interval, error) = timedCall { () throws(SystemError) in
            try file.short.populate(words, for: access)
        }
        let code = error?.code ?? 0
        logOperation(
            writing ? .populateWrite : .populate, .mapping, file, over: interval,
            offset: pages.lowerBound * UInt64(Page.bytes), length: UInt64(words.count) * 8,
            done: 0, outcome: code == 0 ? .done : code == EFAULT ? .faulted : .failed,
            code: code == EFAULT ? Int32(BUS_ADRERR) : code,
            signal: code == EFAULT ? UInt8(SIGBUS) : 0)
    }

    /// Forbids stores to `pages` (mprotect), loads `count` words from `word` on, allows stores
    /// again, and stores to the same words: the page-table entries that were writable are not now.
    package func protect(
        _ file: FileUnderTest, _ pages: Range<UInt64>, word: UInt64, count: Int
    ) {
        protect(file, pages, writable: false)
        // A mapping that could not be split is as it was.
        faultLoad(file, dropping: nil, word: word, count: count)
        protect(file, pages, writable: true)
        guard succeeded else {
            // What remains read-only would raise SIGSEGV.
            trouble = SystemError("mprotect", code: log.records.last!.code)
            return
        }
        faultStore(file, dropping: nil, word: word, count: count)
    }

    private func protect(_ file: FileUnderTest, _ pages: Range<UInt64>, writable: Bool) {
        let words = words(of: pages)
        call(
            .protect, .mapping, file, offset: pages.lowerBound * UInt64(Page.bytes),
            length: UInt64(words.count) * 8
        ) { () throws(SystemError) in
            try file.short.protect(words, writable: writable)
        }
    }

    /// Moves the short mapping to another address, or has it shrink and grow (mremap).
    package func moveMapping(_ file: FileUnderTest) {
        let (placement, cut) = (placement(), random.chance(1, in: 3))
        let words = Int(random.within(1...file.pages - 1)) * Page.words
        call(.mremap, .syscall, file, offset: 0, length: file.limit) { () throws(SystemError) in
            if cut { try file.regrowShort(by: words) } else { try file.moveShort(to: placement) }
        }
        // Half of it may be missing.
        if !succeeded { trouble = SystemError("mremap", code: log.records.last!.code) }
    }

    /// As the indices of a mapping.
    package func words(of pages: Range<UInt64>) -> Range<Int> {
        Int(pages.lowerBound) * Page.words..<Int(pages.upperBound) * Page.words
    }
}
