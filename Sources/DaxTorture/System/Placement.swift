import Glibc

/// Where in the address space a mapping is put.
package enum Placement: Hashable, Sendable {
    /// Where the kernel likes it; on DAX filesystems that is an address that lets PMDs map it.
    case anywhere
    /// At an address so many pages (0 to 511) behind one that is congruent to the file offset
    /// modulo 2 MiB. With 0 a PMD can map each aligned 2 MiB, with anything else none.
    case shifted(pages: Int)

    /// Whether a PMD may map any of it.
    package var allowsPMD: Bool { self == .anywhere || self == .shifted(pages: 0) }

    /// What one PMD maps, in bytes.
    static let pmd: UInt = 2 << 20

    /// Has `map` map `bytes` bytes at the place, or, given nil, anywhere; its result.
    ///
    /// The place is cut out of a reservation that has room for every shift. What `map` leaves of
    /// it where it fails stays reserved: another thread may have been given a part of it already.
    func find(
        _ bytes: Int, _ offset: UInt64,
        _ map: (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer?
    ) throws(SystemError) -> UnsafeMutableRawPointer? {
        guard case .shifted(let pages) = self else { return unsafe map(nil) }
        precondition((0..<512).contains(pages))
        let room = bytes + Int(Placement.pmd)
        let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
        let start = unsafe mmap(nil, room, PROT_NONE, flags, -1, 0)
        guard let start = unsafe start, unsafe start != MAP_FAILED else {
            throw .last("mmap a reservation")
        }
        let wanted = (UInt(offset) + UInt(pages) * 4096) % Placement.pmd
        let before = Int((wanted &- UInt(bitPattern: start)) % Placement.pmd)
        let memory = unsafe map(start + before)
        let code = errno
        if before > 0 { unsafe munmap(start, before) }
        unsafe munmap(start + before + bytes, room - before - bytes)
        errno = code
        return unsafe memory
    }
}
