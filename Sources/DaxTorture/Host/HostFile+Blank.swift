package import DaxSystem
internal import Glibc

/// Whether a device holds anything at all.
extension HostFile {
    /// Where the first byte is that is not zero; nil if there is none.
    ///
    /// Holes of a file are stepped over (lseek(2), SEEK_DATA). Those of a block device are not known:
    /// all of it is read. `progress` gets how much is done of how much, in bytes, twenty times at most
    /// and not more often than each GiB. A signal that is counted meanwhile (``Interrupts``) ends it,
    /// with EINTR.
    package func firstNonzero(
        progress: (_ done: UInt64, _ size: UInt64) -> Void = { _, _ in }
    ) throws(SystemError) -> UInt64? {
        let size = UInt64(try size())
        let step = max(1 << 30, size / 20)
        var chunk = [UInt8](repeating: 0, count: 4 << 20)
        var (at, next) = (UInt64(0), step)
        while at < size, let data = try dataOffset(from: at) {
            if Interrupts.seen > 0 { throw SystemError("pread", code: EINTR, target: name) }
            at = data
            let count = unsafe chunk.withUnsafeMutableBytes {
                unsafe pread(descriptor, $0.baseAddress, $0.count, off_t(at))
            }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw SystemError.last("pread", target: name) }
            // The end came nearer.
            if count == 0 { break }
            if !chunk.areZero(count) { return at + UInt64(chunk.firstIndex { $0 != 0 }!) }
            at += UInt64(count)
            if at >= next {
                progress(at, size)
                next = at + step
            }
        }
        return nil
    }

    /// Where the next data is, at `offset` or behind it, holes stepped over; nil if there is none.
    private func dataOffset(from offset: UInt64) throws(SystemError) -> UInt64? {
        let found = lseek(descriptor, off_t(offset), SEEK_DATA)
        if found >= 0 { return UInt64(found) }
        switch errno {
        case ENXIO: return nil
        // Block devices, and filesystems that do not know: it may be anywhere.
        case EINVAL, EOPNOTSUPP: return offset
        default: throw SystemError.last("lseek SEEK_DATA", target: name)
        }
    }
}

extension [UInt8] {
    /// Whether the first `count` bytes are zero: the first is, and each is as the one before it. That is
    /// one memcmp(3), at the speed of memory.
    fileprivate func areZero(_ count: Int) -> Bool {
        precondition(count > 0 && count <= self.count, "bytes of the array")
        return unsafe withUnsafeBytes {
            unsafe $0[0] == 0 && memcmp($0.baseAddress!, $0.baseAddress! + 1, count - 1) == 0
        }
    }
}
