package import DaxModel
import DaxOperations
import DaxOracle

/// Every SIGBUS that one actor took on files of its own, under one heading each.
///
/// Nobody else changes the size of such a file: only a store that needs space may take a SIGBUS.
package struct OwnFaults {
    package private(set) var noSpace: UInt64 = 0
    package private(set) var poisoned: UInt64 = 0
    /// Every SIGBUS that nothing explains (R5), as a finding.
    package private(set) var unjustified: [(finding: Finding, at: Timestamp)] = []

    /// Puts every SIGBUS in `actorLog` on files of its actor's own under a heading, but for those
    /// that `ActorLog.refusals` has; findings call the actor `actor`.
    package init(_ actorLog: ActorLog, in situation: Situation, by actor: String) {
        for record in actorLog.log.records
        where record.file == Record.noFile && record.outcome == .faulted {
            switch record.fault(in: situation) {
            // `ActorLog.refusals` has it.
            case .elsewhere: break
            case .noSpace: noSpace += 1
            case .poisoned: poisoned += 1
            case .sigbus, .succeeded:
                let offset = record.offset + record.done
                unjustified.append(
                    (
                        Finding(
                            rule: .sigbus, file: "", offset: offset, expected: "no SIGBUS",
                            observed: "si_code \(record.code)",
                            story: "\(actor) takes a SIGBUS at offset \(offset) of a file of its "
                                + "own, within its size",
                            signature: Signature(
                                rule: .sigbus, seen: "SIGBUS", observer: record.kind.genus,
                                relation: "a file of its own")), record.interval.returned
                    ))
            }
        }
    }
}
