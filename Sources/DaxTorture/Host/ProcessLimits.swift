internal import DaxSystem
internal import Glibc

/// What this process may do and have, as far as it decides what can be tested here.
package enum ProcessLimits {
    /// How much memory it may lock, in bytes; nil: all of it (getrlimit(2), RLIMIT_MEMLOCK).
    package static var lockedMemory: UInt64? {
        var limit = rlimit()
        // A macro of another enumerator, and so not imported by its own name.
        guard unsafe getrlimit(__RLIMIT_MEMLOCK, &limit) == 0 else { return 0 }
        return limit.rlim_cur == .max ? nil : UInt64(limit.rlim_cur)
    }

    /// Whether it may do what an administrator may (CAP_SYS_ADMIN, in /proc/self/status).
    package static var isAdministrator: Bool { status("CapEff", radix: 16) >> 21 & 1 == 1 }

    /// Whether a filter decides over its system calls (seccomp(2)).
    package static var hasSystemCallFilter: Bool { status("Seccomp") == 2 }

    private static func status(_ name: String, radix: Int = 10) -> UInt64 {
        let lines = ((try? Files.text("/proc/self/status")) ?? "").split(separator: "\n")
        let line = lines.first { $0.hasPrefix("\(name):") }
        let value = line?.split(whereSeparator: \.isWhitespace).last
        return value.flatMap { UInt64($0, radix: radix) } ?? 0
    }
}
