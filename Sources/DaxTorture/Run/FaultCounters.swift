import DaxOperations
import DaxSystem

/// Counts the page faults that DAX handled and mapped, by the size of what was mapped.
///
/// From the tracepoints fs_dax:dax_pte_fault_done and dax_pmd_fault_done.
struct FaultCounters {
    private let pte: TracepointCounter
    private let pmd: TracepointCounter

    init() throws(SystemError) {
        pte = try TracepointCounter("fs_dax/dax_pte_fault_done", filter: FaultWatch.filter)
        pmd = try TracepointCounter("fs_dax/dax_pmd_fault_done", filter: FaultWatch.filter)
    }

    var counts: (pte: UInt64, pmd: UInt64) { (pte.count, pmd.count) }
}
