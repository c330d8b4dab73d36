internal import Glibc

/// A system call that failed on something with a name.
public struct HostError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The call, as its manual page is called: "open", "mmap".
    public var call: String
    /// What it was called on: a path, or a word for what has none.
    public var subject: String
    /// The errno, above zero.
    public var errno: Int32

    public init(_ call: String, _ subject: String, errno: Int32) {
        self.call = call
        self.subject = subject
        self.errno = errno
    }

    /// One line: "open /dev/pmem0: No such file or directory".
    public var description: String { "\(call) \(subject): \(HostError.text(of: errno))" }

    /// The C library's words for an errno.
    public static func text(of errno: Int32) -> String {
        unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "error \(errno)"
    }
}

/// Throws for the `-errno` that the C shims return; gives back everything else.
@discardableResult
func checked(_ result: Int32, _ call: String, _ subject: String) throws(HostError) -> Int32 {
    if result < 0 { throw HostError(call, subject, errno: -result) }
    return result
}

/// Throws for a C library call that returned -1; gives back everything else.
@discardableResult
func checkedErrno<Result: SignedInteger>(
    _ result: Result, _ call: String, _ subject: String
) throws(HostError) -> Result {
    if result < 0 { throw HostError(call, subject, errno: Glibc.errno) }
    return result
}

extension HostError {
    /// ENODEV: what was looked for is not there.
    public static var noSuchDevice: Int32 { ENODEV }
}
