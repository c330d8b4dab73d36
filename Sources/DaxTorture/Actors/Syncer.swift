import DaxModel
package import DaxOperations

/// Writes back, again and again: fsync, msync, sync_file_range and syncfs, without anything of its
/// own to write.
///
/// The race: writeback walks the dirty entries of the mapping's tree, makes their pages read-only
/// in every page table, flushes them and calls them clean, while stores make them dirty again and
/// punches take them away. A store that comes between the flush and the clean mark is not durable;
/// an entry that was taken away under the walk is somebody else's block.
///
/// Kernel paths on this side: ext4_sync_file and ext4_dax_writepages, xfs_file_fsync and
/// xfs_dax_writepages; dax_writeback_mapping_range, dax_writeback_one (pfn_mkclean_range,
/// dax_flush); sync_filesystem and the journal's commit. On the other: dax_iomap_fault's
/// dax_insert_entry and wp faults by page_mkwrite, dax_delete_mapping_entry, and every transaction.
package struct Syncer: Actor {
    let settings: ActorSettings

    package init(_ settings: ActorSettings) { self.settings = settings }

    package mutating func step(_ context: ActorContext) {
        let file = context.anyFile()
        switch context.random.weighted([4, 4, 2, 1]) {
        case 0: context.fsync(file)
        case 1: context.msync(file, words: context.words(context.range(settings, in: file)))
        case 2: context.syncRange(file, words: context.words(context.range(settings, in: file)))
        default: context.syncFilesystem()
        }
    }
}
