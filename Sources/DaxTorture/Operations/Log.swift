package import DaxModel
package import DaxSystem

/// One operation as its actor saw it. Offsets and lengths are bytes.
package struct Record: BitwiseCopyable, Sendable {
    package var interval: Interval
    package var offset: UInt64
    package var length: UInt64
    /// Bytes that were moved, from `offset` on. The `offset` of a truncate is the new size.
    package var done: UInt64
    /// A number that depends on the kind (`OperationTraits.Reference`): the stamps' sequence of a
    /// store or write; where the values of a load or read begin in the log's pool; the first source
    /// word of an operation from file to file.
    package var reference: UInt32
    package var kind: OperationKind
    package var path: AccessPath
    package var outcome: Outcome
    /// The numbers of `file` and `source` are a byte each, so that a record stays at 56 bytes.
    @usableFromInline var fileByte: UInt8
    /// What else may have kept a call from its end.
    package var circumstances: Circumstances
    @usableFromInline var sourceByte: UInt8
    /// What an access through a mapping faulted in.
    package var faulted: FaultSize
    /// The signal that an access took; 0 for none.
    package var signal: UInt8
    /// By how many pages si_addr is off from the page at which the access stopped, clamped.
    package var strayPages: Int16
    /// `code`, narrow, so that a record stays at 56 bytes.
    private var shortCode: Int16

    package init(
        interval: Interval, offset: UInt64, length: UInt64, done: UInt64, reference: UInt32,
        kind: OperationKind, path: AccessPath, outcome: Outcome, file: FileNumber,
        circumstances: Circumstances = [], source: FileNumber? = nil, faulted: FaultSize = .none,
        signal: UInt8 = 0, strayPages: Int16 = 0, code: Int32
    ) {
        self.interval = interval
        (self.offset, self.length, self.done, self.reference) = (offset, length, done, reference)
        (self.kind, self.path, self.outcome, fileByte) = (kind, path, outcome, file.byte)
        (self.circumstances, sourceByte, self.faulted) = (circumstances, source?.byte ?? 0, faulted)
        (self.signal, self.strayPages, shortCode) = (signal, strayPages, Int16(clamping: code))
    }

    @inlinable
    package var file: FileNumber {
        get { FileNumber(byte: fileByte) }
        set { fileByte = newValue.byte }
    }

    /// The file that gave, in an operation from file to file (clone, copy, dedupe, exchange, a
    /// write from or a read into a mapping); the word that it gave first is the reference.
    @inlinable
    package var source: FileNumber {
        get { FileNumber(byte: sourceByte) }
        set { sourceByte = newValue.byte }
    }

    /// The errno of a call that failed; si_code of an access that faulted.
    package var code: Int32 {
        get { Int32(shortCode) }
        set { shortCode = Int16(clamping: newValue) }
    }

    /// Whether a read that came short ended at the end of file; false where it may have had another
    /// reason.
    package var endsAtEnd: Bool { circumstances.isDisjoint(with: [.noWait, .cutBuffer]) }

    /// The `file` of what concerns no file under test: an actor's own, or the whole filesystem.
    package static let noFile = FileNumber(byte: .max)

    /// How an operation ended.
    package enum Outcome: UInt8, BitwiseCopyable, Sendable {
        case done
        /// The kernel stopped the access by a signal after `done` bytes.
        case faulted
        /// The access would not end, and the controller stopped it after `done` bytes.
        case interrupted
        /// The call returned an errno.
        case failed
    }

    /// What the caller itself gave a call as a reason to end early.
    package struct Circumstances: OptionSet, BitwiseCopyable, Hashable, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }
        /// RWF_NOWAIT.
        package static let noWait = Circumstances(rawValue: 1)
        /// Part of the buffer cannot be reached.
        package static let cutBuffer = Circumstances(rawValue: 2)
        /// The operation stood behind another in a chain (IOSQE_IO_LINK), which ends with what came
        /// short.
        package static let chained = Circumstances(rawValue: 4)
    }
}

extension Record {
    /// The other half of an exchange: the same call, seen from the file that it names as its source,
    /// which received, too. Nil of all else.
    package var otherHalf: Record? {
        guard kind == .exchange else { return nil }
        var other = self
        (other.file, other.source) = (source, file)
        (other.offset, other.reference) = (UInt64(reference) * 8, UInt32(offset / 8))
        return other
    }
}

/// What one actor did in one epoch, in its own memory, which was allocated and touched before. Only the
/// actor writes it; processes that were forked since then share it, and copies of this value name it.
package struct Log: Sendable {
    package private(set) var records: SharedRows<Record>
    /// The values of all loads and reads, one after the other.
    package private(set) var values: SharedRows<UInt64>

    /// Room for `records` operations and `values` words read.
    package init(records: Int, values: Int) {
        self.records = SharedRows(capacity: records)
        self.values = SharedRows(capacity: values)
    }

    /// Forgets everything, keeping the memory.
    package mutating func clear() {
        records.removeAll()
        values.removeAll()
    }

    /// Has this process map all of it, so that no page fault of ours falls into an operation.
    package func touch() {
        records.touch()
        values.touch()
    }

    /// Whether another operation that may read `values` words fits. Where it does not, the epoch
    /// ends: nothing is ever dropped.
    package func hasRoom(values: Int) -> Bool {
        // One call may log several records: a batch, an access and its retry.
        records.count + ActorContext.depth + 1 <= records.capacity
            && self.values.count + values <= self.values.capacity
    }

    /// How many more operations fit.
    package var recordsLeft: Int { records.capacity - records.count }

    package mutating func append(_ record: Record) { records.append(record) }

    /// Makes room in the pool for what the caller appends next, and says where it begins.
    package mutating func pool(_ append: (inout SharedRows<UInt64>) -> Void) -> UInt32 {
        let begin = UInt32(values.count)
        append(&values)
        return begin
    }
}
