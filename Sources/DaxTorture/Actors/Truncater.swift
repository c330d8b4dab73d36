import DaxModel
package import DaxOperations
import DaxSystem

/// Shrinks the file and lets it grow again, through io_uring where the kernel can.
///
/// The race: i_size falls first, the pages are unmapped next, the blocks are freed last. A fault
/// in between must not map a block that is about to be freed, an access after the return must
/// take SIGBUS, and what was cut off must read as zero once the file has grown again.
///
/// Kernel paths on this side: ext4_setattr (ext4_break_layouts, truncate_pagecache,
/// ext4_truncate), xfs_vn_setattr (xfs_break_layouts, xfs_setattr_size, truncate_setsize,
/// xfs_itruncate_extents), dax_truncate_page for the tail. On the other: the size check at the
/// head of dax_iomap_pte_fault and dax_iomap_pmd_fault, and every mapping that outlives it.
package struct Truncater: Actor {
    let settings: ActorSettings

    package init(_ settings: ActorSettings) { self.settings = settings }

    package mutating func step(_ context: ActorContext) {
        let file = context.anyFile()
        switch context.random.weighted([10, 6, 2, 2, 1]) {
        case 0:
            // Into the window where the others are, so that part of it is beyond the end.
            context.extents(file, [.truncate(to: size(context, file))], linked: false)
        case 1:
            context.extents(file, [.truncate(to: file.limit)], linked: false)
            refill(context, file)
        case 2:
            // Down and up again without a pause: what was cut off must not come back.
            context.extents(
                file, [.truncate(to: size(context, file)), .truncate(to: file.limit)], linked: true)
            refill(context, file)
        case 3:
            // Space for the whole file in one piece: the only way to large aligned extents, and
            // so to PMD faults on written data.
            context.extents(
                file,
                [.truncate(to: 0), .space(.allocate, offset: 0, length: file.limit)], linked: true)
            refill(context, file)
        default:
            let bytes = context.range(settings, in: file)
            context.extents(
                file,
                [
                    .space(
                        .allocate, offset: bytes.lowerBound, length: UInt64(bytes.count))
                ], linked: false)
        }
    }

    /// Half of the time writes to what has grown back, where the others are.
    private func refill(_ context: ActorContext, _ file: FileUnderTest) {
        guard context.random.chance(1, in: 2) else { return }
        context.refill(
            file, context.hotWindow.page(&context.random) * UInt64(Page.bytes)..<file.limit)
    }

    /// Mostly whole pages; now and then within one, at a whole word.
    private func size(_ context: ActorContext, _ file: FileUnderTest) -> UInt64 {
        // In a duel about PMD faults the whole PMD goes: what stays of one keeps them away.
        if let duel = context.duel, duel.size == .pmd, context.random.chance(7, in: 8) {
            return duel.hotWindow.window.lowerBound * UInt64(Page.bytes)
        }
        let page = context.hotWindow.page(&context.random) * UInt64(Page.bytes)
        guard context.random.chance(1, in: 4) else { return page }
        return page + context.random.below(UInt64(Page.words)) * UInt64(Page.wordBytes)
    }
}
