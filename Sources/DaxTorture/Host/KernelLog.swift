package import DaxSystem
import Glibc

/// The kernel's log from one moment on (/dev/kmsg), and the kernel's taint.
package final class KernelLog {
    private let descriptor: Int32

    /// Everything the kernel prints from now on. Throws EPERM where dmesg is for root alone.
    package init() throws(SystemError) {
        descriptor = unsafe open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        if descriptor < 0 { throw .last("open", target: "/dev/kmsg") }
        lseek(descriptor, 0, SEEK_END)
    }

    deinit { close(descriptor) }

    /// How many processes the kernel has killed since it was booted, since there was no memory
    /// (oom_kill in /proc/vmstat); 0 where it does not say.
    package static var killedForMemory: UInt64 {
        let lines = (try? Files.text("/proc/vmstat"))?.split(separator: "\n") ?? []
        let line = lines.first { $0.hasPrefix("oom_kill ") }
        return line.flatMap { UInt64($0.dropFirst("oom_kill ".count)) } ?? 0
    }

    /// The lines printed since, without prefixes. Those that the log has lost are lost.
    package func lines() -> [String] {
        var lines: [String] = []
        var buffer = [UInt8](repeating: 0, count: 8192)
        while true {
            let n = unsafe read(descriptor, &buffer, buffer.count)
            if n < 0 && errno == EPIPE { continue }  // Overwritten before it was read.
            if n <= 0 { return lines }
            // "6,1234,5678901,-;text", then lines of key=value that begin with a blank.
            let record = String(decoding: buffer[0..<n], as: UTF8.self)
            guard let semicolon = record.firstIndex(of: ";") else { continue }
            let text = record[record.index(after: semicolon)...]
            lines.append(String(text.prefix { $0 != "\n" }))
        }
    }

    /// The kernel's taint flags (/proc/sys/kernel/tainted); 0 where they cannot be read.
    package static var taint: UInt64 {
        let text = (try? Files.text("/proc/sys/kernel/tainted")) ?? ""
        return UInt64(text.prefix { $0.isNumber }) ?? 0
    }
}

extension Files {
    /// A new directory in $TMPDIR or /tmp that only this user can enter (mkdtemp(3)).
    package static func makeTemporaryDirectory(_ prefix: String) throws(SystemError) -> String {
        let place = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
        var template = Array("\(place)/\(prefix).XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else { throw .last("mkdtemp", target: place) }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
