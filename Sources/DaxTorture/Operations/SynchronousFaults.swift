import DaxModel
package import DaxSystem
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
package final class SynchronousFaults {
    let mapping: Mapping
    private let waits: ThreadTracepoints

    /// Stores in one trial.
    package static let stores = 12

    /// A mapping of the first page of `file`, and a counter for the calling thread. Throws where the
    /// file is not on DAX, or tracepoints may not be used.
    package init(_ file: borrowing File) throws(SystemError) {
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

extension ActorContext {
    /// One trial: the first word of a file that this actor alone knows is stored through MAP_SYNC a few
    /// times, each time into a hole, which `recut` makes. Not into several holes: XFS may allocate blocks for
    /// all of them at the first store.
    package func allocateDurably(
        _ faults: SynchronousFaults, _ given: borrowing Buffer, in name: String,
        recut: () throws(SystemError) -> Void
    ) {
        let before = faults.count
        for _ in 0..<SynchronousFaults.stores {
            let code = call(
                .create, .syscall, nil, offset: 0, length: UInt64(Page.bytes), recut)
            guard expect(code, "ftruncate", or: [ENOSPC]) else { return }
            announce(.ownStore, nil, word: 0, count: 1)
            let (interval, result) = timed { faults.mapping.store(0, count: 1, from: given) }
            logAccess(.ownStore, nil, interval, 0, 1, result, 0)
            // The filesystem is full.
            if result.done == 0 { return }
        }
        if faults.count > before { return }
        let own = log.records.suffix(2 * SynchronousFaults.stores)
        guard let first = own.first, let last = own.last else { return }
        let interval = Interval(first.interval.invoked, last.interval.returned)
        report(
            ActorFinding(
                rule: .durability, file: name, offset: 0,
                expected: "a fault that waits for the allocation to be committed",
                observed: "none of \(SynchronousFaults.stores)",
                sentence:
                    "\(SynchronousFaults.stores) stores through MAP_SYNC allocated a block each, "
                    + "and none of their faults asked to wait for that (VM_FAULT_NEEDDSYNC)",
                events: events(since: log.records.count - 2 * SynchronousFaults.stores),
                script: [TrialStep(Order(.syncFaults), interval)]))
    }
}

/// What a script takes for such trials: a file of its own.
package final class OwnSynchronousFile {
    private let file: File
    private let faults: SynchronousFaults
    private let given = Buffer(words: Page.words)

    /// Makes the file and takes its name away. Throws where it is not on DAX, or tracepoints may not be used.
    package init(_ context: ActorContext) throws(SystemError) {
        let name = "\(context.files[0].file.path).sync\(context.actor)"
        file = try File(name, [.create, .exclusive])
        try Files.remove(name)
        faults = try SynchronousFaults(file)
    }

    /// One trial; the file is empty then.
    func allocateDurably(_ context: ActorContext) {
        context.allocateDurably(faults, given, in: "a file of a script's own") {
            () throws(SystemError) in
            try file.truncate(to: 0)
            try file.truncate(to: UInt64(Page.bytes))
        }
        try? file.truncate(to: 0)
    }
}
