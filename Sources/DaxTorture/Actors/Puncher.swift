import DaxModel
package import DaxOperations
import DaxSystem

/// Punches holes, zeroes ranges and allocates space again under everybody's mappings, in batches
/// through io_uring; in free epochs it writes to the first range again half of the time.
///
/// The race: the block of a mapped page is freed and given to somebody else. Before that every
/// page-table entry that names it must be gone, and no fault may bring one back until the extent
/// tree says "hole".
///
/// Kernel paths on this side: ext4_punch_hole, ext4_zero_range, xfs_free_file_space,
/// xfs_zero_file_space: layouts broken, pages unmapped and dropped, extents removed or made
/// unwritten under invalidate_lock; dax_zero_range for what is less than a block. On the other:
/// the faults and stores of writers and faulters, and reads that find a hole or an unwritten
/// extent.
package struct Puncher: Actor {
    let settings: ActorSettings

    package init(_ settings: ActorSettings) { self.settings = settings }

    package mutating func step(_ context: ActorContext) {
        let file = context.anyFile()
        let count = context.random.chance(1, in: 3) ? Int(context.random.within(2...4)) : 1
        let places = (0..<count).map { _ in place(context, file) }
        let operations = places.map { bytes in
            ExtentOperation.space(
                mode(context), offset: bytes.lowerBound, length: UInt64(bytes.count))
        }
        context.extents(file, operations, linked: context.random.chance(1, in: 2))
        if context.random.chance(1, in: 2) { context.refill(file, places[0]) }
    }

    private func mode(_ context: ActorContext) -> SpaceMode {
        switch context.random.weighted([6, 2, 2]) {
        case 0: .punch
        case 1: .zeroKeepSize
        default: .allocateKeepSize
        }
    }

    /// As the settings say; at times a whole PMD, at times less than a block.
    private func place(_ context: ActorContext, _ file: FileUnderTest) -> Range<UInt64> {
        let bytes = context.range(settings, in: file)
        // Less than a PMD leaves neither the extent nor the entry of one.
        switch context.random.weighted(context.duel?.size == .pmd ? [1, 14, 1] : [12, 1, 3]) {
        case 0:
            return bytes
        case 1:
            let pmd = UInt64(Page.pmdBytes)
            let start = bytes.lowerBound / pmd * pmd
            return start..<start + pmd
        default:
            let word = UInt64(Page.wordBytes)
            let start = bytes.lowerBound + context.random.below(UInt64(Page.words)) * word
            let end = start + context.random.within(1...511) * word
            return min(start, file.limit - word)..<min(end, file.limit)
        }
    }
}
