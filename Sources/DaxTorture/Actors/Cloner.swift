import DaxModel
package import DaxOperations
import DaxSystem

/// Clones, copies, dedupes and exchanges ranges of the files under test, while both ends are mapped
/// and stored to.
///
/// The race: a clone makes blocks shared, and from then on a store through a mapping must first
/// copy its block. A page-table entry that stayed writable lets a store through to both files; a
/// copy that leaves out the edges shows what the block held before. An exchange gives each range
/// the other's blocks: a page that stays mapped, or is faulted in before the extents have changed
/// places, is the other file's from then on.
///
/// Kernel paths on this side: xfs_file_remap_range (xfs_reflink_remap_prep,
/// dax_dedupe_file_range_compare, xfs_reflink_remap_blocks), generic_copy_file_range,
/// xfs_reflink_unshare (dax_file_unshare), xfs_ioc_exchange_range (xfs_ilock2_io_mmap,
/// xfs_flush_unmap_range, xfs_exchange_mappings). On the other: dax_iomap_fault with IOMAP_F_SHARED
/// (dax_iomap_copy_around), write(2)'s invalidation of a mapped page that is copied, truncates and
/// punches of less than a block.
package struct Cloner: Actor {
    let settings: ActorSettings

    package init(_ settings: ActorSettings) { self.settings = settings }

    package mutating func step(_ context: ActorContext) {
        let (source, target) = (context.anyFile(), context.anyFile())
        let words = UInt64(Page.words)
        let from = context.pages(context.range(settings, in: source))
        let most = target.pages - UInt64(from.count)
        let to = min(context.hotWindow.page(&context.random) % target.pages, most)
        let range = to * words..<(to + UInt64(from.count)) * words
        let first = from.lowerBound * words
        switch context.random.weighted(settings.exchanges ? [5, 3, 3, 1, 6] : [5, 3, 3, 1]) {
        case 0:
            context.clone(target, range, from: source, at: first)
        case 1:
            // Any word will do here.
            let less = context.random.below(words)
            context.copy(
                target, range.lowerBound + less..<range.upperBound, from: source, at: first)
        case 2:
            // What was just copied is the same, if nobody was quicker.
            context.copy(target, range, from: source, at: first)
            context.dedupe(target, range, with: source, at: first)
        case 3:
            let bytes = UInt64(range.count) * 8
            context.extents(
                target, [.space(.unshare, offset: range.lowerBound * 8, length: bytes)],
                linked: false)
        default:
            exchange(context, target, range, with: source, at: first)
        }
    }

    /// Ranges of one file that overlap are moved apart, since they are refused, and actors that work
    /// in the same few pages would draw little else.
    private func exchange(
        _ context: ActorContext, _ file: FileUnderTest, _ words: ActorContext.Words,
        with other: FileUnderTest,
        at start: UInt64
    ) {
        let length = UInt64(words.count)
        var start = start
        if file === other && start < words.upperBound && words.lowerBound < start + length {
            let end = file.pages * UInt64(Page.words)
            start =
                end - words.upperBound >= length
                ? words.upperBound : words.lowerBound - min(words.lowerBound, length)
        }
        let flags: [ExchangeFlags] = [[], .durable, .dryRun]
        context.exchange(
            file, words, with: other, at: start, flags[context.random.weighted([6, 1, 1])])
    }
}
