import CSystem
import Glibc

/// An open file, closed when it goes out of scope.
package struct File: ~Copyable {
    /// The kernel's number for it.
    package let descriptor: Int32
    /// The path it was opened by, for messages.
    package let path: String

    /// How to open.
    package struct Flags: OptionSet, Sendable {
        package let rawValue: Int32
        package init(rawValue: Int32) { self.rawValue = rawValue }
        package static let create = Flags(rawValue: O_CREAT)
        package static let exclusive = Flags(rawValue: O_EXCL)
        package static let truncate = Flags(rawValue: O_TRUNC)
        package static let direct = Flags(rawValue: O_DIRECT)
        /// O_SYNC: a write returns when it is on the medium.
        package static let synchronous = Flags(rawValue: O_SYNC)
    }

    /// Opens `path` for reading and writing; `readOnly` for reading. Throws open(2)'s errno.
    package init(_ path: String, _ flags: Flags = [], readOnly: Bool = false) throws(SystemError) {
        let all = flags.rawValue | O_CLOEXEC | (readOnly ? O_RDONLY : O_RDWR)
        descriptor = unsafe open(path, all, 0o600)
        self.path = path
        if descriptor < 0 { throw .last("open", target: path) }
    }

    /// A new file without a name in a directory, gone when it is closed (open(2), O_TMPFILE).
    package init(unnamedIn directory: String) throws(SystemError) {
        // O_TMPFILE is a macro that Swift does not import.
        let flags: Int32 = 0o20_000_000 | O_DIRECTORY | O_RDWR | O_CLOEXEC
        descriptor = unsafe open(directory, flags, 0o600)
        path = directory
        if descriptor < 0 { throw .last("open O_TMPFILE", target: directory) }
    }

    deinit { close(descriptor) }

    /// Sets the file's size in bytes (ftruncate(2)).
    package func truncate(to size: UInt64) throws(SystemError) {
        if ftruncate(descriptor, Int(size)) != 0 { throw .last("ftruncate", target: path) }
    }

    /// Allocates, punches or moves space (fallocate(2)).
    package func allocate(_ mode: SpaceMode, offset: UInt64, length: UInt64) throws(SystemError) {
        if fallocate(descriptor, mode.rawValue, Int(offset), Int(length)) != 0 {
            throw .last(mode.name, target: path)
        }
    }

    /// Sets the times of access and of modification, in seconds since 1970 (futimens(3)).
    package func setTimes(seconds: Int64) throws(SystemError) {
        let times = Array(repeating: timespec(tv_sec: Int(seconds), tv_nsec: 0), count: 2)
        if unsafe futimens(descriptor, times) != 0 { throw .last("futimens", target: path) }
    }

    /// Writes the file's data and metadata back (fsync(2)).
    package func sync() throws(SystemError) {
        if fsync(descriptor) != 0 { throw .last("fsync", target: path) }
    }

    /// Bytes of a block device (lseek(2) to its end).
    package func deviceSize() throws(SystemError) -> UInt64 {
        let end = lseek(descriptor, 0, SEEK_END)
        if end < 0 { throw .last("lseek", target: path) }
        return UInt64(end)
    }

    /// The size in bytes, and whether the kernel says that the file is on DAX (statx(2)).
    package func status() throws(SystemError) -> FileStatus {
        var raw = Glibc.statx()
        let flags = AT_EMPTY_PATH | AT_STATX_SYNC_AS_STAT
        if unsafe statx(descriptor, "", flags, UInt32(STATX_BASIC_STATS), &raw) != 0 {
            throw .last("statx", target: path)
        }
        let dax = UInt64(STATX_ATTR_DAX)
        return FileStatus(
            size: raw.stx_size, blocks: raw.stx_blocks, modified: raw.stx_mtime.tv_sec,
            inode: raw.stx_ino,
            device: DeviceNumber(major: raw.stx_dev_major, minor: raw.stx_dev_minor),
            isDAX: raw.stx_attributes & dax != 0 && raw.stx_attributes_mask & dax != 0)
    }
}

/// What statx(2) says of a file.
package struct FileStatus: Hashable, Sendable {
    /// Bytes.
    package var size: UInt64
    /// Allocated space in units of 512 bytes.
    package var blocks: UInt64
    /// When its content was changed last, in seconds since 1970.
    package var modified: Int64
    package var inode: UInt64
    /// The device that its filesystem lies on.
    package var device: DeviceNumber
    /// STATX_ATTR_DAX: reads, writes and mappings go to the memory itself, now.
    package var isDAX: Bool
}

/// A mode of fallocate(2).
package struct SpaceMode: RawRepresentable, Hashable, Sendable {
    package let rawValue: Int32
    package init(rawValue: Int32) { self.rawValue = rawValue }

    /// Mode 0: space for the range; the file grows to hold it.
    package static let allocate = SpaceMode(rawValue: 0)
    /// KEEP_SIZE: space for the range, beyond the end of file too.
    package static let allocateKeepSize = SpaceMode(rawValue: FALLOC_FL_KEEP_SIZE)
    /// PUNCH_HOLE (with KEEP_SIZE, which it needs).
    package static let punch = SpaceMode(rawValue: FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE)
    /// ZERO_RANGE; the file grows to hold the range.
    package static let zero = SpaceMode(rawValue: FALLOC_FL_ZERO_RANGE)
    /// ZERO_RANGE with KEEP_SIZE.
    package static let zeroKeepSize = SpaceMode(
        rawValue: FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE)
    /// COLLAPSE_RANGE: takes the range out of the file.
    package static let collapse = SpaceMode(rawValue: FALLOC_FL_COLLAPSE_RANGE)
    /// INSERT_RANGE: puts a hole into the file.
    package static let insert = SpaceMode(rawValue: FALLOC_FL_INSERT_RANGE)
    /// UNSHARE_RANGE: gives the range blocks of its own.
    package static let unshare = SpaceMode(rawValue: FALLOC_FL_UNSHARE_RANGE)

    /// As it reads in a message: "fallocate PUNCH_HOLE".
    package var name: String {
        switch self {
        case .allocate: "fallocate"
        case .allocateKeepSize: "fallocate KEEP_SIZE"
        case .punch: "fallocate PUNCH_HOLE"
        case .zero: "fallocate ZERO_RANGE"
        case .zeroKeepSize: "fallocate ZERO_RANGE|KEEP_SIZE"
        case .collapse: "fallocate COLLAPSE_RANGE"
        case .insert: "fallocate INSERT_RANGE"
        case .unshare: "fallocate UNSHARE_RANGE"
        default: "fallocate mode \(rawValue)"
        }
    }
}
