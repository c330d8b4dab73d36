/// What several parts of the harness have to know of a kind of operation.
///
/// `OperationKind.traits` has a row for each kind. Two things are tables of their own, since each of
/// their rows needs a reason: which errnos a call may fail with (`OperationKind.refusals`), and what an
/// operation means to the oracle (`Transcript`).
package struct OperationTraits: Sendable {
    /// The kind's key among the report's operations.
    package let name: String
    /// What the kind is called in a sentence, after its actor's name.
    package let told: String
    package let effect: Effect
    package let faults: Faults
    package let space: Space
    package let reach: Reach
    package let reference: Reference
    package let parts: Parts
    package let marks: Marks

    /// A row; the sentence is the name where it says nothing else.
    init(
        _ name: String, _ effect: Effect, _ faults: Faults, _ space: Space, _ reach: Reach,
        _ reference: Reference, _ parts: Parts, _ marks: Marks = [], told: String? = nil
    ) {
        (self.name, self.told) = (name, told ?? name)
        (self.effect, self.faults, self.space, self.reach) = (effect, faults, space, reach)
        (self.reference, self.parts, self.marks) = (reference, parts, marks)
    }

    /// What an operation can do to the words, the size and the blocks of a file under test, if it
    /// succeeds, and so what R11 makes of its pages.
    package enum Effect: Sendable {
        /// Leaves all as it was.
        case nothing
        /// A store through a shared mapping: its pages are dirty.
        case store
        /// A call on the file: R11 asks for none of the pages that it reached.
        case call
        /// A call on another file, which stores through a mapping of this one: R11 asks for none of
        /// the pages that it reached.
        case lentStore
        /// Words and size stay, and R11 asks for none of its pages all the same.
        case excuse
        /// Acknowledges that the whole file was written back, if it succeeds.
        case syncFile
        /// Acknowledges that what its record names was written back, if it succeeds.
        case syncRange
        /// No operation of this kind is on a file under test.
        case elsewhere
    }

    /// What an operation faults in through a mapping of the file that its record names.
    package enum Faults: Sendable {
        case none
        /// Pages for reading. A store to a private mapping reads the file's page, too, and copies it.
        case read
        /// Pages for writing: it fills holes.
        case write
        /// The kernel faults on a mapping that the record does not name: of another file, or of another
        /// part of this one.
        case lent
    }

    /// What an operation has to do with the filesystem's free space.
    package enum Space: Sendable {
        case none
        /// Allocates blocks, or may.
        case asks
        /// Allocates blocks, or may, and finds freed ones that have not come back yet, by trying
        /// again.
        case retries
        /// Takes all the space there is.
        case fill
        /// Gives back what `fill` took.
        case drain
        /// Commits, so that freed blocks are free.
        case commit
    }

    /// Which bytes of the file an operation may have touched, and whether it means to take, move or
    /// replace their blocks. Stores and writes to shared blocks move them, too; there are thousands
    /// for one page.
    package enum Reach: Sendable {
        /// The bytes that its record names; the blocks stay.
        case range
        /// The bytes that its record names, blocks and all.
        case blocks
        /// All bytes from its offset on, blocks and all.
        case onward
        /// All bytes of the file; the blocks stay.
        case file
    }

    /// What the `reference` of an operation's record is.
    package enum Reference: Sendable {
        case none
        /// The sequence of the stamps that it put into a file under test.
        case stamps
        /// Where the values that it read begin in the log's pool.
        case values
        /// The first word that the source file gave.
        case source
        /// The sequence of the stamps that it put into a file of the actor's own.
        case own
    }

    /// What an operation becomes in a history: `LogRoom` knows how large that is.
    package enum Parts: Sendable {
        /// Nothing.
        case none
        /// An access.
        case access
        /// A step through a private mapping, and what it says of two pages.
        case privateAccess
        /// A store, and what is beyond a fault as a write of its own.
        case bulkStore
        /// A write that may come short, and may make the file longer.
        case write
        /// A change of the size.
        case resize
        /// A change of the size, and what is cut off.
        case truncate
        /// The whole pages, and the parts of pages at both ends: each within the file and beyond.
        case zeroing
        /// What collapse and insert do.
        case shift
        /// A copy that may come short, and may make the file longer.
        case copy
        /// A copy that may come short.
        case lentCopy
        /// Half of an exchange in each of two histories, with what it says of the size.
        case exchange
    }

    /// What is true of a few kinds only.
    package struct Marks: OptionSet, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }
        /// The operation only prepares what comes next, and is no part of a race itself.
        package static let prepares = Marks(rawValue: 1)
        /// A poisoner had the operation fail: that has a verdict of its own (`FailureVerdict`).
        package static let failsOnPurpose = Marks(rawValue: 2)
        /// If the operation moved less than it was asked, and failed with no errno, R13 asks for a
        /// reason.
        ///
        /// A read that came short says where the file ends, and is judged by that (R6).
        /// copy_file_range(2) ends where the source does, and where XFS shares blocks at the last whole
        /// one; a lent mapping ends with its file.
        package static let shortNeedsReason = Marks(rawValue: 4)
        /// The kind's name says nothing of io_uring, which sentences add where the operation went
        /// that way.
        package static let addsRing = Marks(rawValue: 8)
    }
}

extension OperationKind {
    /// The kind's key among the report's operations.
    package var name: String { traits.name }

    /// Whether an operation of this kind only prepares what comes next, and is no part of a race
    /// itself.
    package var onlyPrepares: Bool { traits.marks.contains(.prepares) }

    /// Whether an operation of this kind is there to write back what was stored, and so holds pages that
    /// another one finds held.
    package var writesBack: Bool {
        switch traits.effect {
        case .syncFile, .syncRange: true
        case .nothing, .store, .call, .lentStore, .excuse, .elsewhere:
            [.syncRange, .syncfs, .syncWrite, .freeze, .remount].contains(self)
        }
    }

    /// Whether a poisoner had the operation fail: that has a verdict of its own (`FailureVerdict`).
    package var failsOnPurpose: Bool { traits.marks.contains(.failsOnPurpose) }

    /// Whether the kind's name says nothing of io_uring, so that a sentence should where the
    /// operation went that way.
    package var addsRing: Bool { traits.marks.contains(.addsRing) }
}
