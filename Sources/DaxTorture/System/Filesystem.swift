import CSystem
import Glibc

/// Filesystems as a whole: mounted, unmounted, and how full they are.
public enum Filesystem {
    /// Mounts `source` on the existing or new directory `target` (mount(2)).
    public static func mount(
        _ source: String, on target: String, type: String, options: String = ""
    ) throws(SystemError) {
        try Files.makeDirectories(target)
        let result = unsafe options.withCString { unsafe Glibc.mount(source, target, type, 0, $0) }
        try checkedErrno(result, "mount", target)
    }

    /// Takes a filesystem away from `target` (umount2(2)); nothing in it may be open or mapped.
    ///
    /// A ring that was just closed still holds its files for a moment, since the kernel tears it
    /// down in the background: EBUSY is final only after ten seconds.
    public static func unmount(_ target: String) throws(SystemError) {
        let deadline = Clock.monotonicNanoseconds() + 10_000_000_000
        while unsafe umount2(target, 0) != 0 {
            let error = SystemError.last("umount", target: target)
            guard error.code == EBUSY, Clock.monotonicNanoseconds() < deadline else { throw error }
            Clock.sleep(nanoseconds: 10_000_000)
        }
    }

    /// Gives a directory FS_XFLAG_DAX (FS_IOC_FSSETXATTR): on a filesystem that was mounted with
    /// `dax=inode`, what is made in it from now on is on DAX.
    public static func markDAX(_ directory: String) throws(SystemError) {
        let file = try File(directory, readOnly: true)
        try checkedErrno(
            csystem_mark_dax(file.descriptor), "ioctl FS_IOC_FSSETXATTR", directory)
    }

    /// Bytes that a filesystem still has for everybody (statvfs(3), f_bavail).
    public static func freeBytes(_ path: String) throws(SystemError) -> UInt64 {
        var status = statvfs()
        if unsafe statvfs(path, &status) != 0 { throw .last("statvfs", target: path) }
        return UInt64(status.f_bavail) * UInt64(status.f_frsize)
    }
}
