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
    init(_ hand: Hand) throws(SystemError) { trials = try RecycleTrials(hand) }

    mutating func step(_ hand: Hand) {
        defer { steps += 1 }
        // By turns, so that a short run has seen each; the short ones first.
        switch steps % 7 {
        case 0: recycle(hand, hand.random.within(1...4), by: .pin)
        case 1:
            trials.shift(pages: hand.random.within(1...4), inserting: hand.random.chance(1, in: 2))
        case 2: carve(hand, sparse: false)
        case 5: carve(hand, sparse: true)
        case 3: recycle(hand, size(hand), by: .read)
        case 4: trials.allocateDurably()
        default: recycle(hand, size(hand), by: .write)
        }
    }

    private func recycle(_ hand: Hand, _ pages: UInt64, by holder: RecycledFile.Holder) {
        trials.recycle(
            pages: pages, by: holder, at: Int(hand.random.below(pages)),
            cut: hand.random.chance(1, in: 2) ? .punch : .truncate,
            for: holder == .pin ? hand.random.below(Self.longestPin) : Self.longestCopy)
    }

    /// From anywhere in the first of a few pages to anywhere in the last, or whole pages. Extents
    /// of a page each are freed one by one, and that gives faults more time.
    private func carve(_ hand: Hand, sparse: Bool) {
        let (pages, page) = (hand.random.within(1...256), UInt64(Page.words))
        let isWhole = hand.random.chance(1, in: 2)
        let first = isWhole ? 0 : hand.random.below(page)
        let last = isWhole ? pages * page : (pages - 1) * page + hand.random.below(page)
        let words = min(first, last)..<max(first, last) + (first == last ? 1 : 0)
        trials.carve(
            pages: pages, words, by: RecycledFile.Carving.allCases[hand.random.below(3 as Int)],
            sparse: sparse, storing: hand.random.chance(1, in: 2))
    }

    /// Many, where nothing holds a copy but the faults of its buffer's pages.
    private func size(_ hand: Hand) -> UInt64 {
        if trials.holdsCopies { return hand.random.within(1...64) }
        let most = RecycledFile.pages
        return steps < 7 ? most / 4 : hand.random.within(most / 4...most)
    }

    /// Long enough for a cut that does not wait, its commit and a write behind it, in nanoseconds.
    private static let longestPin: UInt64 = 32_000_000
    /// Long enough for a cut that does not wait.
    private static let longestCopy: UInt64 = 128_000_000
}
