import Glibc

/// What one call asks for besides (the RWF_* flags of preadv2(2) and pwritev2(2)).
package struct TransferFlags: OptionSet, Hashable, Sendable {
    package let rawValue: Int32
    package init(rawValue: Int32) { self.rawValue = rawValue }

    /// RWF_HIPRI: poll for the completion.
    package static let polled = TransferFlags(rawValue: 1)
    /// RWF_DSYNC: as if the file had been opened with O_DSYNC.
    package static let dataSynchronous = TransferFlags(rawValue: 2)
    /// RWF_SYNC: as if the file had been opened with O_SYNC.
    package static let synchronous = TransferFlags(rawValue: 4)
    /// RWF_NOWAIT: EAGAIN, or a short transfer, rather than wait.
    package static let noWait = TransferFlags(rawValue: 8)
}

/// Reads and writes by calls. Offsets are bytes, counts and places in memory are words.
extension File {
    /// Reads up to `count` words at byte `offset` into `buffer` from its word `at` on (pread(2), or
    /// preadv2(2) where there are flags). Returns bytes read: fewer than asked at the end of file.
    package func read(
        at offset: UInt64, count: Int, into buffer: inout Buffer, at word: Int = 0,
        _ flags: TransferFlags = []
    ) throws(SystemError) -> Int {
        precondition(
            word >= 0 && count >= 0 && word + count <= buffer.count + buffer.unreachable)
        return unsafe try read(offset, count, buffer.base + word, flags)
    }

    /// Writes `count` words of `buffer` from its word `at` on, at byte `offset` (pwrite(2), or
    /// pwritev2(2) where there are flags). Returns bytes written.
    package func write(
        at offset: UInt64, count: Int, from buffer: borrowing Buffer, at word: Int = 0,
        _ flags: TransferFlags = []
    ) throws(SystemError) -> Int {
        precondition(
            word >= 0 && count >= 0 && word + count <= buffer.count + buffer.unreachable)
        return unsafe try write(offset, count, buffer.base + word, flags)
    }

    /// Reads up to `count` words at byte `offset` into `mapping` from its word `at` on (pread(2)).
    /// Returns bytes read; EFAULT, or fewer, where a page of the mapping cannot be had.
    package func read(
        at offset: UInt64, count: Int, into mapping: borrowing Mapping, at word: Int
    ) throws(SystemError) -> Int {
        precondition(word >= 0 && count >= 0 && word + count <= mapping.count)
        return unsafe try read(offset, count, mapping.base + word, [])
    }

    /// Writes `count` words of `mapping` from its word `at` on, at byte `offset` (pwrite(2)).
    /// Returns bytes written; EFAULT, or fewer, where a page of the mapping cannot be had.
    package func write(
        at offset: UInt64, count: Int, from mapping: borrowing Mapping, at word: Int
    ) throws(SystemError) -> Int {
        precondition(word >= 0 && count >= 0 && word + count <= mapping.count)
        return unsafe try write(offset, count, mapping.base + word, [])
    }

    private func read(
        _ offset: UInt64, _ count: Int, _ memory: UnsafeMutablePointer<UInt64>,
        _ flags: TransferFlags
    ) throws(SystemError) -> Int {
        var piece = unsafe iovec(iov_base: memory, iov_len: count * 8)
        let n =
            unsafe flags.isEmpty
            ? pread(descriptor, memory, count * 8, Int(offset))
            : preadv2(descriptor, &piece, 1, Int(offset), flags.rawValue)
        if n < 0 { throw .last("pread", target: path) }
        return n
    }

    private func write(
        _ offset: UInt64, _ count: Int, _ memory: UnsafeMutablePointer<UInt64>,
        _ flags: TransferFlags
    ) throws(SystemError) -> Int {
        var piece = unsafe iovec(iov_base: memory, iov_len: count * 8)
        let n =
            unsafe flags.isEmpty
            ? pwrite(descriptor, memory, count * 8, Int(offset))
            : pwritev2(descriptor, &piece, 1, Int(offset), flags.rawValue)
        if n < 0 { throw .last("pwrite", target: path) }
        return n
    }
}
