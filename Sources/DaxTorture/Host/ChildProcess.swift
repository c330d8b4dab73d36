internal import CSystem
package import DaxSystem
internal import Glibc

/// A child process that this value owns: killed and reaped when the value goes, with all that it
/// started and did not send out of its process group.
///
/// It runs in a process group of its own, so that Ctrl-C on the terminal reaches this process
/// alone, and gets SIGKILL from the kernel when the thread that started it ends, however that
/// comes about (prctl, PR_SET_PDEATHSIG). So the thread that starts a child must also see it off;
/// a value that cannot be copied, kept in one function, does that.
package struct ChildProcess: ~Copyable {
    /// How a child ended.
    package enum Exit: Equatable, Sendable, CustomStringConvertible {
        case exited(Int32)
        case killed(signal: Int32)

        package var description: String {
            switch self {
            case .exited(let status): "exit status \(status)"
            case .killed(let signal): "signal \(signal)"
            }
        }
    }

    private let pidfd: Int32
    private let pid: Int32
    private var guardian: csystem_guard
    /// How it ended; nil while it runs.
    package private(set) var exit: Exit?

    /// Starts `arguments[0]`, a path, with standard output and error on `output` and `error`, and
    /// the `inherited` descriptors open under their own numbers.
    ///
    /// Where this process is killed, the kernel kills the child, and nothing that the child started:
    /// one that may be a script which does not exec is to be `guarded`. A small process then kills the
    /// whole group as soon as this one is gone.
    package init(
        _ arguments: [String], environment: [String], output: borrowing HostFile,
        error: borrowing HostFile, inherited: [Int32] = [], guarded: Bool = false
    ) throws(SystemError) {
        let path = arguments[0]
        var guardian = csystem_guard(pid: -1, end: -1)
        let pid = unsafe withCStrings(arguments) { argv in
            unsafe withCStrings(environment) { envp in
                unsafe withUnsafeMutablePointer(to: &guardian) { guardian in
                    unsafe csystem_spawn(
                        path, argv, envp, output.descriptor, error.descriptor, inherited,
                        inherited.count, guarded ? guardian : nil)
                }
            }
        }
        try checked(pid, "execve", path)
        // Nobody else reaps this child, so that its pid still means it here.
        let pidfd = try checked(csystem_pidfd_open(pid), "pidfd_open", path)
        (self.pidfd, self.pid, self.guardian) = (pidfd, pid, guardian)
    }

    deinit {
        if exit == nil {
            csystem_kill_group(pid)
            var code: Int32 = 0
            var status: Int32 = 0
            while unsafe csystem_wait(pidfd, pid, -1, &code, &status) == 0 {}
        }
        var guardian = guardian
        unsafe csystem_dismiss(&guardian)
        close(pidfd)
    }

    /// Whether a signal has stopped it, or a debugger holds it (/proc/PID/stat, T or t).
    package var isStopped: Bool {
        guard exit == nil, let text = try? Files.text("/proc/\(pid)/stat"),
            let name = text.lastIndex(of: ")")
        else { return false }
        return "Tt".contains(text[name...].dropFirst(2).first ?? " ")
    }

    /// The CPU time of its threads; nil once it has ended, or where the kernel does not count.
    package var processorTime: ProcessorTime? { exit == nil ? ProcessorTime(of: pid) : nil }

    /// Waits for its end, at most so long; nil if it still runs then or a signal cut in (waitid).
    @discardableResult
    package mutating func wait(milliseconds: Int32) throws(SystemError) -> Exit? {
        if let exit { return exit }
        var code: Int32 = 0
        var status: Int32 = 0
        let ended = try checked(
            unsafe csystem_wait(pidfd, pid, milliseconds, &code, &status), "waitid", "child")
        if ended == 1 { exit = code == CLD_EXITED ? .exited(status) : .killed(signal: status) }
        return exit
    }

    /// Kills it and its group at once and reaps it (SIGKILL).
    package mutating func kill() throws(SystemError) {
        if exit != nil { return }
        try checked(csystem_kill_group(pid), "kill", "child")
        while try wait(milliseconds: -1) == nil {}
    }

    /// What a finished command left behind.
    package struct Finished: Sendable {
        /// nil: it was killed when its time was over, when it had written too much, or when a signal
        /// came (``Interrupts``).
        package var exit: Exit?
        /// Whether it wrote more than it may; the rest is not here then.
        package var isCutShort: Bool
        package var output: [UInt8]
        package var error: String
    }

    /// Runs a command to its end, for at most `seconds` that were seen to pass, and returns what it
    /// wrote: `most` bytes at most to each of stdout and stderr, which are in memory; more ends it. A
    /// signal that is counted meanwhile ends it, too.
    package static func run(
        _ arguments: [String], environment: [String] = ChildProcess.environment,
        inherited: [Int32] = [], guarded: Bool = false, seconds: Int32, most: Int = 1 << 30
    ) throws(SystemError) -> Finished {
        let output = try HostFile.memory("output")
        let error = try HostFile.memory("error")
        var child = try ChildProcess(
            arguments, environment: environment, output: output, error: error,
            inherited: inherited, guarded: guarded)
        var deadline = Deadline(nanoseconds: UInt64(seconds) * 1_000_000_000)
        let before = Interrupts.seen
        while child.exit == nil, !deadline.isOver(), Interrupts.seen == before,
            try max(output.size(), error.size()) <= most
        {
            // What writes without an end fills the memory at gigabytes a second.
            try child.wait(milliseconds: 20)
        }
        let exit = child.exit
        try child.kill()
        let isCutShort = try max(output.size(), error.size()) > most
        return Finished(
            exit: isCutShort ? nil : exit, isCutShort: isCutShort,
            output: try output.read(limit: min(output.size(), most)),
            error: String(decoding: try error.read(limit: min(error.size(), most)), as: UTF8.self))
    }

    /// The environment of this process, as "NAME=value" each.
    package static var environment: [String] {
        var all: [String] = []
        var next = unsafe environ
        while let entry = unsafe next.pointee {
            unsafe all.append(String(cString: entry))
            unsafe next += 1
        }
        return all
    }

    /// The path of a command: `name` itself where it has a slash, else the first in PATH.
    package static func find(_ name: String) -> String? {
        if name.contains("/") { return Files.isExecutable(name) ? name : nil }
        // A user's PATH need not have sbin, where mkfs lives.
        let path =
            (Files.environment("PATH") ?? "") + ":/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin"
        for directory in path.split(separator: ":") where Files.isExecutable("\(directory)/\(name)")
        {
            return "\(directory)/\(name)"
        }
        return nil
    }
}

/// Milliseconds on a clock that never goes back, since an arbitrary moment (CLOCK_MONOTONIC).
package func monotonicMilliseconds() -> Int {
    var now = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &now)
    return Int(now.tv_sec) * 1000 + Int(now.tv_nsec) / 1_000_000
}

/// Lends a null-terminated array of C strings.
private func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    let copies = unsafe strings.map { unsafe strdup($0) } + [nil]
    // Not over the elements: swift-format makes "unsafecopy" of a loop's "unsafe copy".
    defer { for index in unsafe copies.indices { unsafe free(copies[index]) } }
    return unsafe copies.withUnsafeBufferPointer { unsafe body($0.baseAddress!) }
}
