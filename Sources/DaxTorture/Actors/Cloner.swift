import DaxModel
public import DaxOperations
import DaxSystem

/// Clones, copies and dedupes ranges of the files under test onto each other, while both ends are
/// mapped and stored to.
///
/// The race: a clone makes blocks shared, and from then on a store through a mapping must first
/// copy its block. A page-table entry that stayed writable lets a store through to both files; a
/// copy that leaves out the edges shows what the block held before.
///
/// Kernel paths on this side: xfs_file_remap_range (xfs_reflink_remap_prep,
/// dax_dedupe_file_range_compare, xfs_reflink_remap_blocks), generic_copy_file_range,
/// xfs_reflink_unshare (dax_file_unshare). On the other: dax_iomap_fault with IOMAP_F_SHARED
/// (dax_iomap_copy_around), write(2)'s invalidation of a mapped page that is copied, truncates and
/// punches of less than a block.
public struct Cloner: Actor {
    let settings: ActorSettings

    public init(_ settings: ActorSettings) { self.settings = settings }

    public mutating func step(_ hand: Hand) {
        let (source, target) = (hand.anyFile(), hand.anyFile())
        let words = UInt64(Page.words)
        let from = hand.pages(hand.range(settings, in: source))
        let most = target.pages - UInt64(from.count)
        let to = min(hand.focus.page(&hand.random) % target.pages, most)
        let range = to * words..<(to + UInt64(from.count)) * words
        let first = from.lowerBound * words
        switch hand.random.weighted([5, 3, 3, 1]) {
        case 0:
            hand.clone(target, range, from: source, at: first)
        case 1:
            // Any word will do here.
            let less = hand.random.below(words)
            hand.copy(
                target, range.lowerBound + less..<range.upperBound, from: source, at: first)
        case 2:
            // What was just copied is the same, if nobody was quicker.
            hand.copy(target, range, from: source, at: first)
            hand.dedupe(target, range, with: source, at: first)
        default:
            let bytes = UInt64(range.count) * 8
            hand.extents(
                target, [.space(.unshare, offset: range.lowerBound * 8, length: bytes)],
                linked: false)
        }
    }
}
