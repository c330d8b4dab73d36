internal import CSystem
internal import Glibc

/// A file of the host that this value owns, closed when the value goes: a config, a report, an entry of
/// procfs or sysfs, a device that is looked at, a memory file.
///
/// Nothing here is on an actor's path; what actors do to files under test is in ``File``.
package struct HostFile: ~Copyable, Sendable {
    /// The descriptor; above 2.
    package let descriptor: Int32
    /// The path it was opened by, or the name of a memory file: for messages.
    package let name: String

    /// Takes the descriptor over.
    package init(descriptor: Int32, name: String) {
        self.descriptor = descriptor
        self.name = name
    }

    deinit { close(descriptor) }

    /// open(2) with `O_CLOEXEC` added; a file that `flags` creates gets `mode` before umask.
    package init(_ path: String, _ flags: Int32, mode: UInt32 = 0o644) throws(SystemError) {
        self.init(
            descriptor: try checked(unsafe csystem_open(path, flags, mode), "open", path),
            name: path)
    }

    /// Opens an existing file to read (open, O_RDONLY).
    package static func reading(_ path: String) throws(SystemError) -> HostFile {
        try HostFile(path, O_RDONLY)
    }

    /// Opens an existing file to write, such as one in /proc or /sys (open, O_WRONLY).
    package static func writing(_ path: String) throws(SystemError) -> HostFile {
        try HostFile(path, O_WRONLY)
    }

    /// Opens an existing file to read and write, such as one that is going to be mapped.
    package static func updating(_ path: String) throws(SystemError) -> HostFile {
        try HostFile(path, O_RDWR)
    }

    /// Makes a file that must not exist yet, or empties it if `replacing` (open, O_CREAT).
    package static func creating(
        _ path: String, replacing: Bool = false, mode: UInt32 = 0o644
    ) throws(SystemError) -> HostFile {
        try HostFile(path, O_RDWR | O_CREAT | (replacing ? O_TRUNC : O_EXCL), mode: mode)
    }

    /// A file in memory that has no path and ends with its last descriptor (memfd_create).
    package static func memory(_ name: String, size: Int = 0) throws(SystemError) -> HostFile {
        let file = HostFile(
            descriptor: try checked(unsafe csystem_memory_file(name), "memfd_create", name),
            name: name)
        if size > 0 { try file.resize(to: size) }
        return file
    }

    /// The path by which a child that inherited this descriptor opens the same file anew.
    package var inheritedPath: String { "/proc/self/fd/\(descriptor)" }

    /// The size in bytes (fstat(2)); of a block device its capacity (lseek(2) to its end).
    package func size() throws(SystemError) -> Int {
        var status = stat()
        try checkedErrno(unsafe fstat(descriptor, &status), "fstat", name)
        guard status.st_mode & S_IFMT == S_IFBLK else { return Int(status.st_size) }
        return Int(try checkedErrno(lseek(descriptor, 0, SEEK_END), "lseek", name))
    }

    /// Makes the file this many bytes long (ftruncate).
    package func resize(to size: Int) throws(SystemError) {
        try checkedErrno(ftruncate(descriptor, size), "ftruncate", name)
    }

    /// Writes all of `bytes` at the file's position (write(2), repeated after short counts).
    package func write(_ bytes: borrowing Span<UInt8>) throws(SystemError) {
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.extracting(droppingFirst: done).withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0 && errno == EINTR { continue }
            done += try checkedErrno(count, "write", name)
        }
    }

    /// Writes all of `bytes`, an array, at the file's position (write(2), repeated after short
    /// counts).
    package func write(_ bytes: [UInt8]) throws(SystemError) { try write(bytes.span) }

    /// Waits until what was written is on the medium (fsync).
    package func sync() throws(SystemError) {
        try checkedErrno(fsync(descriptor), "fsync", name)
    }

    /// Reads up to `limit` bytes from `offset` on: fewer only at the end of the file (pread).
    package func read(at offset: Int = 0, limit: Int) throws(SystemError) -> [UInt8] {
        var failure: SystemError?
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, filled in
            while filled < limit {
                let rest = unsafe UnsafeMutableRawBufferPointer(buffer)[filled...]
                let count = unsafe pread(
                    descriptor, UnsafeMutableRawBufferPointer(rebasing: rest).baseAddress,
                    limit - filled, offset + filled)
                if count < 0 && errno == EINTR { continue }
                if count < 0 { failure = SystemError("read", code: errno, target: name) }
                if count <= 0 { break }
                filled += count
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Reads the last `most` bytes, or all of fewer.
    package func tail(_ most: Int) throws(SystemError) -> [UInt8] {
        try read(at: max(0, size() - most), limit: most)
    }

    /// All bytes, from the first on (pread(2)); of what has no positions, such as a pipe, those that are
    /// still to come (read(2)).
    ///
    /// It reads up to the end rather than up to `st_size`, which procfs and sysfs give as 0 or 4096.
    package func readAll() throws(SystemError) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        var hasPositions = true
        while true {
            let count = unsafe chunk.withUnsafeMutableBytes {
                hasPositions
                    ? unsafe pread(descriptor, $0.baseAddress, $0.count, bytes.count)
                    : unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0 && errno == EINTR { continue }
            if count < 0 && errno == ESPIPE && hasPositions {
                hasPositions = false
                continue
            }
            if try checkedErrno(count, "read", name) == 0 { return bytes }
            bytes += chunk[..<count]
        }
    }
}
