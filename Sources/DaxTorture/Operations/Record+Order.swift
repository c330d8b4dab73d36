import DaxModel

extension Order {
    /// The step of a script that does what a record says was done; nil where no step does.
    ///
    /// A step has one range. What the record's operation was beside it is lost: that it was one of a
    /// batch, its flags, by which instructions it stored, on which memory.
    package init?(_ record: Record) {
        guard let verb = record.kind.verb else { return nil }
        self.init(verb)
        switch verb.shape {
        case .filesystem: return
        case .time: return nil
        case .file, .size, .range, .pair: break
        }
        guard record.file != Record.noFile else { return nil }
        file = Int(record.file.rawValue)
        switch verb.shape {
        case .filesystem, .time, .file: return
        case .size: offset = record.offset
        case .range, .pair:
            // What asks for nothing does nothing.
            guard record.length >= 8 else { return nil }
            (offset, length) = (record.offset & ~7, record.length & ~7)
        }
        if verb.shape == .pair {
            (source, sourceOffset) = (Int(record.source.rawValue), UInt64(record.reference) * 8)
        }
    }
}

extension OperationKind {
    /// The step that does it; nil where none does.
    var verb: Order.Verb? {
        switch self {
        case .store, .vectorStore, .stringStore: .store
        case .load: .load
        case .faultLoad: .faultLoad
        case .faultStore: .faultStore
        case .write, .fixedWrite: .write
        case .read, .fixedRead: .read
        case .pread: .pread
        case .pwrite: .pwrite
        case .directRead: .directRead
        case .directWrite: .directWrite
        case .syncWrite: .syncWrite
        case .truncate: .truncate
        case .punch: .punch
        case .zero: .zero
        case .allocate: .allocate
        case .allocateKeepSize: .allocateKeepSize
        case .collapse: .collapse
        case .unshare: .unshare
        case .fsync: .fsync
        case .msync: .msync
        case .privateStore: .privateStore
        case .privateLoad: .privateLoad
        case .persist: .persist
        case .clone: .clone
        case .copy: .copy
        case .dedupe: .dedupe
        case .exchange: .exchange
        case .remap: .mmap
        case .reopen: .reopen
        case .syncRange: .syncRange
        case .syncfs: .syncfs
        case .dropCaches: .dropCaches
        // A fault's own step drops the page-table entry before.
        case .dontNeed, .mmapMisaligned: nil
        case .pin, .unmappedPin, .privatePin, .seekData, .seekHole, .readInto, .writeFrom, .insert,
            .create, .rename, .link, .unlink, .ownStore, .ownLoad, .fill, .drain, .freeze, .thaw,
            .remount, .flag, .populate, .populateWrite, .protect, .mremap, .childLoad, .childStore,
            .recycledPin, .recycledRead, .recycledWrite, .shiftedLoad, .partialPunchLoad,
            .memoryFailure, .badBlock, .poisonedLoad, .poisonedRead, .poisonRewrite, .poisonPunch:
            nil
        }
    }
}
