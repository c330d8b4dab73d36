package import DaxModel
import DaxOperations
package import DaxOracle

/// What a log says to rule R11.
extension Durability {
    /// Adds what `actorLog`'s actor did to file `number`, whose largest size is `limit` bytes.
    ///
    /// `slack` is by how many ticks an operation may have taken effect outside its timestamps.
    package mutating func add(
        _ actorLog: ActorLog, file number: FileNumber, limit: UInt64, _ slack: UInt64
    ) {
        for (index, record) in actorLog.log.records.enumerated() {
            let traits = record.kind.traits
            let interval = record.interval.widened(by: slack)
            if traits.faults == .lent { touch(Durability.pages(0, limit, limit), over: interval) }
            let operation = Operation(
                OperationID(actor: actorLog.actor, index: UInt32(index)),
                kind: record.kind.rawValue,
                path: record.path.rawValue)
            if let other = record.otherHalf, other.file == number {
                change(other, operation, limit, over: interval)
            }
            // Whatever it names: syncfs, freeze and remount write all files back, and who waits for
            // the journal's commit has it write back what the journal orders.
            add(interval)
            if record.kind.writesBack { writeBack(over: interval) }
            guard record.file == number else { continue }
            let named = Durability.pages(record.offset, record.length, limit)
            switch traits.faults {
            case .read, .write: touch(named, over: interval)
            case .none, .lent: break
            }
            switch traits.effect {
            case .store:
                store(
                    operation, Durability.pages(record.offset, record.done, limit), over: interval)
            case .syncFile:
                if record.outcome == .done {
                    sync(operation, Durability.pages(0, limit, limit), over: interval)
                }
            case .syncRange:
                if record.outcome == .done { sync(operation, named, over: interval) }
            case .call, .lentStore, .excuse, .elsewhere:
                change(record, operation, limit, over: interval)
            case .nothing: break  // The bytes stay, and so does what they need.
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
    package mutating func truncate(
        index: UInt32, to size: UInt64, limit: UInt64, over interval: Interval
    ) {
        let operation = Operation(
            OperationID(actor: .harness, index: index),
            kind: OperationKind.truncate.rawValue, path: AccessPath.syscall.rawValue)
        // The page in which the file ended is cleared from there on.
        let last = PageNumber(at: min(size, limit))
        let first = last == .first ? last : last.advanced(by: -1)
        change(operation, first..<PageNumber(beyond: limit), over: interval)
    }

    private static func pages(_ offset: UInt64, _ bytes: UInt64, _ limit: UInt64)
        -> Range<PageNumber>
    {
        let first = PageNumber(at: offset)
        guard bytes > 0 else { return first..<first }
        return first..<max(first, PageNumber(beyond: min(offset + bytes, limit)))
    }
}

extension Interval {
    /// The interval, by so many ticks longer at both ends.
    package func widened(by slack: UInt64) -> Interval {
        Interval(
            Timestamp(ticks: invoked.ticks - min(invoked.ticks, slack)),
            Timestamp(ticks: returned.ticks + slack))
    }
}
