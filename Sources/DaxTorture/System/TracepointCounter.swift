import CSystem
import Glibc

/// Counts how often a kernel tracepoint is hit, on every CPU and by every process
/// (perf_event_open(2), PERF_TYPE_TRACEPOINT). Needs tracefs and the right to use it.
public final class TracepointCounter {
    private var descriptors: [Int32] = []

    /// Counts `event` ("fs_dax/dax_pte_fault_done") from now on, of which only the hits that
    /// satisfy `filter`, in the kernel's filter language, if there is one.
    ///
    /// Throws ENOENT where the kernel has no such tracepoint, EACCES where it is not allowed.
    public init(_ event: String, filter: String? = nil, root: String = "/sys/kernel/tracing")
        throws(SystemError)
    {
        let path = "\(root)/events/\(event)/id"
        guard let text = try? Files.text(path),
            let id = UInt64(text.prefix { $0.isNumber })
        else {
            throw SystemError("tracepoint", code: ENOENT, target: event)
        }
        for cpu in 0..<sysconf(Int32(_SC_NPROCESSORS_ONLN)) {
            let descriptor = csystem_count_tracepoint(id, Int32(cpu))
            guard descriptor >= 0 else {
                throw SystemError("perf_event_open", code: -descriptor, target: event)
            }
            descriptors.append(descriptor)
            guard let filter else { continue }
            let code = unsafe csystem_filter_tracepoint(descriptor, filter)
            if code < 0 { throw SystemError("perf filter \(filter)", code: -code, target: event) }
        }
    }

    deinit { for descriptor in descriptors { close(descriptor) } }

    /// Hits so far.
    public var count: UInt64 {
        var sum: UInt64 = 0
        for descriptor in descriptors {
            var value: UInt64 = 0
            if unsafe read(descriptor, &value, 8) == 8 { sum += value }
        }
        return sum
    }
}
