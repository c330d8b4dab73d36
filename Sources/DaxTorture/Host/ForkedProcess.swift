internal import CFault
internal import CSystem
package import DaxSystem
internal import Glibc
import Synchronization

/// A second process of this program, forked from it, with a memory of its own: what the one maps and
/// unmaps does not stop the page faults of the other (each has its mmap_lock).
///
/// It answers questions, one at a time, on its first thread. SharedWords and SharedRows that were made
/// before it are its own, too. It gets SIGKILL when this process ends, however that comes about
/// (prctl, PR_SET_PDEATHSIG), or rather the thread that forked it, which so must be the first.
package final class ForkedProcess: Sendable {
    package let pid: Int32
    private let pidfd: Int32
    private let end: Int32
    private let talk = Mutex(())
    private let ended = Mutex<ChildProcess.Exit?>(nil)

    /// The process did not answer, since it is no more.
    package struct Gone: Error, Sendable, CustomStringConvertible {
        /// How the process ended; nil where nobody knows.
        package var exit: ChildProcess.Exit?

        package var description: String {
            "a process with actors ended by itself\(exit.map { ": \($0)" } ?? "")"
        }
    }

    /// Forks. In the child `answer` gets each question until it has no answer, which ends the child.
    ///
    /// Of a process with several threads a fork has the locks that the others held, and nobody to
    /// release them: this one may have one thread alone, and else it throws EBUSY. Throws fork(2)'s
    /// errno.
    package init(_ answer: (Parcel) -> Parcel?) throws(SystemError) {
        var deadline = Deadline(nanoseconds: 1_000_000_000)
        while try ForkedProcess.threads > 1 {
            if deadline.isOver() {
                throw SystemError("fork in a process with several threads", code: EBUSY)
            }
            Clock.sleep(nanoseconds: 1_000_000)
        }
        var end: Int32 = -1
        pid = try checked(unsafe csystem_fork(&end), "fork", "a process for actors")
        self.end = end
        guard pid != 0 else { ForkedProcess.serve(end, answer) }
        // Nobody else reaps this child, so that its pid still means it here.
        pidfd = try checked(csystem_pidfd_open(pid), "pidfd_open", "a process for actors")
    }

    deinit {
        precondition(ended.withLock { $0 != nil }, "a forked process that nobody ended")
        close(end)
        close(pidfd)
    }

    /// How many threads this process has. One that was joined may be there a little longer; those of
    /// io_uring never run anything of the program's.
    private static var threads: Int {
        get throws(SystemError) {
            try Files.names(in: "/proc/self/task").count { task in
                let name = try? Files.text("/proc/self/task/\(task)/comm")
                return name.map { !$0.hasPrefix("iou-") } ?? false
            }
        }
    }

    /// Asks, and waits for the answer, however long it takes.
    package func ask(_ question: Parcel) throws(Gone) -> Parcel {
        let answer = talk.withLock { _ -> Parcel? in
            ForkedProcess.send(question, over: end) ? ForkedProcess.receive(over: end) : nil
        }
        guard let answer else { throw Gone(exit: waitForEnd()) }
        return answer
    }

    /// How the process ended; nil while it goes on (waitid(2)).
    package var exit: ChildProcess.Exit? { exit(within: 0) }

    private func exit(within milliseconds: Int32) -> ChildProcess.Exit? {
        ended.withLock { exit in
            if exit != nil { return exit }
            var (code, status): (Int32, Int32) = (0, 0)
            guard unsafe csystem_wait(pidfd, 0, milliseconds, &code, &status) == 1 else {
                return nil
            }
            exit = code == CLD_EXITED ? .exited(status) : .killed(signal: status)
            return exit
        }
    }

    /// Waits for the process's end: that of its memory and its threads comes a little after that of
    /// its conversation.
    private func waitForEnd() -> ChildProcess.Exit? { exit(within: 10_000) }

    /// Ends the guarded access that the process's thread `kernelID` is in, if it is in one
    /// (tgkill(2)).
    package func interrupt(_ kernelID: Int32) {
        _ = csystem_tgkill(pid, kernelID, Int32(CFAULT_INTERRUPT))
    }

    /// Asks the process to end, which it does when `question` is its last, and reaps it.
    package func end(with question: Parcel) {
        if exit != nil { return }
        _ = talk.withLock { _ in ForkedProcess.send(question, over: end) }
        while exit(within: 1000) == nil {}
    }

    /// Kills the process (SIGKILL) and waits a second for that: one that is stuck in the kernel is
    /// left.
    package func kill() {
        if exit != nil { return }
        _ = csystem_pidfd_kill(pidfd, SIGKILL)
        if exit(within: 1000) == nil { ended.withLock { $0 = .killed(signal: SIGKILL) } }
    }

    // MARK: - The conversation

    private static func serve(_ end: Int32, _ answer: (Parcel) -> Parcel?) -> Never {
        while let question = receive(over: end), let reply = answer(question) {
            if !send(reply, over: end) { break }
        }
        _exit(0)
    }

    private static func send(_ parcel: Parcel, over end: Int32) -> Bool {
        let bytes = parcel.bytes
        var count = UInt64(bytes.count)
        return unsafe csystem_send(end, &count, 8) == 0
            && bytes.withUnsafeBytes { unsafe csystem_send(end, $0.baseAddress, $0.count) } == 0
    }

    private static func receive(over end: Int32) -> Parcel? {
        var count: UInt64 = 0
        guard unsafe csystem_receive(end, &count, 8) == 0 else { return nil }
        var bytes = [UInt8](repeating: 0, count: Int(count))
        let code = unsafe bytes.withUnsafeMutableBytes {
            unsafe csystem_receive(end, $0.baseAddress, $0.count)
        }
        return code == 0 ? Parcel(bytes) : nil
    }
}
