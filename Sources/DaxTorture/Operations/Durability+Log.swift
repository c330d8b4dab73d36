public import DaxModel
public import DaxOracle

/// What a log says to rule R11.
extension Durability {
    /// Adds what `part`'s actor did to file `number`, whose largest size is `limit` bytes.
    ///
    /// `slack` is by how many ticks an operation may have taken effect outside its timestamps.
    public mutating func add(_ part: Part, file number: UInt8, limit: UInt64, _ slack: UInt64) {
        for (index, record) in part.log.records.enumerated() {
            if record.kind.lendsMapping {
                touch(Durability.pages(0, limit, limit), over: record.interval.widened(by: slack))
            }
            let operation = Operation(
                OperationID(actor: part.actor, index: UInt32(index)), kind: record.kind.rawValue,
                path: record.path.rawValue)
            let interval = record.interval.widened(by: slack)
            if let other = record.otherHalf, other.file == number {
                change(other, operation, limit, over: interval)
            }
            // Whatever it names: syncfs, freeze and remount write all files back, and who waits for
            // the journal's commit has it write back what the journal orders.
            add(interval)
            guard record.file == number else { continue }
            if record.kind.mayFault {
                touch(
                    Durability.pages(record.offset, record.length, limit), over: interval)
            }
            switch record.kind {
            case .store, .faultStore, .vectorStore, .stringStore, .childStore:
                store(
                    operation, Durability.pages(record.offset, record.done, limit), over: interval)
            case .fsync where record.outcome == .done:
                sync(operation, Durability.pages(0, limit, limit), over: interval)
            case .msync where record.outcome == .done:
                sync(
                    operation, Durability.pages(record.offset, record.length, limit),
                    over: interval)
            case .load, .faultLoad, .childLoad, .privateLoad, .privateStore, .read, .pread,
                .directRead, .fixedRead, .pin, .unmappedPin, .privatePin, .fsync, .msync,
                .syncRange, .persist, .populate, .populateWrite, .protect, .move, .forget, .remap,
                .reopen,
                .misalign, .flag:
                break  // The bytes stay, and so does what they need.
            default: change(record, operation, limit, over: interval)
            }
        }
    }

    /// `record`, which is `operation`, changed what it touched.
    private mutating func change(
        _ record: Record, _ operation: Operation, _ limit: UInt64, over interval: Interval
    ) {
        let bytes = record.touched
        change(
            operation,
            Durability.pages(
                min(bytes.lowerBound, limit), UInt64(bytes.clamped(to: 0..<limit).count), limit),
            over: interval)
    }

    /// The harness made the file `size` bytes long, between two epochs.
    public mutating func truncate(
        index: UInt32, to size: UInt64, limit: UInt64, over interval: Interval
    ) {
        let operation = Operation(
            OperationID(actor: Transcript.harness, index: index),
            kind: OperationKind.truncate.rawValue, path: AccessPath.syscall.rawValue)
        // The page in which the file ended is cleared from there on.
        let page = UInt64(Page.bytes)
        let first = min(size, limit) / page
        change(operation, (first - min(first, 1))..<(limit + page - 1) / page, over: interval)
    }

    private static func pages(_ offset: UInt64, _ bytes: UInt64, _ limit: UInt64) -> Range<UInt64> {
        let page = UInt64(Page.bytes)
        let first = offset / page
        guard bytes > 0 else { return first..<first }
        return first..<max(first, (min(offset + bytes, limit) + page - 1) / page)
    }
}

extension OperationKind {
    /// Whether it can fault on the pages that its record names.
    fileprivate var mayFault: Bool {
        switch self {
        case .store, .faultStore, .vectorStore, .stringStore, .childStore, .privateStore, .load,
            .faultLoad, .childLoad, .privateLoad, .pin, .unmappedPin, .privatePin, .persist,
            .populate, .populateWrite:
            true
        default: false
        }
    }

    /// Whether the kernel faults on a mapping that another file's record, or another part of this
    /// one, says nothing of.
    fileprivate var lendsMapping: Bool { self == .readInto || self == .writeFrom }
}

extension Interval {
    /// The interval, by so many ticks longer at both ends.
    func widened(by slack: UInt64) -> Interval {
        Interval(
            Timestamp(ticks: invoked.ticks - min(invoked.ticks, slack)),
            Timestamp(ticks: returned.ticks + slack))
    }
}
