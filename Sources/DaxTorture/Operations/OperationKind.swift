/// What an actor can do to a file: one call or one access, with the path that it takes. What is known of
/// each is a row of `traits`.
package enum OperationKind: UInt8, BitwiseCopyable, CaseIterable, Sendable {
    /// A store through a long-lived mapping.
    case store
    /// A load through a long-lived mapping.
    case load
    /// A load of a page whose page-table entry was dropped just before: a read fault.
    case faultLoad
    /// A store to a page whose page-table entry was dropped just before: a write fault.
    case faultStore
    /// A write through io_uring.
    case write
    /// A read through io_uring.
    case read
    /// pread(2), or preadv2(2) with flags.
    case pread
    /// pwrite(2), or pwritev2(2) with RWF_HIPRI or RWF_NOWAIT.
    case pwrite
    /// pread(2) or preadv2(2) on an O_DIRECT descriptor.
    case directRead
    /// pwrite(2) or pwritev2(2) on an O_DIRECT descriptor.
    case directWrite
    /// A write on an O_SYNC descriptor, or with RWF_DSYNC or RWF_SYNC.
    case syncWrite
    /// A read through io_uring of a registered file into a registered buffer.
    case fixedRead
    /// A write through io_uring to a registered file from a registered buffer.
    case fixedWrite
    /// A page pinned in a pipe (vmsplice(2)), and what it held when the pipe was read.
    case pin
    /// A page pinned in a pipe (vmsplice(2)) whose mapping is unmapped before the pipe is read.
    case unmappedPin
    /// A page pinned in a pipe (vmsplice(2)), of a file that nobody maps any more, while it is punched.
    case privatePin
    /// lseek(2), SEEK_DATA.
    case seekData
    /// lseek(2), SEEK_HOLE.
    case seekHole
    /// A read from one file into a mapping of another, or of the same.
    case readInto
    /// A write to one file from a mapping of another, or of the same.
    case writeFrom
    case truncate
    case punch
    /// fallocate ZERO_RANGE with KEEP_SIZE.
    case zero
    /// fallocate, growing the file.
    case allocate
    /// fallocate(2) with KEEP_SIZE: blocks, also beyond the end of file.
    case allocateKeepSize
    case fsync
    case msync
    /// A store by vectors of 16 or 32 bytes.
    case vectorStore
    /// A store by one REP MOVSB.
    case stringStore
    /// A store to a private copy.
    case privateStore
    /// A load through a private mapping.
    case privateLoad
    /// A flush of cache lines and a fence, as libpmem2's persist.
    case persist
    /// fallocate COLLAPSE_RANGE.
    case collapse
    /// fallocate INSERT_RANGE.
    case insert
    /// fallocate UNSHARE_RANGE.
    case unshare
    /// FICLONERANGE.
    case clone
    /// copy_file_range(2).
    case copy
    /// FIDEDUPERANGE.
    case dedupe
    /// XFS_IOC_EXCHANGE_RANGE.
    case exchange
    /// madvise MADV_DONTNEED.
    case dontNeed
    /// munmap and mmap.
    case remap
    /// open(2) of a file under test, and close(2) of the descriptor that was.
    case reopen
    /// sync_file_range(2).
    case syncRange
    /// syncfs(2).
    case syncfs
    /// Making a file of the actor's own, or emptying it by O_TRUNC.
    case create
    /// renameat2(2) of a file of the actor's own.
    case rename
    /// link(2) of a file of the actor's own.
    case link
    /// unlink(2) of a file of the actor's own.
    case unlink
    /// A store through the mapping of a file of the actor's own.
    case ownStore
    /// A load through the mapping of a file of the actor's own, or a read of the file.
    case ownLoad
    /// Taking all space of the filesystem.
    case fill
    /// Giving back the space that a fill took.
    case drain
    /// FIFREEZE.
    case freeze
    /// FITHAW.
    case thaw
    /// mount(2), MS_REMOUNT.
    case remount
    /// /proc/sys/vm/drop_caches.
    case dropCaches
    /// FS_IOC_FSSETXATTR, FS_XFLAG_DAX.
    case flag
    /// madvise MADV_POPULATE_READ.
    case populate
    /// madvise MADV_POPULATE_WRITE.
    case populateWrite
    /// mprotect, to read-only or back.
    case protect
    /// mremap(2): moved, or shrunk and grown.
    case mremap
    /// munmap and mmap to an address at which no PMD can map the file.
    case mmapMisaligned
    /// A load by a child, through a mapping that it inherited.
    case childLoad
    /// A store by a child, through a mapping that it inherited.
    case childStore
    /// A page of a file of the actor's own that is pinned while it is cut off.
    case recycledPin
    /// A read of a file of the actor's own while what it reads is cut off.
    case recycledRead
    /// A write to a file of the actor's own while what it writes is cut off.
    case recycledWrite
    /// Loads through the mapping of a file of the actor's own while what it maps moves to another offset.
    case shiftedLoad
    /// Loads through the mapping of a file of the actor's own while some words of it are punched or zeroed.
    case partialPunchLoad
    /// madvise MADV_HWPOISON of a page of a file of the actor's own.
    case memoryFailure
    /// An entry in the device's list of bad blocks, for a block of a file of the actor's own.
    case badBlock
    /// A load of a page that has a bad block.
    case poisonedLoad
    /// A read of a page that has a bad block.
    case poisonedRead
    /// A write over a page that has a bad block, which clears the entry in the list.
    case poisonRewrite
    /// A punch of a page that has a bad block, and a store that has it allocated again.
    case poisonPunch
}

/// Through what an operation reached the file.
package enum AccessPath: UInt8, BitwiseCopyable, CaseIterable, Sendable {
    case mapping
    case uring
    case syscall

    package var name: String {
        switch self {
        case .mapping: "mapping"
        case .uring: "io_uring"
        case .syscall: "system call"
        }
    }
}
