internal import CSystem
import Glibc

/// Calls that change a mapping which stays what it is.
extension Mapping {
    /// What `populate` is to bring about.
    package enum Populating: Sendable {
        /// MADV_POPULATE_READ: as if every page were loaded from.
        case read
        /// MADV_POPULATE_WRITE: as if every page were stored to, with what it holds.
        case write
    }

    /// Has the kernel fault the pages of the words in `range` in, in ascending order (madvise(2)).
    ///
    /// Throws EFAULT where an access would have raised SIGBUS, EINVAL on kernels before 5.14.
    package func populate(_ range: Range<Int>, for access: Populating) throws(SystemError) {
        // Glibc 2.36 has the names, its Swift module has not.
        switch access {
        case .read: try advise(range, 22, "madvise MADV_POPULATE_READ")
        case .write: try advise(range, 23, "madvise MADV_POPULATE_WRITE")
        }
    }

    /// Allows or forbids stores to the pages of the words in `range` (mprotect(2)).
    package func protect(_ range: Range<Int>, writable: Bool) throws(SystemError) {
        let (first, last) = pages(range)
        let rights = writable ? PROT_READ | PROT_WRITE : PROT_READ
        guard unsafe mprotect(base + first, (last - first) * 8, rights) == 0 else {
            throw .last("mprotect")
        }
    }

    /// Moves the mapping to another address with its page-table entries (mremap(2)).
    package mutating func move(to placement: Placement) throws(SystemError) {
        let (old, bytes) = unsafe (base, count * 8)
        let place = unsafe try placement.find(bytes, fileWord * 8) { place in
            unsafe csystem_remap(old, bytes, bytes, place)
        }
        try unsafe settle(at: place)
    }

    /// Takes the mapping's tail of `words` words, whole pages, away and maps it again, wherever
    /// there is room for all (mremap(2), twice).
    package mutating func regrow(by words: Int) throws(SystemError) {
        precondition(words % 512 == 0 && words < count)
        let (old, bytes) = unsafe (base, count * 8)
        try unsafe settle(at: csystem_remap(old, bytes, bytes - words * 8, nil))
        try unsafe settle(at: csystem_remap(base, bytes - words * 8, bytes, nil))
    }

    private mutating func settle(at memory: UnsafeMutableRawPointer?) throws(SystemError) {
        guard let memory = unsafe memory, unsafe memory != MAP_FAILED else { throw .last("mremap") }
        unsafe base = memory.assumingMemoryBound(to: UInt64.self)
    }
}
