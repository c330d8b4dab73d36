internal import Glibc

/// The file tree by path: what is there, and the few changes the machine makes to it.
public enum HostTree {
    /// What stands at a path; a symbolic link has been followed.
    public enum Kind: Equatable, Sendable {
        /// A regular file, its size in bytes, and whether anyone may execute it.
        case file(size: Int, executable: Bool)
        case directory
        /// A device, socket or pipe.
        case other
    }

    /// What stands at `path`; nil if nothing, or nothing that may be looked at (stat).
    public static func kind(of path: String) -> Kind? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        switch status.st_mode & S_IFMT {
        case S_IFREG:
            return .file(size: Int(status.st_size), executable: status.st_mode & 0o111 != 0)
        case S_IFDIR: return .directory
        default: return .other
        }
    }

    /// The names in a directory, sorted by their bytes, without "." and ".." (readdir).
    public static func entries(of directory: String) throws(HostError) -> [String] {
        guard let stream = unsafe opendir(directory) else {
            throw HostError("opendir", directory, errno: errno)
        }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// All regular files below a directory, as paths relative to it, sorted; links not followed.
    public static func files(below directory: String) throws(HostError) -> [String] {
        var found: [String] = []
        var pending = [""]
        while let prefix = pending.popLast() {
            for name in try entries(of: directory + "/" + prefix) {
                var status = stat()
                let path = prefix + name
                guard unsafe lstat(directory + "/" + path, &status) == 0 else { continue }
                switch status.st_mode & S_IFMT {
                case S_IFREG: found.append(path)
                case S_IFDIR: pending.append(path + "/")
                default: continue
                }
            }
        }
        return found.sorted()
    }

    /// The bytes of a regular file. A file in /proc or /sys, whose size reads as zero, wants
    /// `text(of:)`.
    public static func bytes(of path: String) throws(HostError) -> [UInt8] {
        try HostFile.reading(path).readAll()
    }

    /// The text of a file wherever it is, up to a limit in bytes.
    public static func text(
        of path: String, limit: Int = 1 << 16
    ) throws(HostError) -> String {
        String(decoding: try HostFile.reading(path).read(limit: limit), as: UTF8.self)
    }

    /// Writes a text to a file that exists, such as one in /proc or /sys.
    public static func write(_ text: String, to path: String) throws(HostError) {
        try HostFile.writing(path).write(Array(text.utf8).span)
    }

    /// Puts a file in place as a whole or not at all (a file of another name, fsync, rename).
    public static func replace(_ path: String, with bytes: [UInt8]) throws(HostError) {
        let draft = "\(path).\(getpid()).new"
        let file = try HostFile.creating(draft, replacing: true)
        do throws(HostError) {
            try file.write(bytes.span)
            try checkedErrno(fsync(file.descriptor), "fsync", draft)
            try rename(draft, to: path)
        } catch {
            unsafe unlink(draft)
            throw error
        }
    }

    /// The path with all symbolic links followed (realpath).
    public static func resolve(_ path: String) throws(HostError) -> String {
        guard let resolved = unsafe realpath(path, nil) else {
            throw HostError("realpath", path, errno: errno)
        }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }

    /// Gives a file another name, in place of any that had it (rename).
    public static func rename(_ path: String, to other: String) throws(HostError) {
        try checkedErrno(unsafe Glibc.rename(path, other), "rename", path)
    }

    /// Makes a directory and those above it; one that is there already is fine (mkdir).
    public static func makeDirectory(_ path: String) throws(HostError) {
        if kind(of: path) == .directory { return }
        if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            try makeDirectory(String(path[..<slash]))
        }
        if unsafe mkdir(path, 0o755) < 0 && errno != EEXIST {
            throw HostError("mkdir", path, errno: errno)
        }
    }

    /// Mounts `source` on the existing or new directory `target` (mount).
    public static func mount(
        _ source: String, on target: String, type: String, options: String = ""
    ) throws(HostError) {
        try makeDirectory(target)
        let result = unsafe options.withCString { unsafe Glibc.mount(source, target, type, 0, $0) }
        try checkedErrno(result, "mount", target)
    }

    /// The value of an environment variable; nil where it is unset or empty (getenv).
    public static func environment(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        let text = unsafe String(cString: value)
        return text.isEmpty ? nil : text
    }
}
