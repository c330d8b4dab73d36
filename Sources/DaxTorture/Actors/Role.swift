package import DaxOperations
package import DaxSystem

/// What an actor is there for.
package enum Role: String, CaseIterable, Sendable {
    case writer
    case faulter
    case truncater
    case puncher
    case mover
    case cloner
    case churner
    case syncer
    case filler
    case freezer
    case administrator
    case io
    case pinner
    case borrower
    case forker
    case recycler
    case poisoner
    case script

    /// An actor of this role with these settings, which works with `context`. Throws where the kernel has
    /// not what the role needs: no descriptor, no ring.
    func makeActor(_ settings: ActorSettings, _ context: ActorContext) throws(SystemError)
        -> any Actor
    {
        switch self {
        case .writer: Writer(settings)
        case .faulter: Faulter(settings)
        case .truncater: Truncater(settings)
        case .puncher: Puncher(settings)
        case .mover: Mover(settings)
        case .cloner: Cloner(settings)
        case .churner: Churner(settings, context)
        case .syncer: Syncer(settings)
        case .filler: Filler(settings)
        case .freezer: Freezer(settings)
        case .administrator: Administrator(settings)
        case .io: try InputOutput(settings, context)
        case .pinner: try Pinner(settings, context)
        case .borrower: try Borrower(settings, context)
        case .forker: try Forker(settings)
        case .recycler: try Recycler(context)
        case .poisoner: try Poisoner(context)
        case .script: try Script(settings, context)
        }
    }

    /// The kinds of operation that an actor of this role does again and again: a run in which one
    /// of them never happened has not exercised the role.
    package var kinds: [OperationKind] {
        switch self {
        case .writer: [.store, .write, .load, .fsync, .msync]
        case .faulter:
            [.faultLoad, .faultStore, .load, .read, .remap, .privateStore, .privateLoad]
        case .truncater: [.truncate, .allocate]
        case .puncher: [.punch, .zero, .allocateKeepSize]
        case .mover: [.collapse, .insert]
        case .cloner: [.clone, .copy, .dedupe]
        case .churner: [.create, .ownStore, .ownLoad, .rename, .link, .unlink]
        case .syncer: [.fsync, .msync, .syncRange, .syncfs]
        case .filler: [.fill, .drain]
        case .freezer: [.freeze, .thaw]
        case .administrator: [.remount, .dropCaches, .flag]
        case .io:
            [
                .pread, .pwrite, .directRead, .directWrite, .syncWrite, .fixedRead, .fixedWrite,
                .pin, .unmappedPin, .truncate,
            ]
        case .pinner: [.pin, .unmappedPin, .privatePin, .pwrite, .write, .punch, .truncate]
        case .borrower: [.readInto, .writeFrom]
        case .forker: [.childLoad, .childStore, .load, .store]
        // What comes first; a short run on a busy host may not get to the others.
        case .recycler: [.recycledPin, .shiftedLoad, .partialPunchLoad]
        case .poisoner: [.memoryFailure, .badBlock, .poisonedLoad, .poisonedRead, .poisonRewrite]
        // What its steps say, which are many or few.
        case .script: []
        }
    }

    /// The kinds that an actor of this role may log again and again: a script does whatever there is.
    package var possibleKinds: [OperationKind] {
        self == .script ? Order.Verb.allCases.flatMap(\.kinds) : kinds
    }

    /// Whether its operations reach pages of the files under test, so that they can overlap others'.
    package var sharesPages: Bool {
        switch self {
        case .writer, .faulter, .truncater, .puncher, .mover, .cloner, .syncer, .io, .pinner,
            .borrower, .forker, .script:
            true
        case .churner, .filler, .freezer, .administrator, .recycler, .poisoner: false
        }
    }

    /// Whether what it does takes pages of the files under test out of all mappings: it does nothing in
    /// an epoch in which these are to grow old.
    package var unmapsPages: Bool {
        switch self {
        case .truncater, .puncher, .mover, .cloner: true
        // A pinner, a recycler, a churner and a poisoner take away what is their own.
        case .writer, .faulter, .churner, .syncer, .filler, .freezer, .administrator, .io, .pinner,
            .borrower, .forker, .recycler, .poisoner, .script:
            false
        }
    }

    /// Whether it does something to everybody on the filesystem or the machine: for machines that
    /// are there for it.
    package var isIntrusive: Bool {
        [.filler, .freezer, .administrator, .poisoner].contains(self)
    }

    /// Whether an actor of this role loads or stores through mappings, and so may fault.
    package var accessesMappings: Bool {
        !Set(possibleKinds).isDisjoint(with: [.store, .load, .faultLoad, .faultStore])
    }
}

/// What a config says of an actor.
package struct ActorSettings: Sendable {
    /// The smallest and the largest range of one operation, in bytes; multiples of a word.
    package var bytes: ClosedRange<UInt64>
    /// What a range begins at a multiple of, in bytes: a power of two, a word or more.
    package var alignment: UInt64
    /// The longest pause between two steps, in nanoseconds; 0 for none. A truncater needs one:
    /// only while the size stands still are there accesses that lie wholly beyond the end of
    /// file, which must fault, and wholly within, which must not.
    package var pause: UInt64
    /// Whether files can exchange ranges: of no use to ask a kernel that cannot.
    package var exchanges: Bool
    /// Whether writes may fail at once, of which nothing can be read, wherever they begin.
    package var failingGrowth: Bool
    /// Whether a file's own attribute decides whether it is on DAX when it is opened next (dax=inode), so that
    /// nobody may take it away.
    package var keepsDAXAttribute: Bool
    /// What a script is to do; empty for all others.
    package var orders: [Order]
    /// Whether a script goes through them once in an epoch.
    package var once: Bool
    /// Where a script meets others; nil for all others.
    package var slot: ScriptBarriers.Slot?

    package init(
        bytes: ClosedRange<UInt64>, alignment: UInt64, pause: UInt64, exchanges: Bool = false,
        failingGrowth: Bool = false, keepsDAXAttribute: Bool = false, orders: [Order] = [],
        once: Bool = false, slot: ScriptBarriers.Slot? = nil
    ) {
        self.bytes = bytes
        self.alignment = alignment
        self.pause = pause
        self.exchanges = exchanges
        self.failingGrowth = failingGrowth
        self.keepsDAXAttribute = keepsDAXAttribute
        self.orders = orders
        self.once = once
        self.slot = slot
    }
}

/// One role's behaviour: it draws what to do next and does it with its context.
package protocol Actor {
    /// Takes notice that an epoch has begun, which the flag ends.
    mutating func begin(_ stopFlag: StopFlag)

    /// Does the next operation, or a few that belong together.
    mutating func step(_ context: ActorContext)

    /// Why the kernel polls no ring of its, if it wanted one.
    var refusal: SystemError? { get }

    /// What failed on purpose so far, and what came of it; nil of one that lets nothing fail.
    var failures: FailureTally? { get }

    /// What of its task it never came to, as it follows its name; nil if it did all of it.
    var unfinished: String? { get }
}

extension Actor {
    package mutating func begin(_ stopFlag: StopFlag) {}
    package var refusal: SystemError? { nil }
    package var failures: FailureTally? { nil }
    package var unfinished: String? { nil }
}
