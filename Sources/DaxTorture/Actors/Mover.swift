import DaxModel
package import DaxOperations
import DaxSystem

/// Takes blocks out of the middle of the file and puts holes into it, so that everything behind
/// them moves.
///
/// The race: every page from the range on changes its block. A store that comes between the flush
/// and the unmapping, or a fault between the unmapping and the move of the extents, goes to a
/// block that is about to stand for another offset.
///
/// Kernel paths on this side: ext4_collapse_range, ext4_insert_range (ext4_break_layouts,
/// truncate_pagecache, ext4_ext_shift_extents), xfs_collapse_file_space, xfs_insert_file_space
/// (xfs_prepare_shift, xfs_bmap_collapse_extents, xfs_bmap_insert_extents), all under
/// invalidate_lock. On the other: every store, load and fault behind the range.
package struct Mover: Actor {
    let settings: ActorSettings
    /// How much each file has lost to this actor: only as much is ever inserted, so that files stay
    /// as large as they are meant to be, or nearly so.
    private var taken: [FileNumber: UInt64] = [:]

    package init(_ settings: ActorSettings) { self.settings = settings }

    package mutating func step(_ context: ActorContext) {
        let file = context.anyFile()
        let page = UInt64(Page.bytes)
        let bytes = context.pages(context.range(settings, in: file))
        let offset = bytes.lowerBound * page
        if let length = taken[file.number] {
            context.extents(
                file, [.space(.insert, offset: offset, length: length)], linked: false)
            if context.succeeded { taken[file.number] = nil }
        } else {
            let length = UInt64(bytes.count) * page
            context.extents(
                file, [.space(.collapse, offset: offset, length: length)], linked: false)
            if context.succeeded { taken[file.number] = length }
        }
    }
}
