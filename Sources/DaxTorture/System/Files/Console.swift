internal import CSystem
internal import Glibc

/// The process's own standard output and error, written at once: nothing waits in a buffer when
/// the process dies, and lines of both come in the order in which they were written.
public enum Console {
    /// A whole line on stdout.
    public static func line(_ text: String) { write(text + "\n", to: STDOUT_FILENO) }

    /// Text on stdout as it is.
    public static func text(_ text: String) { write(text, to: STDOUT_FILENO) }

    /// Text on stderr as it is.
    public static func error(_ text: String) { write(text, to: STDERR_FILENO) }

    /// Whether stderr, where progress goes, is a terminal (isatty(3)).
    public static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// The columns of the terminal that stderr is, or 80 (TIOCGWINSZ).
    public static var width: Int {
        let columns = Int(csystem_columns(STDERR_FILENO))
        return columns > 0 ? columns : 80
    }

    /// What cannot be written is dropped: there is nowhere else to say so.
    private static func write(_ text: String, to descriptor: Int32) {
        let bytes = Array(text.utf8)
        var done = 0
        while done < bytes.count {
            let put = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress! + done, $0.count - done)
            }
            if put < 0 && errno != EINTR { return }
            done += max(put, 0)
        }
    }
}
