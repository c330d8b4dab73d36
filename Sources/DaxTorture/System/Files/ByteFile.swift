internal import Glibc

/// A descriptor of a small file or a directory, closed when the value ends.
public struct ByteFile: ~Copyable {
    /// The descriptor, for calls that are not made here; it is closed with this value.
    public let descriptor: Int32
    /// The path it was opened by.
    public let path: String

    /// open(2) with `O_CLOEXEC` added; a file that `flags` creates gets mode 0644 before umask.
    public init(_ path: String, _ flags: Int32) throws(SystemError) {
        let descriptor = unsafe open(path, flags | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw SystemError.last("open", target: path) }
        self.descriptor = descriptor
        self.path = path
    }

    /// A directory, to be locked or synced; nothing else can be done with it here.
    public init(directory path: String) throws(SystemError) {
        try self.init(path, O_RDONLY | O_DIRECTORY)
    }

    deinit { close(descriptor) }

    /// Every byte from the file's position on (read(2)).
    public func readAll() throws(SystemError) -> [UInt8] {
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
    public func read(count: Int, at offset: UInt64) throws(SystemError) -> [UInt8] {
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

    /// All of `bytes` at the file's position (write(2)).
    public func write(_ bytes: [UInt8]) throws(SystemError) {
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
    public func sync() throws(SystemError) {
        guard fsync(descriptor) == 0 else { throw SystemError.last("fsync", target: path) }
    }

    /// The file's size in bytes: lseek(2) to its end, which for a block device is its capacity.
    public func size() throws(SystemError) -> UInt64 {
        let end = lseek(descriptor, 0, SEEK_END)
        guard end >= 0 else { throw SystemError.last("lseek", target: path) }
        return UInt64(end)
    }

    /// Takes the whole file's exclusive lock, without waiting (flock(2)); it goes with the
    /// descriptor, however the process ends. False: another open file description holds it.
    public func lock() throws(SystemError) -> Bool {
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
        guard errno == EWOULDBLOCK else { throw SystemError.last("flock", target: path) }
        return false
    }
}
