private typealias Row = OperationTraits

extension OperationKind {
    /// What is known of an operation of this kind (`OperationTraits` says what each column means).
    ///
    /// The one table of kinds: neither here nor where a column is asked is there a default, so that a new
    /// kind has to say all of it. It is a switch and no dictionary, since actors ask it between operations,
    /// where nothing may be allocated.
    // The columns are aligned.
    // swift-format-ignore
    package var traits: OperationTraits {
        switch self {
        //                       name                   effect      faults  space     reach    reference parts
        // Through mappings.
        case .store:            Row("store",               .store,     .write, .retries, .range,  .stamps,  .access)
        case .faultStore:       Row("fault write",         .store,     .write, .retries, .range,  .stamps,  .access, told: "faulting store")
        case .vectorStore:      Row("store vectors",       .store,     .write, .retries, .range,  .stamps,  .bulkStore)
        case .stringStore:      Row("store string",        .store,     .write, .retries, .range,  .stamps,  .bulkStore)
        case .childStore:       Row("child store",         .store,     .write, .retries, .range,  .stamps,  .access)
        case .load:             Row("load",                .nothing,   .read,  .none,    .range,  .values,  .access)
        case .faultLoad:        Row("fault",               .nothing,   .read,  .none,    .range,  .values,  .access, told: "faulting load")
        case .childLoad:        Row("child load",          .nothing,   .read,  .none,    .range,  .values,  .access)
        case .privateStore:     Row("private store",       .nothing,   .read,  .none,    .range,  .stamps,  .privateAccess)
        case .privateLoad:      Row("private load",        .nothing,   .read,  .none,    .range,  .values,  .privateAccess)
        case .pin:              Row("splice pin",          .nothing,   .read,  .none,    .range,  .values,  .access)
        case .unmappedPin:      Row("unmapped splice pin", .nothing,   .read,  .none,    .range,  .values,  .access)
        case .privatePin:       Row("private splice pin",  .nothing,   .read,  .none,    .range,  .values,  .access)
        case .persist:          Row("persist",             .nothing,   .read,  .none,    .range,  .none,    .access)
        case .populate:         Row("populate",            .nothing,   .read,  .none,    .range,  .none,    .access)
        case .populateWrite:    Row("populate write",      .nothing,   .write, .retries, .range,  .none,    .access)

        // Of mappings and descriptors.
        case .dontNeed:         Row("madvise",             .nothing,   .none,  .none,    .range,  .none,    .none, .prepares)
        case .remap:            Row("mmap",                .nothing,   .none,  .none,    .range,  .none,    .none, .prepares)
        case .mmapMisaligned:   Row("mmap misaligned",     .nothing,   .none,  .none,    .range,  .none,    .none)
        case .protect:          Row("mprotect",            .nothing,   .none,  .none,    .range,  .none,    .none)
        case .mremap:           Row("mremap",              .nothing,   .none,  .none,    .range,  .none,    .none)
        case .reopen:           Row("reopen",              .nothing,   .none,  .none,    .range,  .none,    .none, .prepares)

        // Reads.
        case .read:             Row("read",                .nothing,   .none,  .none,    .range,  .values,  .access, .addsRing)
        case .pread:            Row("pread",               .nothing,   .none,  .none,    .range,  .values,  .access)
        case .directRead:       Row("direct read",         .nothing,   .none,  .none,    .range,  .values,  .access)
        case .fixedRead:        Row("fixed read",          .nothing,   .none,  .none,    .range,  .values,  .access)
        case .seekData:         Row("seek data",           .excuse,    .none,  .none,    .range,  .none,    .access)
        case .seekHole:         Row("seek hole",           .excuse,    .none,  .none,    .range,  .none,    .access)

        // Writes.
        case .write:            Row("write",               .call,      .none,  .retries, .range,  .stamps,  .write, [.shortNeedsReason, .addsRing])
        case .pwrite:           Row("pwrite",              .call,      .none,  .retries, .range,  .stamps,  .write, .shortNeedsReason)
        case .directWrite:      Row("direct write",        .call,      .none,  .retries, .range,  .stamps,  .write, .shortNeedsReason)
        case .syncWrite:        Row("sync write",          .call,      .none,  .retries, .range,  .stamps,  .write, .shortNeedsReason)
        case .fixedWrite:       Row("fixed write",         .call,      .none,  .retries, .range,  .stamps,  .write, .shortNeedsReason)

        // From file to file.
        case .writeFrom:        Row("write from mapping",  .call,      .lent,  .retries, .range,  .source,  .copy)
        case .readInto:         Row("read into mapping",   .lentStore, .lent,  .asks,    .range,  .source,  .lentCopy)
        case .copy:             Row("copy_file_range",     .call,      .none,  .asks,    .blocks, .source,  .copy)
        case .clone:            Row("clone range",         .call,      .none,  .asks,    .blocks, .source,  .copy)
        case .dedupe:           Row("dedupe range",        .excuse,    .none,  .none,    .range,  .source,  .none)
        case .exchange:         Row("exchange range",      .call,      .none,  .asks,    .blocks, .source,  .exchange)

        // Size and space.
        case .truncate:         Row("truncate",            .call,      .none,  .none,    .onward, .none,    .truncate)
        case .punch:            Row("punch",               .call,      .none,  .none,    .blocks, .none,    .zeroing)
        case .zero:             Row("zero range",          .call,      .none,  .asks,    .blocks, .none,    .zeroing)
        case .allocate:         Row("allocate",            .call,      .none,  .retries, .range,  .none,    .resize)
        case .allocateKeepSize: Row("allocate keep size",  .call,      .none,  .retries, .range,  .none,    .none)
        case .unshare:          Row("unshare range",       .call,      .none,  .asks,    .blocks, .none,    .resize)
        case .collapse:         Row("collapse range",      .call,      .none,  .none,    .onward, .none,    .shift)
        case .insert:           Row("insert range",        .call,      .none,  .asks,    .onward, .none,    .shift)

        // Writing back.
        case .fsync:            Row("fsync",               .syncFile,  .none,  .none,    .file,   .none,    .none)
        case .msync:            Row("msync",               .syncRange, .none,  .none,    .range,  .none,    .none)
        case .syncRange:        Row("sync_file_range",     .nothing,   .none,  .none,    .range,  .none,    .none)
        case .syncfs:           Row("syncfs",              .elsewhere, .none,  .commit,  .range,  .none,    .none)

        // On files of an actor's own.
        case .create:           Row("create",              .elsewhere, .none,  .asks,    .range,  .none,    .none)
        case .rename:           Row("rename",              .elsewhere, .none,  .none,    .range,  .none,    .none)
        case .link:             Row("link",                .elsewhere, .none,  .none,    .range,  .none,    .none)
        case .unlink:           Row("unlink",              .elsewhere, .none,  .none,    .range,  .none,    .none)
        case .ownStore:         Row("own store",           .elsewhere, .write, .retries, .range,  .own,     .none)
        case .ownLoad:          Row("own load",            .elsewhere, .read,  .none,    .range,  .none,    .none)
        case .recycledPin:      Row("recycled pin",        .elsewhere, .read,  .asks,    .range,  .none,    .none)
        case .recycledRead:     Row("recycled read",       .elsewhere, .none,  .asks,    .range,  .none,    .none)
        case .recycledWrite:    Row("recycled write",      .elsewhere, .none,  .asks,    .range,  .none,    .none)
        case .shiftedLoad:      Row("shifted load",        .elsewhere, .read,  .asks,    .range,  .none,    .none)
        case .partialPunchLoad: Row("load under punch",    .elsewhere, .read,  .asks,    .range,  .none,    .none)
        case .memoryFailure:    Row("memory failure",      .elsewhere, .read,  .none,    .range,  .none,    .none, .failsOnPurpose)
        case .badBlock:         Row("bad block",           .elsewhere, .none,  .none,    .range,  .none,    .none)
        case .poisonedLoad:     Row("poisoned load",       .elsewhere, .read,  .none,    .range,  .none,    .none, .failsOnPurpose)
        case .poisonedRead:     Row("poisoned read",       .elsewhere, .none,  .none,    .range,  .none,    .none, .failsOnPurpose)
        case .poisonRewrite:    Row("poison rewrite",      .elsewhere, .none,  .asks,    .range,  .none,    .none)
        case .poisonPunch:      Row("poison punch",        .elsewhere, .none,  .asks,    .range,  .none,    .none)

        // On the filesystem.
        case .fill:             Row("fill",                .elsewhere, .none,  .fill,    .range,  .none,    .none)
        case .drain:            Row("drain",               .elsewhere, .none,  .drain,   .range,  .none,    .none)
        case .freeze:           Row("freeze",              .elsewhere, .none,  .none,    .range,  .none,    .none)
        case .thaw:             Row("thaw",                .elsewhere, .none,  .none,    .range,  .none,    .none)
        case .remount:          Row("remount",             .elsewhere, .none,  .none,    .range,  .none,    .none)
        case .dropCaches:       Row("drop caches",         .elsewhere, .none,  .none,    .range,  .none,    .none)
        case .flag:             Row("dax flag",            .nothing,   .none,  .none,    .range,  .none,    .none)
        }
    }
}
