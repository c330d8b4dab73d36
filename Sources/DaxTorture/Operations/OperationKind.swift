/// What an actor can do to a file: one call or one access, with the path that it takes.
public enum OperationKind: UInt8, CaseIterable, Sendable {
    /// A store through a long-lived mapping.
    case store
    /// A load through a long-lived mapping.
    case load
    /// A load of a page whose page-table entry was dropped just before: a read fault.
    case faultLoad
    /// A store to such a page: a write fault.
    case faultStore
    /// A write through io_uring.
    case write
    /// A read through io_uring.
    case read
    case truncate
    case punch
    /// fallocate ZERO_RANGE with KEEP_SIZE.
    case zero
    /// fallocate, growing the file.
    case allocate
    /// fallocate KEEP_SIZE.
    case reserve
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
    /// madvise MADV_DONTNEED.
    case forget
    /// munmap and mmap.
    case remap
    /// madvise MADV_POPULATE_READ.
    case populate
    /// madvise MADV_POPULATE_WRITE.
    case populateWrite
    /// mprotect, to read-only or back.
    case protect
    /// mremap: moved, or shrunk and grown.
    case move
    /// munmap and mmap to an address at which no PMD can map the file.
    case misalign

    /// Its key among the report's operations.
    public var name: String {
        switch self {
        case .store: "store"
        case .load: "load"
        case .faultLoad: "fault"
        case .faultStore: "fault write"
        case .write: "write"
        case .read: "read"
        case .truncate: "truncate"
        case .punch: "punch"
        case .zero: "zero range"
        case .allocate: "allocate"
        case .reserve: "allocate keep size"
        case .fsync: "fsync"
        case .msync: "msync"
        case .persist: "persist"
        case .privateStore: "private store"
        case .privateLoad: "private load"
        case .vectorStore: "store vectors"
        case .stringStore: "store string"
        case .collapse: "collapse range"
        case .insert: "insert range"
        case .unshare: "unshare range"
        case .clone: "clone range"
        case .copy: "copy_file_range"
        case .dedupe: "dedupe range"
        case .forget: "madvise"
        case .remap: "mmap"
        case .misalign: "mmap misaligned"
        case .populate: "populate"
        case .populateWrite: "populate write"
        case .protect: "mprotect"
        case .move: "mremap"
        }
    }
}

/// Through what an operation reached the file.
public enum AccessPath: UInt8, CaseIterable, Sendable {
    case mapping
    case uring
    case syscall

    public var name: String {
        switch self {
        case .mapping: "mapping"
        case .uring: "io_uring"
        case .syscall: "system call"
        }
    }
}
