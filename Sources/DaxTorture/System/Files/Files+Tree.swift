internal import Glibc

/// What is done to more than one file or directory at a time.
extension Files {
    /// All regular files below a directory, as paths relative to it, sorted; links not followed.
    package static func all(below directory: String) throws(SystemError) -> [String] {
        var found: [String] = []
        var pending = [""]
        while let prefix = pending.popLast() {
            for name in try names(in: directory + "/" + prefix) {
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

    /// Makes a directory and those above it; one that is there already is fine (mkdir(2)).
    package static func makeDirectories(_ path: String) throws(SystemError) {
        if kind(path) == .directory { return }
        if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            try makeDirectories(String(path[..<slash]))
        }
        if unsafe mkdir(path, 0o755) < 0 && errno != EEXIST {
            throw .last("mkdir", target: path)
        }
    }

    /// Gives a file another name, in place of any that had it (rename(2)).
    package static func rename(_ path: String, to other: String) throws(SystemError) {
        try checkedErrno(unsafe Glibc.rename(path, other), "rename", path)
    }

    /// Whether `path` is a regular file that this process may execute (access(2), X_OK).
    package static func isExecutable(_ path: String) -> Bool {
        guard kind(path) == .regular else { return false }
        return unsafe access(path, X_OK) == 0
    }

    /// Whether this process may make and remove names in a directory (access(2), W_OK).
    package static func isWritable(_ path: String) -> Bool { unsafe access(path, W_OK) == 0 }

    /// The value of an environment variable; nil where it is unset or empty (getenv(3)).
    package static func environment(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        let text = unsafe String(cString: value)
        return text.isEmpty ? nil : text
    }

    /// The home directory that the user database names for this process's real user (getpwuid(3)); nil
    /// where it names none.
    package static var homeDirectory: String? {
        guard let entry = unsafe getpwuid(getuid()), let name = unsafe entry.pointee.pw_dir else {
            return nil
        }
        let text = unsafe String(cString: name)
        return text.isEmpty ? nil : text
    }
}

/// What is taken away or pointed elsewhere as a whole.
extension Files {
    /// Removes a directory with all that is in it; links are removed and not followed. One that is not
    /// there is fine.
    package static func removeTree(_ path: String) throws(SystemError) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else {
            if errno == ENOENT { return }
            throw .last("lstat", target: path)
        }
        guard status.st_mode & S_IFMT == S_IFDIR else { return try remove(path) }
        for name in try names(in: path) { try removeTree("\(path)/\(name)") }
        try removeDirectory(path)
    }

    /// Makes `path` a link to `target`, in place of any link or file of that name, in one step (symlink(2),
    /// rename(2)).
    package static func pointLink(_ path: String, at target: String) throws(SystemError) {
        let new = "\(path).new"
        if unsafe unlink(new) < 0 && errno != ENOENT { throw .last("unlink", target: new) }
        try checkedErrno(unsafe symlink(target, new), "symlink", new)
        try rename(new, to: path)
    }
}
