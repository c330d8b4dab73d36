import DaxModel
package import DaxOperations
import DaxSystem

/// Freezes the filesystem for some milliseconds and thaws it again.
///
/// The race: freezing must first stop writers, then page faults that may write, then the journal,
/// each while the others still run, and write everything back in between. A fault that slips
/// through dirties a page that is called clean, and its page-table entry stays writable through
/// the freeze; as does an entry that the writing back forgot to protect: of one block that PTEs map
/// here and a PMD there, or of a child.
///
/// Kernel paths on this side: freeze_super (SB_FREEZE_WRITE, SB_FREEZE_PAGEFAULT, sync_filesystem,
/// SB_FREEZE_FS), ext4_freeze, xfs_fs_freeze, thaw_super. On the other: sb_start_write of write(2),
/// fallocate and truncate, sb_start_pagefault of ext4_dax_fault and xfs_filemap_fault.
package struct Freezer: Actor {
    let settings: ActorSettings
    /// In nanoseconds.
    private static let held = 100_000...5_000_000 as ClosedRange<UInt64>
    /// As long as it takes for every other actor to come to a store that must wait.
    private static let longHeld = 20_000_000...50_000_000 as ClosedRange<UInt64>

    package init(_ settings: ActorSettings) { self.settings = settings }

    /// Whatever is frozen is thawed when this returns.
    package mutating func step(_ context: ActorContext) {
        if context.isRefused(.freeze) { return Clock.sleep(nanoseconds: 1_000_000) }
        guard context.freeze() else { return }
        let isLong = context.random.chance(1, in: 3)
        Clock.sleep(
            nanoseconds: context.random.within(isLong ? Freezer.longHeld : Freezer.held))
        context.thaw()
    }
}
