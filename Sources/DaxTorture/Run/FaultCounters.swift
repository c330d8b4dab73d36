import DaxOperations
import DaxSystem

/// Counts the page faults that DAX handled and mapped, by the size of what was mapped.
///
/// From the tracepoints fs_dax:dax_pte_fault_done and dax_pmd_fault_done.
struct FaultCounters {
    private let pte: TracepointCounter
    private let pmd: TracepointCounter
    private let fallback: TracepointCounter

    init() throws(SystemError) {
        pte = try TracepointCounter("fs_dax/dax_pte_fault_done", filter: FaultWatch.filter)
        pmd = try TracepointCounter("fs_dax/dax_pmd_fault_done", filter: FaultWatch.filter)
        // VM_FAULT_FALLBACK (0x800).
        fallback = try TracepointCounter("fs_dax/dax_pmd_fault_done", filter: "result & 2048")
    }

    /// Attempts to map a PMD from which the kernel went back to PTEs.
    var fellBack: UInt64 { fallback.count }

    var counts: (pte: UInt64, pmd: UInt64) { (pte.count, pmd.count) }
}
