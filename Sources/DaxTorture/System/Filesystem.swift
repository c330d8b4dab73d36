import Glibc

/// Takes a filesystem away from `target` (umount2(2)); nothing in it may be open or mapped.
///
/// A ring that was just closed still holds its files for a moment, since the kernel tears it down
/// in the background: EBUSY is final only after ten seconds.
public func unmount(_ target: String) throws(SystemError) {
    let deadline = Clock.monotonicNanoseconds() + 10_000_000_000
    while unsafe umount2(target, 0) != 0 {
        let error = SystemError.last("umount", target: target)
        guard error.code == EBUSY, Clock.monotonicNanoseconds() < deadline else { throw error }
        Clock.sleep(nanoseconds: 10_000_000)
    }
}

extension Files {
    /// Bytes that a filesystem still has for everybody (statvfs(3), f_bavail).
    public static func freeBytes(_ path: String) throws(SystemError) -> UInt64 {
        var status = statvfs()
        if unsafe statvfs(path, &status) != 0 { throw .last("statvfs", target: path) }
        return UInt64(status.f_bavail) * UInt64(status.f_frsize)
    }
}
