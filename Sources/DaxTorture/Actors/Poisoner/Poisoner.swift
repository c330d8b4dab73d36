import DaxModel
import DaxOperations
import DaxSystem

/// Has memory of a file of its own fail, and looks that this takes nothing but what failed, and
/// that a page that was written anew is as good as any.
///
/// The race: whoever takes a failed page away from those who map it works on the same page-table
/// and DAX entries as faults, punches and truncates beside it, and finds those who map it by what
/// the entry says of the page. What it gets wrong there is told to the wrong process, at the wrong
/// address, or stays mapped; what it locks there stays locked. A block that is known to be bad is
/// refused in the middle of a fault, a read or a write that holds all that they hold.
///
/// Kernel paths on this side: madvise_inject_error, memory_failure, mf_generic_kill_procs,
/// dax_lock_page, collect_procs, unmap_mapping_range; badblocks_store, badblocks_check,
/// pmem_dax_direct_access, dax_iomap_fault that ends in VM_FAULT_SIGBUS or VM_FAULT_HWPOISON,
/// dax_recovery_write, pmem_clear_poison, dax_zero_page_range. On the other, by everybody else on
/// the same filesystem and device: dax_insert_entry, dax_layout_busy_page, the allocator that gives
/// a punched bad block away, and the zeroing of what it gave.
struct Poisoner: Actor {
    private let trials: PoisonTrials
    private var steps: UInt64 = 0

    /// Makes the file that it is about.
    init(_ context: ActorContext) throws(SystemError) { trials = try PoisonTrials(context) }

    var failures: FailureTally? { trials.own.tally }

    mutating func step(_ context: ActorContext) {
        defer { steps += 1 }
        let page = Int(context.random.below(PoisonedFile.pages))
        // By turns, so that a short run has seen each.
        let isLarge = steps & 1 == 0
        switch steps % 6 {
        case 0, 1: trials.failMemory(page: page, large: isLarge)
        case 2, 3:
            trials.failBlock(page: page, large: isLarge, sectors: sectors(context), by: .rewrite)
        default: trials.failBlock(page: page, large: isLarge, sectors: sectors(context), by: .punch)
        }
    }

    /// All of a page, or one of its sectors.
    private func sectors(_ context: ActorContext) -> Range<UInt64> {
        let first = context.random.below(PoisonedFile.sectorsOfPage)
        return context.random.chance(1, in: 2)
            ? 0..<PoisonedFile.sectorsOfPage : first..<first + 1
    }
}
