import DaxModel
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

    /// Pages that are stored to.
    static let pages = 12

    /// A mapping of the first pages of `file`, and a counter for the calling thread. Throws where the
    /// file is not on DAX, or tracepoints may not be used.
    init(_ file: borrowing File) throws(SystemError) {
        mapping = try Mapping(
            file, offset: 0, bytes: SynchronousFaults.pages * Page.bytes, sharing: .synchronous)
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

extension Hand {
    /// One trial: a word in each of a few holes of the recycled file is stored through MAP_SYNC.
    public func allocateDurably() {
        guard let own = recycledFile, let faults = own.synchronousFaults else { return }
        let bytes = UInt64(SynchronousFaults.pages * Page.bytes)
        let code = call(.create, .syscall, nil, offset: 0, length: bytes) {
            () throws(SystemError) in try own.file.truncate(to: bytes)
        }
        defer { empty(own) }
        guard expect(code, "ftruncate", or: [ENOSPC]) else { return }
        let before = faults.count
        var done = 0
        for page in 0..<SynchronousFaults.pages {
            let word = page * Page.words
            let from = Clock.ticks()
            let result = faults.mapping.store(word, count: 1, from: own.given, at: word)
            let to = Clock.ticks()
            noteAccess(.ownStore, nil, from, to, UInt64(word), 1, result, 0)
            done += result.done
        }
        // Less than all: the filesystem is full.
        guard done == SynchronousFaults.pages && faults.count == before else { return }
        report(
            Finding(
                rule: "R11", file: "a recycled file", offset: 0,
                expected: "a fault that waits for the allocation to be committed",
                observed: "none of \(done)",
                sentence:
                    "\(done) stores through MAP_SYNC allocated a block each, and none of their "
                    + "faults asked to wait for that (VM_FAULT_NEEDDSYNC)"))
    }
}
