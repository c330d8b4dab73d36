/// One call or access with all its parameters: what a script's step says, and `ActorContext.carryOut`
/// does. Or when the script is to go on, or what is to have come of the step before, which the script sees
/// to itself.
///
/// Offsets, lengths and sizes are bytes, multiples of a word.
package struct Order: Hashable, Sendable {
    package var verb: Verb
    /// The number of the file that it is done to.
    package var file = 0
    /// Where the range begins; of a truncate, the new size.
    package var offset: UInt64 = 0
    /// Of the range; 0 where there is none.
    package var length: UInt64 = 0
    /// Of a copy, the number of the file that it copies from, and where that begins.
    package var source = 0
    package var sourceOffset: UInt64 = 0
    /// How long a pause is, or a pin, or a copy stands still, and when `at` ends, in nanoseconds.
    package var nanoseconds: UInt64 = 0
    /// Of a meeting, which one; of a repetition, how often in all; of `after`, the step, counted from 1.
    package var number: UInt64 = 0
    /// Of `after`, the script whose step it is.
    package var actor = ""
    /// What is to have come of the step before.
    package var expectation = Expectation.ok

    package init(_ verb: Verb) { self.verb = verb }

    /// What is done. The names are those of the system calls where there is one.
    package enum Verb: String, CaseIterable, Sendable {
        case store
        case load
        case faultStore = "fault-store"
        case faultLoad = "fault-load"
        case privateStore = "private-store"
        case privateLoad = "private-load"
        case persist
        case msync
        case syncRange = "sync_file_range"
        case write
        case read
        case pwrite
        case pread
        case directWrite = "direct-write"
        case directRead = "direct-read"
        case syncWrite = "sync-write"
        case punch
        case zero
        case allocate
        case allocateKeepSize = "allocate-keep-size"
        case collapse
        case unshare
        case truncate
        case fsync
        case mmap
        case reopen
        case clone
        case copy
        case dedupe
        case exchange
        case syncfs
        case dropCaches = "drop-caches"
        case pin
        case unmappedPin = "unmapped-pin"
        case privatePin = "private-pin"
        case heldRead = "held-read"
        case heldWrite = "held-write"
        case syncFaults = "sync-faults"
        case insert
        case pause
        case at
        case meet
        case after
        case `repeat`
        case expect
    }

    /// What stands behind the verb.
    package enum Shape: Sendable {
        /// A file, an offset and a length.
        case range
        /// A file and its new size.
        case size
        /// A file.
        case file
        /// A file and an offset, a file and an offset to copy from, and a length.
        case pair
        /// Nothing: it concerns the filesystem.
        case filesystem
        /// A file, an offset, a length and a span of time.
        case hold
        /// A span of time: it is done to a file of the actor's own.
        case ownHold
        /// A span of time: nothing is done for so long.
        case time
        /// A time since the epoch began: nothing is done until then.
        case moment
        /// A number: nothing is done until all scripts have come to that step.
        case meeting
        /// A script and a step of its: nothing is done until that was carried out.
        case predecessor
        /// How often: the steps before are carried out again.
        case repetition
        /// What is to have come of the step before.
        case expectation
    }
}

extension Order.Verb {
    package var shape: Order.Shape {
        switch self {
        case .store, .load, .faultStore, .faultLoad, .privateStore, .privateLoad, .persist, .msync,
            .syncRange, .write, .read, .pwrite, .pread, .directWrite, .directRead, .syncWrite,
            .punch,
            .zero, .allocate, .allocateKeepSize, .collapse, .unshare, .insert:
            .range
        case .truncate: .size
        case .fsync, .mmap, .reopen: .file
        case .clone, .copy, .dedupe, .exchange: .pair
        case .syncfs, .dropCaches, .syncFaults: .filesystem
        case .pin, .unmappedPin, .heldRead, .heldWrite: .hold
        case .privatePin: .ownHold
        case .pause: .time
        case .at: .moment
        case .meet: .meeting
        case .after: .predecessor
        case .repeat: .repetition
        case .expect: .expectation
        }
    }

    /// The kinds of operation that it logs; none for what does nothing to a file.
    package var kinds: [OperationKind] {
        switch self {
        case .store: [.store]
        case .load: [.load]
        case .faultStore: [.dontNeed, .faultStore]
        case .faultLoad: [.dontNeed, .faultLoad]
        case .privateStore: [.privateStore]
        case .privateLoad: [.privateLoad]
        case .persist: [.persist]
        case .msync: [.msync]
        case .syncRange: [.syncRange]
        case .write: [.write]
        case .read: [.read]
        case .pwrite: [.pwrite]
        case .pread: [.pread]
        case .directWrite: [.directWrite]
        case .directRead: [.directRead]
        case .syncWrite: [.syncWrite]
        case .punch: [.punch]
        case .zero: [.zero]
        case .allocate: [.allocate]
        case .allocateKeepSize: [.allocateKeepSize]
        case .collapse: [.collapse]
        case .unshare: [.unshare]
        case .truncate: [.truncate]
        case .fsync: [.fsync]
        case .mmap: [.remap, .mmapMisaligned]
        case .reopen: [.reopen]
        case .clone: [.clone]
        case .copy: [.copy]
        case .dedupe: [.dedupe]
        case .exchange: [.exchange]
        case .syncfs: [.syncfs]
        case .dropCaches: [.dropCaches]
        case .pin: [.pin]
        case .unmappedPin: [.unmappedPin]
        case .privatePin: [.pwrite, .privatePin, .punch, .write, .truncate]
        case .heldRead: [.read]
        case .heldWrite: [.write]
        case .insert: [.insert]
        // What it does concerns no file under test.
        case .syncFaults: []
        case .pause, .at, .meet, .after, .repeat, .expect: []
        }
    }

    /// Whether it pins a page.
    package var pins: Bool { self == .pin || self == .unmappedPin || self == .privatePin }

    /// Whether its copy stands still in the midst (`HeldCopies`).
    package var holdsCopy: Bool { self == .heldRead || self == .heldWrite }

    /// Whether what it reads goes into the log.
    package var reads: Bool { kinds.contains { $0.traits.reference == .values } }

    /// Whether it needs a buffer for what it moves.
    var movesData: Bool { reads || kinds.contains { $0.traits.reference == .stamps } }
}

extension [Order] {
    /// Whether they are about a file that the actor alone knows (`PrivateFile`).
    package var hasPrivateFile: Bool { contains { $0.verb.shape == .ownHold } }
}
