internal import CSystem
package import DaxSystem
internal import Glibc

/// A directory that is held open, and whose files are reached from its descriptor by their names alone.
///
/// Whatever becomes of its path meanwhile, and whatever links somebody puts into it, what is written
/// goes into this directory and into no file that was there before. A `name` here has no slash.
package struct Directory: ~Copyable, Sendable {
    /// The path it was opened by: for messages.
    package let path: String
    private let descriptor: Int32

    /// Opens a directory; where `path` itself is a link it is followed only if asked (open(2)).
    package init(_ path: String, followingLink: Bool = true) throws(SystemError) {
        try self.init(
            path,
            checked(unsafe csystem_open(path, Directory.flags(followingLink), 0), "open", path))
    }

    /// Opens a directory within another, and makes it if nothing has that name (mkdirat(2), mode 0755
    /// before umask); a link is refused.
    package init(making name: String, in parent: borrowing Directory) throws(SystemError) {
        let path = parent.path(of: name)
        if unsafe mkdirat(parent.descriptor, name, 0o755) < 0 && errno != EEXIST {
            throw .last("mkdirat", target: path)
        }
        try self.init(
            path,
            checked(
                unsafe csystem_open_at(parent.descriptor, name, Directory.flags(false), 0),
                "openat", path))
    }

    private init(_ path: String, _ descriptor: Int32) {
        self.path = path
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    private static func flags(_ followingLink: Bool) -> Int32 {
        O_RDONLY | O_DIRECTORY | (followingLink ? 0 : O_NOFOLLOW)
    }

    /// The path of a file in it: for messages.
    package func path(of name: String) -> String { "\(path)/\(name)" }

    /// Takes the directory's exclusive lock, without waiting (flock(2)); it goes with the descriptor,
    /// however the process ends. False: another open file description holds it.
    package func lock() throws(SystemError) -> Bool {
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
        guard errno == EWOULDBLOCK else { throw SystemError.last("flock", target: path) }
        return false
    }

    /// Whether anything has that name, a link that leads nowhere included (fstatat(2)).
    package func contains(_ name: String) -> Bool {
        var status = stat()
        return unsafe fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0
    }

    /// Whether its path still leads to it: nobody has moved it or put another in its place.
    package var isAtItsPath: Bool {
        var (held, named) = (stat(), stat())
        return unsafe fstat(descriptor, &held) == 0 && stat(path, &named) == 0
            && held.st_dev == named.st_dev && held.st_ino == named.st_ino
    }

    /// Makes a file, to be read and written, mode 0644 before umask: EEXIST if anything has that name,
    /// a link included (openat(2), O_EXCL).
    package func create(_ name: String) throws(SystemError) -> HostFile {
        let flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW
        let path = path(of: name)
        return HostFile(
            descriptor: try checked(
                unsafe csystem_open_at(descriptor, name, flags, 0o644), "openat", path),
            name: path)
    }

    /// Gives a file these bytes in one step: a reader sees the old ones or the new ones, and after a
    /// failure the old ones are there and nothing else is left (renameat(2) over it; the new bytes are
    /// on the disk first).
    package func replace(_ name: String, with bytes: [UInt8]) throws(SystemError) {
        var new = "\(name).new"
        // What has that name is somebody else's.
        for number in 2...100 where contains(new) { new = "\(name).new\(number)" }
        let file = try create(new)
        do throws(SystemError) {
            try file.write(bytes.span)
            try file.sync()
            try rename(new, to: name)
        } catch {
            try? remove(new)
            throw error
        }
        try checkedErrno(fsync(descriptor), "fsync", path)
    }

    /// Gives a file another name, in place of any that had it (renameat(2)).
    package func rename(_ name: String, to other: String) throws(SystemError) {
        try checkedErrno(
            unsafe renameat(descriptor, name, descriptor, other), "renameat", path(of: name))
    }

    /// Removes one file (unlinkat(2)).
    package func remove(_ name: String) throws(SystemError) {
        try checkedErrno(unsafe unlinkat(descriptor, name, 0), "unlinkat", path(of: name))
    }
}
