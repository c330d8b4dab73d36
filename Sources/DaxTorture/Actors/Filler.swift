import DaxModel
package import DaxOperations
import DaxSystem

/// Takes all space of the filesystem for some milliseconds, and gives it back.
///
/// The race: a write fault on a hole finds no block and must end in SIGBUS, with nothing mapped; a
/// write that ends short must take back what it put beyond the end; a punch or a fallocate that
/// fails half way must leave what it did not reach as it was. And freed blocks, the only ones there
/// are, go from file to file at once.
///
/// Kernel paths on this side: ext4_fallocate, xfs_alloc_file_space, down to the last block;
/// ext4_should_retry_alloc, xfs_blockgc_flush_all and xfs_inodegc. On the other: dax_iomap_fault
/// (dax_fault_return of ENOSPC), iomap_begin, ext4_ext_map_blocks and its splitting of extents,
/// xfs_unmap_extent and whatever else asks for a reservation.
package struct Filler: Actor {
    let settings: ActorSettings
    private var ballast: Ballast?
    /// In nanoseconds.
    private static let held = 1_000_000...30_000_000 as ClosedRange<UInt64>

    package init(_ settings: ActorSettings) { self.settings = settings }

    /// Whatever is filled is empty again when this returns: a quiet point finds room.
    package mutating func step(_ context: ActorContext) {
        let ballast = self.ballast ?? Ballast(context)
        self.ballast = ballast
        context.fill(ballast)
        Clock.sleep(nanoseconds: context.random.within(Filler.held))
        context.drain(ballast)
        // Both filesystems give freed blocks out again only after a commit.
        context.syncFilesystem()
    }
}
