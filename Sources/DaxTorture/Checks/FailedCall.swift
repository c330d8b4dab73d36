import DaxModel
import DaxOperations
import DaxOracle
import DaxSystem

/// A call that failed, as its actor's log has it: an effect that may have taken place or not says neither
/// where the call began nor why it ended.
struct FailedCall {
    private let record: Record
    /// How many calls were submitted to io_uring with it, and itself.
    private let batch: Int

    /// Looks for the record of `operation`; nil if it did not fail, or there is no log of it.
    init?(_ operation: DaxOracle.Operation, in actorLogs: [ActorLog]) {
        guard let log = actorLogs.first(where: { $0.actor == operation.actor })?.log,
            operation.index < log.records.count
        else { return nil }
        let records = log.records
        let index = Int(operation.index)
        record = records[index]
        guard record.outcome == .failed else { return nil }
        let interval = record.interval
        func isBeside(_ other: Int) -> Bool {
            records.indices.contains(other) && records[other].interval == interval
        }
        var (first, last) = (index, index)
        while isBeside(first - 1) { first -= 1 }
        while isBeside(last + 1) { last += 1 }
        batch = last - first + 1
    }

    /// " at 0x2000, 4096 bytes, ENOSPC, one of a batch of 3": without the range where it is that of `words`,
    /// which is told anyway.
    func told(_ words: Range<UInt64>?) -> String {
        let isKnown = words == record.offset / 8..<(record.offset + record.length) / 8
        return (isKnown ? "" : CallInProgress.range(record.offset, record.length))
            + ", " + SystemError.name(of: record.code)
            + (batch > 1 ? ", one of a batch of \(batch)" : "")
    }
}
