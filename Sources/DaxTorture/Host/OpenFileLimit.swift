import DaxSystem
internal import Glibc

/// How many files this process may have open.
package enum OpenFileLimit {
    /// Raises it as far as this process may: each actor opens each file, and 1024 are soon used up.
    ///
    /// A process with CAP_SYS_RESOURCE gets what the kernel has at most (fs.nr_open), any other its
    /// hard limit (setrlimit(2), RLIMIT_NOFILE).
    package static func raise() {
        var limit = rlimit()
        guard unsafe getrlimit(RLIMIT_NOFILE, &limit) == 0 else { return }
        let most = (try? Files.text("/proc/sys/fs/nr_open")).flatMap {
            rlim_t($0.split(separator: "\n").first ?? "")
        }
        if let most, most > limit.rlim_max {
            var all = rlimit(rlim_cur: most, rlim_max: most)
            if unsafe setrlimit(RLIMIT_NOFILE, &all) == 0 { return }
        }
        limit.rlim_cur = limit.rlim_max
        // Where that fails, too, opening will say so.
        _ = unsafe setrlimit(RLIMIT_NOFILE, &limit)
    }

    /// The limit now.
    package static var now: UInt64 {
        var limit = rlimit()
        _ = unsafe getrlimit(RLIMIT_NOFILE, &limit)
        return UInt64(limit.rlim_cur)
    }
}
