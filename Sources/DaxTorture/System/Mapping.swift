import CFault
import Glibc

/// A stretch of a file mapped into memory (mmap(2)), reached only through guarded loads and stores.
///
/// Nothing in Swift dereferences it: the file may shrink under it at any instant. Offsets are in
/// words from the start of the mapping.
@safe
package struct Mapping: ~Copyable {
    var base: UnsafeMutablePointer<UInt64>
    /// Length in words, a whole number of pages.
    package let count: Int
    /// Where in the file the mapping begins, in words.
    package let fileWord: UInt64

    /// How the mapping shares its pages (mmap(2)'s MAP_ flags).
    package enum Sharing: Sendable {
        /// MAP_SHARED.
        case shared
        /// MAP_SHARED_VALIDATE with MAP_SYNC: refused (EOPNOTSUPP) where the file is not on DAX.
        case synchronous
        /// MAP_PRIVATE: a store copies the page. No swap space is reserved for that.
        case copied

        fileprivate var flags: Int32 {
            switch self {
            case .shared: MAP_SHARED
            case .synchronous: MAP_SHARED_VALIDATE | MAP_SYNC
            case .copied: MAP_PRIVATE | MAP_NORESERVE
            }
        }

        fileprivate var name: String {
            switch self {
            case .shared: "mmap MAP_SHARED"
            case .synchronous: "mmap MAP_SYNC"
            case .copied: "mmap MAP_PRIVATE"
            }
        }
    }

    /// Maps `bytes` (a multiple of the page size) of `file` from byte `offset`.
    ///
    /// Throws mmap(2)'s errno.
    package init(
        _ file: borrowing File, offset: UInt64, bytes: Int, sharing: Sharing, writable: Bool = true,
        placement: Placement = .anywhere
    ) throws(SystemError) {
        precondition(bytes > 0 && bytes % 4096 == 0 && offset % 4096 == 0)
        let flags = sharing.flags
        let descriptor = file.descriptor
        let memory = unsafe try placement.find(bytes, offset) { place in
            unsafe mmap(
                place, bytes, writable ? PROT_READ | PROT_WRITE : PROT_READ,
                place == nil ? flags : flags | MAP_FIXED, descriptor, Int(offset))
        }
        guard let memory = unsafe memory, unsafe memory != MAP_FAILED else {
            throw .last(sharing.name)
        }
        unsafe base = memory.bindMemory(to: UInt64.self, capacity: bytes / 8)
        count = bytes / 8
        fileWord = offset / 8
    }

    deinit { unsafe munmap(base, count * 8) }

    /// By how many pages the mapping's address is off from one that is congruent to the file offset
    /// modulo a PMD: only where it is 0 can a PMD map anything.
    package var shift: Int {
        let address = unsafe UInt(bitPattern: base)
        return Int((address &- UInt(fileWord) * 8) % Placement.pmd) / 4096
    }

    /// Drops this process's page-table entries of the words in `range`, rounded out to pages
    /// (MADV_DONTNEED): the next access faults afresh. The data of a shared mapping stay; private copies are
    /// gone.
    package func dontNeed(_ range: Range<Int>) throws(SystemError) {
        try advise(range, MADV_DONTNEED, "madvise MADV_DONTNEED")
    }

    /// Calls madvise(2) on the pages of the words in `range`.
    package func advise(_ range: Range<Int>, _ advice: Int32, _ name: String) throws(SystemError) {
        let (first, last) = pages(range)
        let start = unsafe base + first
        guard unsafe madvise(start, (last - first) * 8, advice) == 0 else { throw .last(name) }
    }

    /// Writes the pages of the words in `range` back (msync MS_SYNC).
    package func sync(_ range: Range<Int>) throws(SystemError) {
        let (first, last) = pages(range)
        let start = unsafe base + first
        guard unsafe msync(start, (last - first) * 8, MS_SYNC) == 0 else { throw .last("msync") }
    }

    func pages(_ range: Range<Int>) -> (Int, Int) {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        return (range.lowerBound & ~511, min((range.upperBound + 511) & ~511, count))
    }
}

extension File {
    /// Whether mmap(2) takes MAP_SYNC on the file, which it does on DAX alone.
    package var acceptsMapSync: Bool {
        do throws(SystemError) {
            _ = try Mapping(self, offset: 0, bytes: 4096, sharing: .synchronous)
            return true
        } catch { return false }
    }
}

/// What ended a guarded access short.
package struct Fault: Hashable, Sendable {
    /// SIGBUS or SIGSEGV; or SIGUSR1, by which the controller ended an access that would not end.
    package var signal: Int32
    /// si_code: BUS_ADRERR beyond the end of file, BUS_MCEERR_AR on poison, SEGV_ACCERR, ...
    package var code: Int32
    /// si_addr, as words from the start of the mapping; negative if it lies before it.
    package var word: Int
    /// si_addr_lsb: log2 of the poisoned granule for BUS_MCEERR_*, else 0.
    package var addressBits: Int

    /// Whether the kernel did not stop the access, but the controller (`Worker.interrupt`).
    package var isInterrupt: Bool { signal == Int32(CFAULT_INTERRUPT) }
}

/// How far a guarded access came.
package struct AccessResult: Sendable {
    /// Words that were moved, from the first on.
    package var done: Int
    /// What stopped the access; nil if all words were moved.
    package var fault: Fault?
}

extension Mapping {
    private static let hasAVX = cfault_has_avx() != 0

    /// Installs the process's SIGBUS and SIGSEGV handler. Without it a fault kills the process.
    package static func guardAccess() throws(SystemError) {
        let code = cfault_install()
        if code != 0 { throw SystemError("sigaction SIGBUS", code: code) }
    }

    /// Loads `count` words from word `word` on into `buffer`, from its word `at` on.
    package func load(_ word: Int, count n: Int, into buffer: inout Buffer, at: Int = 0)
        -> AccessResult
    {
        precondition(word >= 0 && n >= 0 && word + n <= count && at >= 0 && at + n <= buffer.count)
        return unsafe result(n, cfault_load(base + word, buffer.base + at, n))
    }

    /// By what instructions a store is made.
    package enum Width: CaseIterable, Sendable {
        /// MOV of a word, which arrives in one piece.
        case word
        /// MOVNTI of a word, around the cache.
        case nontemporal
        /// Vectors of 16 or 32 bytes, whatever the CPU has: a word may arrive in parts.
        case vector
        /// Vectors of 16 bytes.
        case vector16
        /// One REP MOVSB.
        case string
    }

    /// Stores `count` words of `buffer`, from its word `at` on, from word `word` on.
    package func store(
        _ word: Int, count n: Int, from buffer: borrowing Buffer, at: Int = 0,
        by width: Width = .word
    ) -> AccessResult {
        precondition(word >= 0 && n >= 0 && word + n <= count && at >= 0 && at + n <= buffer.count)
        let (to, from) = unsafe (base + word, buffer.base + at)
        let left =
            switch width {
            case .word: unsafe cfault_store(to, from, n)
            case .nontemporal: unsafe cfault_store_nontemporal(to, from, n)
            case .vector where Mapping.hasAVX: unsafe cfault_store_32(to, from, n)
            case .vector, .vector16: unsafe cfault_store_16(to, from, n)
            case .string: unsafe cfault_store_string(to, from, n)
            }
        return result(n, left)
    }

    private func result(_ asked: Int, _ left: Int) -> AccessResult {
        result(asked - left, of: asked)
    }

    /// What there is to say after `done` of `asked` words.
    func result(_ done: Int, of asked: Int) -> AccessResult {
        if done == asked { return AccessResult(done: asked, fault: nil) }
        return unsafe AccessResult(done: done, fault: fault(cfault_last()))
    }

    /// What the handler recorded, its address in terms of this mapping.
    func fault(_ record: cfault_record) -> Fault {
        let address = unsafe Int(bitPattern: record.address)
        let from = unsafe Int(bitPattern: base)
        return Fault(
            signal: unsafe record.signal, code: unsafe record.code,
            word: (address - from) >> 3, addressBits: unsafe Int(record.lsb))
    }
}
