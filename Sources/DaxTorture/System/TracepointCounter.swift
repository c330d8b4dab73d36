import CSystem
import Glibc

/// Counts how often a kernel tracepoint is hit, on every CPU and by every process
/// (perf_event_open(2), PERF_TYPE_TRACEPOINT). Needs tracefs and the right to use it.
package final class TracepointCounter {
    private var descriptors: [Int32] = []

    /// Counts `event` ("fs_dax/dax_pte_fault_done") from now on, of which only the hits that
    /// satisfy `filter`, in the kernel's filter language, if there is one.
    ///
    /// Throws ENOENT where the kernel has no such tracepoint, EACCES where it is not allowed.
    package init(_ event: String, filter: String? = nil, root: String = Tracepoint.root)
        throws(SystemError)
    {
        let tracepoint = try Tracepoint(event, filter: filter, root: root)
        for cpu in 0..<sysconf(Int32(_SC_NPROCESSORS_ONLN)) {
            descriptors.append(try tracepoint.count(pid: -1, cpu: Int32(cpu)))
        }
    }

    deinit { for descriptor in descriptors { close(descriptor) } }

    /// Hits so far.
    package var count: UInt64 {
        var sum: UInt64 = 0
        for descriptor in descriptors {
            var group: (events: UInt64, count: UInt64) = (0, 0)
            if unsafe read(descriptor, &group, 16) == 16 { sum += group.count }
        }
        return sum
    }
}

/// Counts how often the thread that made it hits each of two kernel tracepoints, wherever it runs.
///
/// Both are one group, so that one read(2) gives them together. Only that thread may read it: then
/// no other CPU has to be asked.
package final class ThreadTracepoints {
    private let descriptors: (Int32, Int32)

    /// Counts `first` and `second` from now on, of which only the hits that satisfy `filter`.
    ///
    /// Throws ENOENT where the kernel has no such tracepoint, EACCES where it is not allowed.
    package init(
        _ first: String, _ second: String, filter: String, root: String = Tracepoint.root
    ) throws(SystemError) {
        let leader = try Tracepoint(first, filter: filter, root: root).count(pid: 0, cpu: -1)
        do throws(SystemError) {
            let other = try Tracepoint(second, filter: filter, root: root)
            descriptors = (leader, try other.count(pid: 0, cpu: -1, leader: leader))
        } catch {
            close(leader)
            throw error
        }
    }

    deinit {
        close(descriptors.1)
        close(descriptors.0)
    }

    /// Hits of each so far.
    package var counts: (first: UInt64, second: UInt64) {
        var group: (events: UInt64, first: UInt64, second: UInt64) = (0, 0, 0)
        let bytes = unsafe read(descriptors.0, &group, 24)
        precondition(bytes == 24, "a group of counters that cannot be read")
        return (group.first, group.second)
    }
}

/// A kernel tracepoint as perf_event_open(2) wants it.
package struct Tracepoint {
    /// Where tracefs is mounted.
    package static let root = "/sys/kernel/tracing"

    private let event: String
    private let filter: String?
    private let id: UInt64

    init(_ event: String, filter: String?, root: String) throws(SystemError) {
        guard let text = try? Files.text("\(root)/events/\(event)/id"),
            let id = UInt64(text.prefix { $0.isNumber })
        else {
            throw SystemError("tracepoint", code: ENOENT, target: event)
        }
        (self.event, self.filter, self.id) = (event, filter, id)
    }

    /// Begins to count; the descriptor is the caller's to close.
    func count(pid: Int32, cpu: Int32, leader: Int32 = -1) throws(SystemError) -> Int32 {
        let descriptor = csystem_count_tracepoint(id, pid, cpu, leader)
        guard descriptor >= 0 else {
            throw SystemError("perf_event_open", code: -descriptor, target: event)
        }
        guard let filter else { return descriptor }
        let code = unsafe csystem_filter_tracepoint(descriptor, filter)
        if code < 0 {
            close(descriptor)
            throw SystemError("perf filter \(filter)", code: -code, target: event)
        }
        return descriptor
    }
}
