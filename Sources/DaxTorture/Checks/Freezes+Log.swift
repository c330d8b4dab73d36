package import DaxModel
import DaxOperations
package import DaxOracle

/// What a log says to rule R11 on a frozen filesystem.
extension Freezes {
    /// Adds the freezes and thaws of `actorLog`'s actor, whatever files they were called on, and what it
    /// changed of file `number`.
    ///
    /// `slack` is by how many ticks an operation may have taken effect outside its timestamps.
    package mutating func add(_ actorLog: ActorLog, file number: FileNumber, _ slack: UInt64) {
        for (index, record) in actorLog.log.records.enumerated() {
            let interval = record.interval.widened(by: slack)
            let operation = Operation(
                OperationID(actor: actorLog.actor, index: UInt32(index)),
                kind: record.kind.rawValue,
                path: record.path.rawValue)
            if record.kind == .freeze && record.outcome == .done {
                freeze(operation, over: interval)
            } else if record.kind == .thaw {
                thaw(over: interval)
            } else if record.file == number && record.hasChanged {
                change(operation, page: PageNumber(at: record.offset), over: interval)
            }
        }
    }
}

extension Record {
    /// Whether it surely changed the file, and had to stop at a frozen filesystem before
    /// (sb_start_write of calls, sb_start_pagefault of stores).
    fileprivate var hasChanged: Bool {
        switch kind.traits.effect {
        case .store: done > 0
        case .call: outcome == .done && (done > 0 || kind == .truncate)
        case .lentStore, .nothing, .excuse, .syncFile, .syncRange, .elsewhere: false
        }
    }
}
