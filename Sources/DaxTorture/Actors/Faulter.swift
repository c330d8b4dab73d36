import DaxModel
package import DaxOperations
import DaxSystem

/// Faults pages in, again and again: it drops page-table entries (MADV_DONTNEED) or whole
/// mappings and touches the pages afresh; and it reads through a mapping as old as the run, which
/// has outlived every shrink and punch.
///
/// The race of the 2015 linux-mm thread: a fault that looks the block up before a punch frees it,
/// and maps it after. Nothing but the mapping's invalidate_lock (before 5.15 the filesystem's own
/// rwsem) keeps fault and extent removal apart.
///
/// Its short mapping is now aligned to PMDs, now not, is populated, made read-only and writable
/// again, and moved with its page-table entries: each is another way in which an entry comes to be
/// or to be found. Its private mapping copies pages, which punches must leave and truncates take.
///
/// Kernel paths on this side: dax_iomap_fault under filemap_invalidate_lock_shared (XFS:
/// xfs_ilock XFS_MMAPLOCK_SHARED), iomap_begin, dax_insert_entry; move_page_tables,
/// change_protection, wp_page_copy, dax_fault_cow_page; dax_load_hole and
/// dax_pmd_load_hole, which map zero pages that a later write must take away. On the other:
/// ext4_punch_hole, xfs_free_file_space, ext4_setattr, xfs_setattr_size, and write(2)'s
/// invalidation of hole pages in dax_iomap_iter.
package struct Faulter: Actor {
    let settings: ActorSettings
    /// Where some of the latest private stores began, by the number of the file.
    private var kept: [(FileNumber, UInt64)] = Array(
        repeating: (FileNumber(index: 0), 0), count: 32)

    package init(_ settings: ActorSettings) { self.settings = settings }

    package mutating func step(_ context: ActorContext) {
        let file = context.anyFile()
        let bytes = context.range(settings, in: file)
        let words = context.words(bytes)
        let count = Int(min(UInt64(words.count), context.random.within(1...4)))
        switch context.random.weighted([120, 80, 160, 16, 4, 4, 4, 2, 12, 20, 12]) {
        case 0:
            context.faultLoad(
                file, dropping: dropped(context, bytes), word: words.lowerBound, count: count)
        case 1:
            context.faultStore(
                file, dropping: dropped(context, bytes), word: words.lowerBound, count: count)
        case 2:
            context.load(file, word: words.lowerBound, count: count)
        case 3:
            read(context, file)
        case 4:
            context.remap(file, synchronous: context.random.chance(1, in: 2))
        case 5:
            context.populate(
                file, dropped(context, bytes), writing: context.random.chance(1, in: 2))
        case 6:
            context.protect(file, dropped(context, bytes), word: words.lowerBound, count: count)
        case 7:
            context.moveMapping(file)
        case 8 where context.mayCopy:
            context.privateStore(file, word: words.lowerBound, count: count)
            kept[Int(context.random.below(UInt64(kept.count)))] = (file.number, words.lowerBound)
        case 10:
            // Whether a block is there at all, while it comes and goes.
            context.seek(file, context.random.chance(2, in: 3) ? .data : .hole, from: words)
        default:
            // Mostly what was stored there before; else the file itself, or the rest of a copy.
            let (number, word) = kept[Int(context.random.below(UInt64(kept.count)))]
            let isKept = context.random.chance(3, in: 4) && number == file.number
            context.privateLoad(file, word: isKept ? word : words.lowerBound, count: 1)
        }
    }

    /// The pages of the range, or all that one PMD maps: only then can a PMD fault follow.
    private func dropped(_ context: ActorContext, _ bytes: Range<UInt64>) -> Range<UInt64> {
        let pages = context.pages(bytes)
        guard context.random.chance(1, in: 8) else { return pages }
        let pmd = UInt64(Page.pmdPages)
        let first = pages.lowerBound / pmd * pmd
        return first..<first + pmd
    }

    /// One to four reads at once through io_uring.
    private func read(_ context: ActorContext, _ file: FileUnderTest) {
        let count = Int(context.random.within(1...4))
        let pieces = (0..<count).map { _ in
            let words = context.words(context.range(settings, in: file))
            return words.lowerBound..<words.lowerBound + min(UInt64(words.count), 64)
        }
        context.read(file, pieces)
    }
}
