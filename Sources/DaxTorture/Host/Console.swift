internal import CSystem
package import DaxSystem
internal import DaxText
internal import Glibc
internal import Synchronization

/// The process's own standard output and error, written at once: nothing waits in a buffer when
/// the process dies, and lines of both come in the order in which they were written.
///
/// What comes from an argument, a file, a name or a guest may be in any text: control characters other
/// than line ends and tabs are shown, not obeyed (``Layout``).
package enum Console {
    /// A whole line on stdout.
    package static func line(_ text: String) { write(text + "\n", to: STDOUT_FILENO) }

    /// Text on stdout, whose lines end where it says.
    package static func text(_ text: String) { write(text, to: STDOUT_FILENO) }

    /// Text on stderr, whose lines end where it says.
    package static func error(_ text: String) { write(text, to: STDERR_FILENO) }

    /// Text on stderr with all that a terminal obeys: of it nothing may come from outside.
    package static func commands(_ text: String) { put(text, to: STDERR_FILENO) }

    /// Whether stderr, where progress goes, is a terminal (isatty(3)).
    package static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Whether who sits at the terminal says yes to a question, a whole text; false where stdin or stderr is
    /// none (isatty(3)), and nothing is said then.
    package static func asks(_ question: String) -> Bool {
        guard isTerminal, isatty(STDIN_FILENO) == 1 else { return false }
        error(question)
        return ["y", "yes"].contains(readLine()?.lowercased())
    }

    /// stderr as a file, for a child to write to (fcntl(2), F_DUPFD_CLOEXEC).
    package static func errorFile() throws(SystemError) -> HostFile {
        let descriptor = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)
        guard descriptor >= 0 else { throw SystemError("fcntl", code: errno, target: "stderr") }
        return HostFile(descriptor: descriptor, name: "stderr")
    }

    /// The columns of the terminal that stderr is, or 80 (TIOCGWINSZ).
    package static var width: Int {
        let columns = Int(csystem_columns(STDERR_FILENO))
        return columns > 0 ? columns : 80
    }

    /// Why stdout did not take all that it was given, and what it did not take; nil where it took all.
    /// Whoever ends the process must look, lest a verdict is lost without a word.
    package static var loss: (error: SystemError, text: String)? {
        lost.withLock { $0.map { ($0.error, String(decoding: $0.bytes, as: UTF8.self)) } }
    }

    private static let lost = Mutex<(error: SystemError, bytes: [UInt8])?>(nil)

    /// Opens what of descriptors 0, 1 and 2 the process was started without: else the next file that
    /// is opened is one of them, and what is written to stdout goes into it. Writing to stdout fails
    /// then (EBADF). Before anything else is opened.
    package static func occupyDescriptors() {
        while true {
            let descriptor = unsafe open("/dev/null", O_RDONLY)
            if descriptor > 2 {
                close(descriptor)
                return
            }
            if descriptor < 0 { return }
        }
    }

    private static func write(_ text: String, to descriptor: Int32) {
        put(Layout.printable(text, keepingLines: true), to: descriptor)
    }

    /// What stdout cannot take is kept, with all that comes after it. For what stderr cannot take there
    /// is no other place.
    private static func put(_ text: String, to descriptor: Int32) {
        let bytes = Array(text.utf8)
        let isStandardOutput = descriptor == STDOUT_FILENO
        if isStandardOutput, lost.withLock({ $0?.bytes.append(contentsOf: bytes) }) != nil {
            return
        }
        var done = 0
        while done < bytes.count {
            let (put, code) = withoutPipeSignal {
                let put = unsafe bytes.withUnsafeBytes {
                    unsafe Glibc.write(descriptor, $0.baseAddress! + done, $0.count - done)
                }
                return (put, errno)
            }
            if put < 0 && code != EINTR {
                if isStandardOutput {
                    let error = SystemError("write", code: code, target: "stdout")
                    lost.withLock { $0 = (error, Array(bytes[done...])) }
                }
                return
            }
            done += max(put, 0)
        }
    }

    /// A reader that has gone is an error of write(2) (EPIPE), not the end of the process: no SIGPIPE
    /// that comes of `body` is delivered (sigtimedwait(2)).
    private static func withoutPipeSignal(_ body: () -> (Int, Int32)) -> (Int, Int32) {
        var (pipe, before) = (sigset_t(), sigset_t())
        unsafe sigemptyset(&pipe)
        unsafe sigaddset(&pipe, SIGPIPE)
        unsafe pthread_sigmask(SIG_BLOCK, &pipe, &before)
        defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
        let result = body()
        if result.0 < 0 && result.1 == EPIPE {
            var now = timespec()
            _ = unsafe sigtimedwait(&pipe, nil, &now)
        }
        return result
    }
}
