import DaxSystem

/// What the scheduler gave the threads of a process and what it kept them waiting for, since they began
/// (/proc/PID/task/TID/schedstat).
package struct ProcessorTime: Equatable, Sendable {
    /// Time on a CPU, nanoseconds.
    package var ran: UInt64
    /// Time runnable without a CPU, nanoseconds.
    package var waited: UInt64

    package init(ran: UInt64, waited: UInt64) { (self.ran, self.waited) = (ran, waited) }

    /// Sums over the threads that process `pid` has now; nil where it has none, or where the kernel does
    /// not count (CONFIG_SCHED_INFO).
    package init?(of pid: Int32) {
        self.init(ran: 0, waited: 0)
        let tasks = "/proc/\(pid)/task"
        for thread in (try? Files.names(in: tasks)) ?? [] {
            // A thread may end between the two reads.
            guard let text = try? Files.text("\(tasks)/\(thread)/schedstat") else { continue }
            let fields = text.split(separator: " ")
            guard fields.count == 3, let ran = UInt64(fields[0]), let waited = UInt64(fields[1])
            else { continue }
            self.ran += ran
            self.waited += waited
        }
        if ran == 0 { return nil }
    }
}
