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
        case .time, .moment, .meeting, .predecessor, .repetition, .expectation: return nil
        case .ownHold: nanoseconds = Order.held
        case .file, .size, .range, .pair, .hold:
            guard record.file != Record.noFile else { return nil }
            file = record.file.index
            (offset, length) = (record.offset & ~7, record.length & ~7)
        }
        switch verb.shape {
        case .range, .pair, .hold:
            // What asks for nothing does nothing.
            guard length > 0 else { return nil }
        case .file: (offset, length) = (0, 0)
        case .size: length = 0
        case .filesystem, .ownHold, .time, .moment, .meeting, .predecessor, .repetition,
            .expectation:
            break
        }
        if verb.shape == .pair {
            (source, sourceOffset) = (record.source.index, UInt64(record.reference) * 8)
        }
        if verb.shape == .hold { nanoseconds = Order.held }
    }

    /// How long a pin of a record's is held by a step, in nanoseconds; the record does not say.
    private static let held: UInt64 = 1_000_000
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
        case .pin: .pin
        case .unmappedPin: .unmappedPin
        case .privatePin: .privatePin
        // A config wants to see that no insert makes a file too long.
        case .insert: nil
        // A fault's own step drops the page-table entry before.
        case .dontNeed, .mmapMisaligned: nil
        case .seekData, .seekHole, .readInto, .writeFrom, .create, .rename, .link, .unlink,
            .ownStore, .ownLoad, .fill, .drain, .freeze, .thaw,
            .remount, .flag, .populate, .populateWrite, .protect, .mremap, .childLoad, .childStore,
            .recycledPin, .recycledRead, .recycledWrite, .shiftedLoad, .partialPunchLoad,
            .memoryFailure, .badBlock, .poisonedLoad, .poisonedRead, .poisonRewrite, .poisonPunch:
            nil
        }
    }
}
