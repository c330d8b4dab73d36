import CSystem
import Glibc

/// Filesystems as a whole: mounted, unmounted, and how full they are.
package enum Filesystem {
    /// Mounts `source` on the existing or new directory `target` (mount(2)).
    package static func mount(
        _ source: String, on target: String, type: String, options: String = ""
    ) throws(SystemError) {
        try Files.makeDirectories(target)
        let result = unsafe options.withCString { unsafe Glibc.mount(source, target, type, 0, $0) }
        try checkedErrno(result, "mount", target)
    }

    /// Takes a filesystem away from `target` (umount2(2)); nothing in it may be open or mapped, unless
    /// it is unmounted `lazily` (MNT_DETACH): then its name is gone at once, and it when nobody uses it.
    ///
    /// A ring that was just closed still holds its files for a moment, since the kernel tears it
    /// down in the background: EBUSY is final only after ten seconds.
    package static func unmount(_ target: String, lazily: Bool = false) throws(SystemError) {
        let deadline = Clock.monotonicNanoseconds() + 10_000_000_000
        while unsafe umount2(target, lazily ? Int32(MNT_DETACH) : 0) != 0 {
            let error = SystemError.last("umount", target: target)
            guard error.code == EBUSY, Clock.monotonicNanoseconds() < deadline else { throw error }
            Clock.sleep(nanoseconds: 10_000_000)
        }
    }

    /// Gives a directory FS_XFLAG_DAX (FS_IOC_FSSETXATTR): on a filesystem that was mounted with
    /// `dax=inode`, what is made in it from now on is on DAX.
    package static func markDAX(_ directory: String) throws(SystemError) {
        let file = try File(directory, readOnly: true)
        try checkedErrno(
            csystem_flag_dax(file.descriptor, 1), "ioctl FS_IOC_FSSETXATTR", directory)
    }

    /// Bytes that a filesystem still has for everybody (statvfs(3), f_bavail).
    package static func freeBytes(_ path: String) throws(SystemError) -> UInt64 {
        var status = statvfs()
        if unsafe statvfs(path, &status) != 0 { throw .last("statvfs", target: path) }
        return UInt64(status.f_bavail) * UInt64(status.f_frsize)
    }

    /// The size of its blocks in bytes (statvfs(3), f_bsize).
    package static func blockSize(_ path: String) throws(SystemError) -> UInt64 {
        var status = statvfs()
        if unsafe statvfs(path, &status) != 0 { throw .last("statvfs", target: path) }
        return UInt64(status.f_bsize)
    }

    /// Changes the options of the filesystem that is mounted on `target` (mount(2), MS_REMOUNT).
    /// EINVAL where `target` is no mount point, EBUSY while the filesystem is frozen.
    package static func remount(_ target: String, _ flags: RemountFlags, options: String)
        throws(SystemError)
    {
        let result = unsafe options.withCString {
            unsafe Glibc.mount("none", target, nil, UInt(MS_REMOUNT) | flags.rawValue, $0)
        }
        try checkedErrno(result, "remount", target)
    }

    /// Has the kernel forget clean pages of its cache, unused dentries and inodes
    /// (/proc/sys/vm/drop_caches).
    package static func dropCaches(_ which: CacheDrop) throws(SystemError) {
        try Files.write(which.text, to: "/proc/sys/vm/drop_caches")
    }
}

/// Flags of mount(2) that may change while a filesystem is in use.
package struct RemountFlags: OptionSet, Sendable {
    package let rawValue: UInt
    package init(rawValue: UInt) { self.rawValue = rawValue }
    package static let noAccessTime = RemountFlags(rawValue: UInt(MS_NOATIME))
    package static let strictAccessTime = RemountFlags(rawValue: UInt(MS_STRICTATIME))
    package static let lazyTime = RemountFlags(rawValue: UInt(MS_LAZYTIME))
    package static let synchronous = RemountFlags(rawValue: UInt(MS_SYNCHRONOUS))
}

/// What the kernel is to forget.
package enum CacheDrop: UInt8, CaseIterable, Sendable {
    case pages = 1
    case objects = 2
    case both = 3
    /// Nothing; but from then on it says nothing of it in its log.
    case silence = 4

    var text: [UInt8] { Array("\(rawValue)".utf8) }
}

/// Calls on the filesystem that a file lies on, and on the file's attributes.
extension File {
    /// Writes everything of the file's filesystem back (syncfs(2)).
    package func syncFilesystem() throws(SystemError) {
        try checkedErrno(syncfs(descriptor), "syncfs", path)
    }

    /// Writes `length` bytes from `offset` on back, and waits for it (sync_file_range(2)).
    package func syncRange(offset: UInt64, length: UInt64) throws(SystemError) {
        let flags =
            SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER
        try checkedErrno(
            sync_file_range(descriptor, Int(offset), Int(length), UInt32(flags)),
            "sync_file_range", path)
    }

    /// Lets nobody write to the file's filesystem from now on, and makes it consistent on the
    /// medium (FIFREEZE): EBUSY if it is frozen already, EPERM without CAP_SYS_ADMIN.
    package func freeze() throws(SystemError) {
        try checkedErrno(csystem_freeze(descriptor), "FIFREEZE", path)
    }

    /// Lets everybody go on (FITHAW): EINVAL if the filesystem is not frozen.
    package func thaw() throws(SystemError) {
        try checkedErrno(csystem_thaw(descriptor), "FITHAW", path)
    }

    /// Sets or clears the file's own DAX attribute (FS_IOC_FSSETXATTR, FS_XFLAG_DAX), which means
    /// nothing where the filesystem is mounted with dax=always.
    package func flag(dax isOn: Bool) throws(SystemError) {
        try checkedErrno(csystem_flag_dax(descriptor, isOn ? 1 : 0), "FS_IOC_FSSETXATTR", path)
    }
}
