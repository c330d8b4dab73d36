internal import Glibc

/// Small files and directories, read and written whole.
///
/// Configs, reports, sysfs attributes and procfs tables are all of this kind. Nothing here is on
/// an actor's path.
package enum Files {
    /// All bytes of the file at `path` (open(2), read(2)).
    ///
    /// It reads up to the end rather than up to `st_size`, which procfs and sysfs give as 0 or 4096.
    package static func read(_ path: String) throws(SystemError) -> [UInt8] {
        let file = try HostFile(path, O_RDONLY)
        return try file.readAll()
    }

    /// The file's text, with every invalid UTF-8 sequence replaced.
    package static func text(_ path: String) throws(SystemError) -> String {
        String(decoding: try read(path), as: UTF8.self)
    }

    /// Creates or empties the file at `path` and writes `bytes` into it (mode 0644 before umask).
    package static func write(_ bytes: [UInt8], to path: String) throws(SystemError) {
        let file = try HostFile(path, O_WRONLY | O_CREAT | O_TRUNC)
        try file.write(bytes)
    }

    /// The path of the directory that a path's last name is in, as dirname(1) would say.
    package static func parent(of path: String) -> String {
        var path = path[...]
        while path.hasSuffix("/") { path.removeLast() }
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The names in a directory, sorted, without `.` and `..` (readdir(3)).
    package static func names(in path: String) throws(SystemError) -> [String] {
        guard let directory = unsafe opendir(path) else {
            throw SystemError.last("opendir", target: path)
        }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = unsafe readdir(directory) else { break }
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
                unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        guard errno == 0 else { throw SystemError.last("readdir", target: path) }
        return names.sorted()
    }

    /// What a path names, symbolic links followed; nil when there is nothing (stat(2)).
    package static func kind(_ path: String) -> FileKind? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .regular
        case S_IFDIR: return .directory
        case S_IFBLK: return .block(DeviceNumber(status.st_rdev))
        case S_IFCHR: return .character(DeviceNumber(status.st_rdev))
        default: return .other
        }
    }

    /// Whether `path` names anything, symbolic links followed.
    package static func exists(_ path: String) -> Bool { kind(path) != nil }

    /// The absolute path with every link, `.` and `..` resolved (realpath(3)).
    package static func canonical(_ path: String) throws(SystemError) -> String {
        guard let resolved = unsafe realpath(path, nil) else {
            throw SystemError.last("realpath", target: path)
        }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }

    /// Makes a directory the one that this process, and what it starts, works in (chdir(2)).
    package static func enter(_ path: String) throws(SystemError) {
        guard unsafe chdir(path) == 0 else { throw SystemError.last("chdir", target: path) }
    }

    /// Makes one directory, mode 0755 before umask; its parent must be there (mkdir(2)).
    package static func makeDirectory(_ path: String) throws(SystemError) {
        guard unsafe mkdir(path, 0o755) == 0 else { throw SystemError.last("mkdir", target: path) }
    }

    /// Removes one file (unlink(2)).
    package static func remove(_ path: String) throws(SystemError) {
        guard unsafe unlink(path) == 0 else { throw SystemError.last("unlink", target: path) }
    }

    /// Gives a file another name as `how` says (renameat2(2)): EEXIST, ENOENT.
    package static func rename(_ path: String, to new: String, _ how: RenameMode)
        throws(SystemError)
    {
        guard unsafe renameat2(AT_FDCWD, path, AT_FDCWD, new, how.rawValue) == 0 else {
            throw SystemError.last("renameat2", target: path)
        }
    }

    /// Gives a file one more name (link(2)).
    package static func link(_ path: String, as new: String) throws(SystemError) {
        guard unsafe Glibc.link(path, new) == 0 else {
            throw SystemError.last("link", target: path)
        }
    }

    /// Removes one empty directory (rmdir(2)).
    package static func removeDirectory(_ path: String) throws(SystemError) {
        guard unsafe rmdir(path) == 0 else { throw SystemError.last("rmdir", target: path) }
    }
}

/// What becomes of a file that has the new name already.
package enum RenameMode: UInt32, Sendable {
    /// A file that has the new name loses it.
    case replace = 0
    /// A file that has the new name keeps it, and the call fails.
    case keep = 1
    /// The file that has the new name gets the old one.
    case exchange = 2
}

/// What a path names.
package enum FileKind: Hashable, Sendable {
    case regular
    case directory
    case block(DeviceNumber)
    case character(DeviceNumber)
    case other
}

/// The kernel's name for a device: what sysfs and mountinfo write as `259:0`.
package struct DeviceNumber: Hashable, Sendable, CustomStringConvertible {
    package var major: UInt32
    package var minor: UInt32

    package init(major: UInt32, minor: UInt32) {
        self.major = major
        self.minor = minor
    }

    /// The device of `major:minor` in decimal; nil for anything else.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let major = UInt32(parts[0]), let minor = UInt32(parts[1]) else {
            return nil
        }
        self.init(major: major, minor: minor)
    }

    /// The device of a `dev_t`, as gnu_dev_major(3) and gnu_dev_minor(3) take it apart.
    init(_ device: dev_t) {
        let number = UInt64(device)
        self.init(
            major: UInt32((number >> 32 & 0xffff_f000) | (number >> 8 & 0xfff)),
            minor: UInt32((number >> 12 & 0xffff_ff00) | (number & 0xff)))
    }

    package var description: String { "\(major):\(minor)" }
}
