import DaxModel
import DaxOperations
import DaxSystem
import Glibc

/// Whether first stores through MAP_SYNC wait for the metadata that leads to them (rule R11).
///
/// A store that allocates a block must not go on before the allocation is on the medium: the fault
/// ends with VM_FAULT_NEEDDSYNC, and what follows it commits. Emulated memory loses nothing, so that
/// it is judged by the faults (fs_dax:dax_pte_fault_done, of this thread alone).
///
/// One fault proves nothing: if the transaction that holds the allocation is committed before the
/// fault asks, there is nothing to wait for. That is the time of a few instructions, and for several
/// stores in a row it would take a commit from begin to end within each.
final class SynchronousFaults {
    let mapping: Mapping
    private let waits: ThreadTracepoints

    /// Stores in one trial.
    static let stores = 12

    /// A mapping of the first page of `file`, and a counter for the calling thread. Throws where the
    /// file is not on DAX, or tracepoints may not be used.
    init(_ file: borrowing File) throws(SystemError) {
        mapping = try Mapping(
            file, offset: 0, bytes: Page.bytes, sharing: .synchronous)
        waits = try ThreadTracepoints(
            "fs_dax/dax_pte_fault_done", "fs_dax/dax_pmd_fault_done",
            filter: "result & \(SynchronousFaults.needsSync)")
    }

    /// VM_FAULT_NEEDDSYNC.
    private static let needsSync = 0x2000

    /// Faults that waited so far.
    var count: UInt64 {
        let (small, large) = waits.counts
        return small + large
    }
}

extension RecycleTrials {
    /// One trial: the first word of the recycled file is stored through MAP_SYNC a few times, each time
    /// into a hole. Not into several holes: XFS may allocate blocks for all of them at the first store.
    func allocateDurably() {
        guard let faults = own.synchronousFaults else { return }
        defer { empty() }
        let before = faults.count
        for _ in 0..<SynchronousFaults.stores {
            let code = context.call(.create, .syscall, nil, offset: 0, length: UInt64(Page.bytes)) {
                () throws(SystemError) in
                try own.file.truncate(to: 0)
                try own.file.truncate(to: UInt64(Page.bytes))
            }
            guard context.expect(code, "ftruncate", or: [ENOSPC]) else { return }
            context.announce(.ownStore, nil, word: 0, count: 1)
            let (interval, result) = timed {
                faults.mapping.store(0, count: 1, from: own.given)
            }
            context.logAccess(.ownStore, nil, interval, 0, 1, result, 0)
            // The filesystem is full.
            if result.done == 0 { return }
        }
        if faults.count > before { return }
        context.report(
            ActorFinding(
                rule: .durability, file: "a recycled file", offset: 0,
                expected: "a fault that waits for the allocation to be committed",
                observed: "none of \(SynchronousFaults.stores)",
                sentence:
                    "\(SynchronousFaults.stores) stores through MAP_SYNC allocated a block each, "
                    + "and none of their faults asked to wait for that (VM_FAULT_NEEDDSYNC)",
                events: context.events(
                    since: context.log.records.count - 2 * SynchronousFaults.stores)))
    }
}
