package import DaxSystem

/// What an access through a mapping made the kernel map, if it faulted: the largest of it.
package enum FaultSize: UInt8, BitwiseCopyable, CaseIterable, Comparable, Sendable {
    /// Nothing: the access found everything mapped, or ended in a signal; or it was no access
    /// through a mapping.
    case none
    case pte
    case pmd

    package static func < (a: FaultSize, b: FaultSize) -> Bool { a.rawValue < b.rawValue }
}

/// Tells of each access of one thread what it faulted in, exactly: from the kernel's own
/// tracepoints, counted for this thread alone and read once after the access.
///
/// Nothing but an access through a mapping of a DAX file hits them, so what came since the reading
/// before came in this access.
package struct FaultWatch {
    /// The faults that map something: VM_FAULT_NOPAGE (0x100), or VM_FAULT_NEEDDSYNC (0x2000), by
    /// which a write fault of a MAP_SYNC mapping goes on to its second half. One that fell back from
    /// PMD to PTE, or ended in SIGBUS, has neither.
    package static let filter = "result & 8448"

    private let tracepoints: ThreadTracepoints
    private var seen: (pte: UInt64, pmd: UInt64)

    /// A watch over the calling thread. Throws where it may not use the tracepoints.
    package init() throws(SystemError) {
        tracepoints = try ThreadTracepoints(
            "fs_dax/dax_pte_fault_done", "fs_dax/dax_pmd_fault_done", filter: FaultWatch.filter)
        seen = (0, 0)
    }

    /// What was faulted in since the watch was asked last.
    mutating func next() -> FaultSize {
        let now = tracepoints.counts
        defer { seen = (now.first, now.second) }
        return now.second > seen.pmd ? .pmd : now.first > seen.pte ? .pte : .none
    }
}
