package import DaxSystem
import Glibc

/// A trace buffer of this process's own (tracefs, instances/NAME), which the global one and its
/// other readers do not notice; gone with this value.
///
/// Its timestamps are the TSC's ticks, as `Clock.ticks` reads them (trace_clock x86-tsc).
package final class TraceInstance {
    private let directory: String
    private let pipe: Int32

    /// A buffer of `kilobytes` for each CPU that holds `event` ("fs_dax/dax_writeback_one") where
    /// `filter`, in the kernel's filter language, holds.
    ///
    /// Throws what mkdir(2), open(2) or write(2) says: ENOENT where the kernel has no such
    /// tracepoint, EACCES where tracing is not allowed.
    package init(
        _ name: String, event: String, filter: String, kilobytes: Int,
        root: String = "/sys/kernel/tracing"
    ) throws(SystemError) {
        directory = "\(root)/instances/\(name)"
        if unsafe mkdir(directory, 0o700) != 0 && errno != EEXIST {
            throw .last("mkdir", target: directory)
        }
        do {
            for (file, text) in [
                ("trace_clock", "x86-tsc"), ("buffer_size_kb", "\(kilobytes)"),
                ("events/\(event)/filter", filter), ("events/\(event)/enable", "1"),
            ] {
                try Files.write(Array(text.utf8), to: "\(directory)/\(file)")
            }
            pipe = try checkedErrno(
                unsafe open("\(directory)/trace_pipe", O_RDONLY | O_NONBLOCK | O_CLOEXEC), "open",
                "\(directory)/trace_pipe")
        } catch {
            unsafe rmdir(directory)
            throw error
        }
    }

    deinit {
        close(pipe)
        unsafe rmdir(directory)
    }

    /// What was traced since the last call, as whole lines of text; where events were lost, a line
    /// says so ("LOST").
    package func text() -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = unsafe read(pipe, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            // The pipe gives whole lines, and EAGAIN when it is empty.
            if count <= 0 { return bytes }
            bytes += chunk[..<count]
        }
    }
}
