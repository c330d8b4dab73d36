import DaxOperations
import Glibc

/// What excuses one call: the errnos that the situation and its own circumstances allow, by reason.
struct Excuses {
    /// Errnos of a call for which there may have been no space.
    var space: [Int32] = []
    /// Errnos where there may have been no space, for calls that allocate only without DAX.
    var lateSpace: [Int32] = []
    /// Errnos where the block may be bad: dax_direct_access refuses it, which dax_iomap_iter makes
    /// EIO.
    var media: [Int32] = []
    /// Errnos where what came before the call in a chain failed or came short (io_uring's
    /// IOSQE_IO_LINK).
    var chain: [Int32] = []
    /// Errnos of any read or write.
    var transfer: [Int32] = []
    /// Errnos where this process may lack a right, or the filesystem the call.
    var rights: [Int32] = []
    /// Errnos where the filesystem has no blocks that files share.
    var withoutSharing: [Int32] = []
    var isExt4: Bool
    var memoryFails: Bool
    var freezers: Bool
    var otherFreezers: Bool
    /// Whether a signal came that ends an interruptible wait.
    var signalled: Bool

    init(_ record: Record, in situation: Situation) {
        let mayBeFull = situation.space.mayRunOut(
            over: record.interval, retried: record.kind.traits.space == .retries)
        let (circumstances, isShared) = (record.circumstances, situation.isShared)
        isExt4 = situation.filesystem == .ext4
        memoryFails = situation.memoryFails
        freezers = situation.freezers > 0 || isShared
        otherFreezers = situation.freezers > 1 || isShared
        // A quota is somebody else's.
        if mayBeFull { space = isShared ? [ENOSPC, EDQUOT] : [ENOSPC] }
        if situation.throughPageCache { lateSpace = space }
        if memoryFails { media = [EIO] }
        if circumstances.contains(.chained) { chain = [ECANCELED] }
        transfer = media + chain
        // IOCB_NOWAIT: inode_trylock, xfs_ilock_iocb, kiocb_modified.
        if circumstances.contains(.noWait) {
            transfer += [EAGAIN]
            // generic_write_checks_count: IOCB_NOWAIT is for O_DIRECT and FMODE_BUF_WASYNC, which ext4
            // does not have, nor has XFS before 6.0.
            if [.pwrite, .syncWrite].contains(record.kind) { transfer += [EINVAL] }
        }
        if circumstances.contains(.cutBuffer) { transfer += [EFAULT] }
        if situation.throughPageCache {
            // Direct transfers want whole sectors (iomap_dio_bio_iter) and pages that can be dropped;
            // ext4_buffered_write_iter knows no IOCB_NOWAIT, and a device need not poll.
            // A sync write is one, too, where RWF_DSYNC or RWF_SYNC came to an O_DIRECT descriptor.
            let isDirect = [.directRead, .directWrite, .syncWrite].contains(record.kind)
            transfer += isDirect ? [EINVAL, EOPNOTSUPP, EBUSY] : [EOPNOTSUPP]
        }
        if isShared { rights = [EPERM, EACCES, EROFS, EINVAL, ENOTTY, EOPNOTSUPP] }
        if !situation.sharesBlocks || isExt4 || isShared { withoutSharing = [EOPNOTSUPP] }
        // Waits that a signal ends: ext4_break_layouts, xfs_break_dax_layouts, pipes, copies.
        signalled = situation.signalled
    }
}
