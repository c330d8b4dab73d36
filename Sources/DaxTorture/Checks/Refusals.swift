import DaxOperations
import Glibc

/// Rule R13: a call fails only with an errno that a call of its kind may give in this situation.
///
/// What is not in the table is a violation. Each row says which path of the kernel gives what it
/// allows; what a man page or a header allows is here even where no kernel was seen to do it, if the
/// situation is one that it speaks of. None has a default: a new kind must say what it may refuse.
extension OperationKind {
    /// The errnos that a call of this kind may fail with, given what excuses it.
    func refusals(_ may: Excuses) -> [Int32] {
        switch self {
        case .store, .load, .faultLoad, .faultStore, .vectorStore, .stringStore, .privateStore,
            .privateLoad, .persist, .ownStore, .poisonedLoad:
            // No call: what keeps an access from its end is a signal (R5).
            []
        case .childLoad, .childStore:
            // Its process was killed in it (`ActorContext.fork`), which is reported as R10.
            [EINTR]
        case .read, .fixedRead, .pread, .directRead:
            // dax_iomap_iter; the copy to the caller's memory.
            may.transfer
        case .write, .fixedWrite, .pwrite, .directWrite, .syncWrite:
            // ext4_iomap_alloc, xfs_iomap_write_direct: blocks; dax_iomap_iter.
            may.transfer + may.space
        case .readInto:
            // The lent page is beyond its file's end, or a hole that gets no block: copy_to_iter
            // faults, and moves nothing (dax_iomap_iter: EFAULT).
            [EFAULT] + may.media
        case .writeFrom:
            // As above, with dax_copy_from_iter; and blocks for what is written.
            [EFAULT] + may.media + may.space
        case .pin, .unmappedPin, .privatePin:
            // get_user_pages_fast of a page beyond the end or of a hole without a block; vmsplice(2)
            // and mmap(2) name ENOMEM.
            [EFAULT, ENOMEM]
        case .seekData, .seekHole:
            // No data behind, or the end of file (iomap_seek_data, iomap_seek_hole).
            [ENXIO]
        case .recycledPin, .recycledRead, .recycledWrite:
            // A pin, and copies that userfaultfd holds. The write may need blocks.
            [EFAULT] + may.space
        case .truncate:
            // dax_truncate_page copies a shared block (xfs_reflink_allocate_cow); ext4 and XFS split
            // extents at the cut.
            may.space + may.media + may.chain
        case .punch, .zero, .allocate, .allocateKeepSize:
            // ext4_alloc_file_blocks, xfs_alloc_file_space; extents that are split
            // (ext4_split_extent, xfs_unmap_extent); the ends are zeroed (dax_zero_range).
            may.space + may.media + may.chain
        case .unshare:
            // xfs_reflink_unshare. ext4_fallocate does not know the mode.
            may.space + may.media + may.chain + (may.isExt4 ? [EOPNOTSUPP] : [])
        case .collapse, .insert:
            // EINVAL: the range reaches the end of file (ext4_collapse_range, ext4_insert_range,
            // xfs_file_fallocate), which a truncate may have moved. Extents are split.
            [EINVAL] + may.space + may.media + may.chain
        case .clone:
            // EINVAL: the source ends before the range does, or ranges of one file overlap
            // (generic_remap_checks); DAX and sharing exclude each other before Linux 5.19
            // (xfs_reflink_remap_prep); less was cloned than asked, for space perhaps
            // (ioctl_file_clone_range). EOPNOTSUPP: no remap_file_range, or no reflink.
            [EINVAL] + may.space + may.media + may.withoutSharing
        case .dedupe:
            // As clone; ENOMEM by ioctl_fideduperange(2).
            [EINVAL, ENOMEM] + may.space + may.media + may.withoutSharing
        case .copy:
            // EINVAL: ranges of one file that overlap (generic_copy_file_checks). It goes through a
            // pipe, whose pages may be lacking (copy_file_range(2): ENOMEM).
            [EINVAL, ENOMEM] + may.space + may.media
        case .exchange:
            // EINVAL: a range reaches beyond its file's end (xfs_exchange_range_checks). Space for
            // the records of both extent maps (xfs_exchmaps_estimate); ENOMEM by its man page.
            [EINVAL, ENOMEM] + may.space + may.media
        case .fsync, .msync, .syncRange:
            // dax_writeback_mapping_range looks a page up (dax_direct_access). Without DAX blocks may
            // only now be allocated.
            may.media + may.chain + may.lateSpace
        case .syncfs:
            may.media + may.lateSpace
        case .dontNeed:
            // madvise_dontneed_single_vma fails for no mapping that is whole and unlocked.
            []
        case .remap, .mmapMisaligned, .protect, .mremap:
            // Areas of memory that are split or made anew: mmap(2), mprotect(2), mremap(2).
            [ENOMEM]
        case .reopen:
            // Memory for the descriptor (open(2)); the file is there.
            [ENOMEM]
        case .populate, .populateWrite:
            // EFAULT is a SIGBUS to the record. EINVAL before Linux 5.14; madvise(2) names ENOMEM, and
            // EHWPOISON for memory that failed.
            [ENOMEM, EINVAL] + (may.memoryFails ? [EHWPOISON] : [])
        case .create, .unlink, .link:
            // Blocks for the file or for a directory.
            may.space + may.media
        case .rename:
            // RENAME_NOREPLACE onto a name that is there; RENAME_EXCHANGE with one that is not.
            [EEXIST, ENOENT] + may.space
        case .ownLoad:
            may.media
        case .fill:
            // That is what it is for.
            [ENOSPC, EDQUOT]
        case .drain, .shiftedLoad, .partialPunchLoad:
            // The calls behind them have each their own result.
            []
        case .freeze:
            // EBUSY: it is frozen already (freeze_super).
            (may.otherFreezers ? [EBUSY] : []) + may.rights
        case .thaw:
            // EINVAL: somebody else has thawed it (thaw_super).
            (may.otherFreezers ? [EINVAL] : []) + may.rights
        case .remount:
            // EBUSY: it is frozen (reconfigure_super).
            (may.freezers ? [EBUSY] : []) + may.rights
        case .dropCaches:
            may.rights
        case .flag:
            // A transaction on the inode, and the quota's.
            may.rights + may.space
        case .memoryFailure:
            // EINVAL: a kernel without CONFIG_MEMORY_FAILURE; EPERM without CAP_SYS_ADMIN.
            [EINVAL, EPERM]
        case .badBlock:
            // The list of bad blocks is full (badblocks_set).
            [ENOSPC]
        case .poisonedRead:
            // That is what it is for; that it is nothing else, `FailureVerdict` says.
            [EIO]
        case .poisonRewrite:
            // A device that cannot clear a bad block keeps it.
            [EIO] + may.space
        case .poisonPunch:
            [EIO] + may.space
        }
    }
}
