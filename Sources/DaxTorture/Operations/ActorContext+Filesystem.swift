import DaxModel
package import DaxSystem
import Glibc

/// What concerns the filesystem as a whole, or the inodes of files under test and not their bytes.
extension ActorContext {
    /// Writes the whole filesystem back (syncfs(2)).
    package func syncFilesystem() {
        call(.syncfs, .syscall, nil, offset: 0, length: 0) { () throws(SystemError) in
            try files[0].file.syncFilesystem()
        }
    }

    /// Writes the pages of `words` back (sync_file_range(2)).
    package func syncRange(_ file: FileUnderTest, words: Range<UInt64>) {
        let (offset, length) = (words.lowerBound * 8, UInt64(words.count) * 8)
        call(.syncRange, .syscall, file, offset: offset, length: length) {
            () throws(SystemError) in try file.file.syncRange(offset: offset, length: length)
        }
    }

    /// Freezes the filesystem; whether it is frozen now, and to be thawed.
    package func freeze() -> Bool {
        privileged(.freeze, nil) { () throws(SystemError) in try files[0].file.freeze() }
    }

    /// Thaws what `freeze` has frozen.
    package func thaw() {
        let code = call(.thaw, .syscall, nil, offset: 0, length: 0) { () throws(SystemError) in
            try files[0].file.thaw()
        }
        // Somebody else may have been quicker.
        expect(code, "FITHAW", or: [EINVAL])
    }

    /// Changes mount options that mean nothing to data; DAX must stay.
    package func remount(_ flags: RemountFlags) {
        privileged(.remount, nil) { () throws(SystemError) in
            try Filesystem.remount(directory, flags, options: "dax=always")
        }
        for file in files { requireDAX(file.file, "file\(file.number)") }
    }

    /// Has the kernel forget what it caches.
    package func drop(_ which: CacheDrop) {
        privileged(.dropCaches, nil) { () throws(SystemError) in try Filesystem.dropCaches(which) }
    }

    /// Sets or clears the file's own DAX attribute: under dax=always it must not mean anything.
    package func flag(_ file: FileUnderTest, dax isOn: Bool) {
        privileged(.flag, file) { () throws(SystemError) in try file.file.flag(dax: isOn) }
        requireDAX(file.file, "file\(file.number)")
    }

    /// Opens the file anew and closes the descriptor that was; a file that was on DAX must be so still.
    package func reopen(_ file: FileUnderTest) {
        call(.reopen, .syscall, file, offset: 0, length: 0) { () throws(SystemError) in
            try file.reopen()
        }
        guard file.isOnDAX else { return }
        requireDAX(file.file, "file\(file.number)", "it was when it was opened first")
    }

    /// Takes all the space there is.
    package func fill(_ ballast: Ballast) {
        let code = call(.fill, .syscall, nil, offset: 0, length: 0) { () throws(SystemError) in
            try ballast.fill()
        }
        expect(code, "fallocate", or: [ENOSPC])
    }

    /// Gives it back.
    package func drain(_ ballast: Ballast) {
        let code = call(.drain, .syscall, nil, offset: 0, length: 0) { () throws(SystemError) in
            try ballast.drain()
        }
        expect(code, "unlink")
    }

    /// Whether the system has refused such an operation: it will do so again.
    package func isRefused(_ kind: OperationKind) -> Bool { refused.contains(kind) }

    /// An operation that this process may have no right to; whether it was done.
    @discardableResult
    package func privileged(
        _ kind: OperationKind, _ file: FileUnderTest?, _ body: () throws(SystemError) -> Void
    ) -> Bool {
        guard !isRefused(kind) else { return false }
        let code = call(kind, .syscall, file, offset: 0, length: 0, body)
        switch code {
        case 0: return true
        case EPERM, EACCES, EINVAL, EROFS, ENOTTY, EOPNOTSUPP:
            refused.insert(kind)
            notes.append("\(kind.name) is refused here: \(SystemError.name(of: code))")
            return false
        default:
            // EBUSY: the filesystem is frozen; or is not, and somebody is about to change it.
            return expect(code, kind.name, or: [EBUSY, ENOSPC])
        }
    }

    /// R10: a file is on DAX, for `reason`.
    package func requireDAX(
        _ file: borrowing File, _ name: String,
        _ reason: String = "its filesystem is mounted with dax=always"
    ) {
        do throws(SystemError) {
            guard try !file.status().isDAX, !lostDAX.contains(name) else { return }
        } catch {
            trouble = error
            return
        }
        lostDAX.insert(name)
        report(
            ActorFinding(
                rule: .kernel, file: name, offset: 0, expected: "STATX_ATTR_DAX", observed: "none",
                sentence: "\(name) is no longer on DAX, though \(reason)", stampOwner: nil))
    }
}
