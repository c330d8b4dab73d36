import DaxChecks
import DaxModel
import DaxOperations
import DaxOracle
import DaxReport
import DaxSystem

/// What is found in files that nobody, or one actor alone, has touched.
extension Ledger {
    /// Takes over what `actor` saw by itself; `parts` are this epoch's logs.
    mutating func add(
        _ findings: [ActorFinding], of actor: UInt8, _ parts: [Part], _ telling: Telling
    ) {
        for finding in findings {
            let violation = telling.tell(finding, of: actor) { culprit in
                parts.first { $0.actor == culprit.actor }?.log.records.first { $0.wrote(culprit) }
            }
            add(violation, at: finding.at.ticks)
        }
    }

    /// Accounts for each SIGBUS on an actor's own file.
    mutating func addOwnFaults(_ part: Part, _ situation: Situation, _ cast: Cast) {
        let faults = OwnFaults(part, in: situation, by: cast.name(of: part.actor))
        report.sigbus.noSpace += faults.noSpace
        report.sigbus.poisoned += faults.poisoned
        for (finding, instant) in faults.unjustified {
            report.sigbus.unjustified += 1
            add(finding, at: instant.ticks)
        }
    }

    /// A canary file changed; `names` are those of all actors.
    mutating func changed(_ change: Canaries.Change, names: [String]) {
        add(change.finding(names: names), at: Clock.ticks())
    }
}
