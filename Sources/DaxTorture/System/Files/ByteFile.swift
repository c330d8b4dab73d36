internal import Glibc

/// A descriptor of a small file or a directory, closed when the value ends.
package struct ByteFile: ~Copyable {
    /// The descriptor, for calls that are not made here; it is closed with this value.
    package let descriptor: Int32
    /// The path it was opened by.
    package let path: String

    /// open(2) with `O_CLOEXEC` added; a file that `flags` creates gets mode 0644 before umask.
    package init(_ path: String, _ flags: Int32) throws(SystemError) {
        let descriptor = unsafe open(path, flags | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw SystemError.last("open", target: path) }
        self.descriptor = descriptor
        self.path = path
    }

    deinit { close(descriptor) }

    /// Every byte from the file's position on (read(2)).
    package func readAll() throws(SystemError) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = unsafe chunk.withUnsafeMutableBytes {
                unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw SystemError.last("read", target: path) }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
        }
    }

    /// Up to `count` bytes from `offset` on; fewer only at the end of the file (pread(2)).
    package func read(count: Int, at offset: UInt64) throws(SystemError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let got = unsafe bytes.withUnsafeMutableBytes {
                unsafe pread(
                    descriptor, $0.baseAddress! + done, count - done, off_t(offset) + off_t(done))
            }
            if got < 0 && errno == EINTR { continue }
            guard got >= 0 else { throw SystemError.last("pread", target: path) }
            if got == 0 { break }
            done += got
        }
        bytes.removeLast(count - done)
        return bytes
    }

    /// Where the first byte is that is not zero; nil if there is none.
    ///
    /// Holes of a file are stepped over (lseek(2), SEEK_DATA). Those of a block device are not known:
    /// all of it is read. `progress` gets how much is done of how much, in bytes, twenty times at most
    /// and not more often than each GiB. A signal that is counted meanwhile (``Interrupts``) ends it,
    /// with EINTR.
    package func firstNonzero(
        progress: (_ done: UInt64, _ size: UInt64) -> Void = { _, _ in }
    ) throws(SystemError) -> UInt64? {
        let size = try size()
        let step = max(1 << 30, size / 20)
        var chunk = [UInt8](repeating: 0, count: 4 << 20)
        var (at, next) = (UInt64(0), step)
        while at < size, let data = try dataOffset(from: at) {
            if Interrupts.seen > 0 { throw SystemError("pread", code: EINTR, target: path) }
            at = data
            let count = unsafe chunk.withUnsafeMutableBytes {
                unsafe pread(descriptor, $0.baseAddress, $0.count, off_t(at))
            }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw SystemError.last("pread", target: path) }
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
        default: throw SystemError.last("lseek SEEK_DATA", target: path)
        }
    }

    /// All of `bytes` at the file's position (write(2)).
    package func write(_ bytes: [UInt8]) throws(SystemError) {
        var done = 0
        while done < bytes.count {
            let put = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress! + done, $0.count - done)
            }
            if put < 0 && errno == EINTR { continue }
            guard put >= 0 else { throw SystemError.last("write", target: path) }
            done += put
        }
    }

    /// Waits until what was written is on the disk (fsync(2)).
    package func sync() throws(SystemError) {
        guard fsync(descriptor) == 0 else { throw SystemError.last("fsync", target: path) }
    }

    /// The file's size in bytes: lseek(2) to its end, which for a block device is its capacity.
    package func size() throws(SystemError) -> UInt64 {
        let end = lseek(descriptor, 0, SEEK_END)
        guard end >= 0 else { throw SystemError.last("lseek", target: path) }
        return UInt64(end)
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
