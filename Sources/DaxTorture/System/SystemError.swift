import Glibc

/// An errno with the name of the operation that returned it.
///
/// The name is the call as a kernel developer would write it ("fallocate PUNCH_HOLE",
/// "io_uring ftruncate"), and the target, where there is one, is a path.
package struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The C library's errno value; above zero.
    package var code: Int32
    package var operation: String
    package var target: String?

    package init(_ operation: String, code: Int32, target: String? = nil) {
        self.code = code
        self.operation = operation
        self.target = target
    }

    /// The calling thread's errno, read at once.
    package static func last(_ operation: String, target: String? = nil) -> SystemError {
        SystemError(operation, code: errno, target: target)
    }

    /// "ENOSPC" for 28; "errno 999" for a number without a name.
    package var name: String { SystemError.name(of: code) }

    package static func name(of code: Int32) -> String {
        guard let text = unsafe strerrorname_np(code) else { return "errno \(code)" }
        return unsafe String(cString: text)
    }

    /// 28 for "ENOSPC"; nil where no errno is called so.
    package static func code(named name: String) -> Int32? {
        (1...mostErrnos).first { unsafe strerrorname_np($0) != nil && self.name(of: $0) == name }
    }

    /// The kernel's errnos for callers are below its MAX_ERRNO, and have been far below it.
    private static let mostErrnos: Int32 = 200

    /// "SIGBUS" for 7; "signal 99" for a number without a name.
    package static func signalName(of signal: Int32) -> String {
        guard let text = unsafe sigabbrev_np(signal) else { return "signal \(signal)" }
        return unsafe "SIG" + String(cString: text)
    }

    /// Whether a precondition that does not hold, or abort(3), ends a process by this signal.
    package static func isTrap(_ signal: Int32) -> Bool {
        [SIGILL, SIGTRAP, SIGABRT].contains(signal)
    }

    /// Whether it is SIGKILL.
    package static func isKill(_ signal: Int32) -> Bool { signal == SIGKILL }

    /// The C library's words for the errno: "No such file or directory".
    package var reason: String { unsafe String(cString: strerror(code)) }

    /// One line: "open /dev/pmem0: No such file or directory (ENOENT)".
    package var description: String {
        "\(operation)\(target.map { " \($0)" } ?? ""): \(reason) (\(name))"
    }

    /// ENODEV: what was looked for is not there.
    package static var noSuchDevice: Int32 { ENODEV }

    /// EFBIG: it is longer than it may be.
    package static var tooLarge: Int32 { EFBIG }

    /// ETIMEDOUT: nothing came of it in time.
    package static var timedOut: Int32 { ETIMEDOUT }

    /// ENOMEM: the kernel has no memory for it, or this process may not have more.
    package static var outOfMemory: Int32 { ENOMEM }

    /// EINTR: somebody ended it before it was done.
    package static var killed: Int32 { EINTR }
}
