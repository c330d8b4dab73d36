import DaxModel
import DaxOperations
import DaxSystem

/// Has the blocks of a file of its own freed and given away while something still holds them: a page
/// in a pipe, a read or a write that userfaultfd stops in the midst of its copy.
///
/// It also moves blocks under a mapping of such a file, which must follow them; it cuts words out of
/// it, of which neither more nor less may be zero, while it loads and stores through a mapping of
/// them; and its first stores through MAP_SYNC must wait for the journal.
///
/// The race: who frees a block must wait for whoever copies from it or to it without a page-table
/// entry. A pin is only seen by who asks for it (layout breaking); a read or a write by system call
/// only by who takes the inode's lock, and both sides must. Else the block is written by its next
/// owner while it is still read, or the next owner loses what it wrote.
///
/// Kernel paths on this side: vmsplice_to_pipe and get_user_pages_fast; ext4_dax_read_iter,
/// ext4_dax_write_iter, xfs_file_dax_read, xfs_file_dax_write, dax_iomap_rw. On the other, by
/// workers of io_uring: ext4_punch_hole, ext4_setattr, xfs_file_fallocate, xfs_vn_setattr with
/// ext4_break_layouts and xfs_break_layouts, the commit behind them, and the allocator.
struct Recycler: Actor {
    private let trials: RecycleTrials
    private var steps: UInt64 = 0

    /// Makes the file that it is about. Throws where the kernel has not what that needs.
    init(_ context: ActorContext) throws(SystemError) { trials = try RecycleTrials(context) }

    mutating func step(_ context: ActorContext) {
        defer { steps += 1 }
        // By turns, so that a short run has seen each; the short ones first.
        switch steps % 7 {
        case 0: recycle(context, context.random.within(1...4), by: .pin)
        case 1:
            trials.shift(
                pages: context.random.within(1...4), inserting: context.random.chance(1, in: 2))
        case 2: punchPartly(context, sparse: false)
        case 5: punchPartly(context, sparse: true)
        case 3: recycle(context, size(context), by: .read)
        case 4: trials.allocateDurably()
        default: recycle(context, size(context), by: .write)
        }
    }

    private func recycle(_ context: ActorContext, _ pages: UInt64, by holder: RecycledFile.Holder) {
        trials.recycle(
            pages: pages, by: holder, at: Int(context.random.below(pages)),
            cut: context.random.chance(1, in: 2) ? .punch : .truncate,
            for: holder == .pin ? context.random.below(Self.longestPin) : Self.longestCopy)
    }

    /// From anywhere in the first of a few pages to anywhere in the last, or whole pages. Extents
    /// of a page each are freed one by one, and that gives faults more time.
    private func punchPartly(_ context: ActorContext, sparse: Bool) {
        let (pages, page) = (context.random.within(1...256), UInt64(Page.words))
        let isWhole = context.random.chance(1, in: 2)
        let first = isWhole ? 0 : context.random.below(page)
        let last = isWhole ? pages * page : (pages - 1) * page + context.random.below(page)
        let words = min(first, last)..<max(first, last) + (first == last ? 1 : 0)
        trials.punchPartly(
            pages: pages, words,
            by: RecycledFile.PartialPunch.allCases[context.random.below(3 as Int)],
            sparse: sparse, storing: context.random.chance(1, in: 2))
    }

    /// Many, where nothing holds a copy but the faults of its buffer's pages.
    private func size(_ context: ActorContext) -> UInt64 {
        if trials.holdsCopies { return context.random.within(1...64) }
        let most = RecycledFile.pages
        return steps < 7 ? most / 4 : context.random.within(most / 4...most)
    }

    /// Long enough for a cut that does not wait, its commit and a write behind it, in nanoseconds.
    private static let longestPin: UInt64 = 32_000_000
    /// Long enough for a cut that does not wait.
    private static let longestCopy: UInt64 = 128_000_000
}
