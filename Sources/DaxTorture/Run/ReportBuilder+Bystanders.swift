import DaxChecks
import DaxModel
import DaxOperations
import DaxOracle
import DaxReport
import DaxSystem

/// What is found in files that nobody, or one actor alone, has touched.
extension ReportBuilder {
    /// Takes over what `actor` saw by itself; `actorLogs` are this epoch's logs.
    mutating func add(
        _ findings: [ActorFinding], of actor: ActorNumber, _ actorLogs: [ActorLog],
        _ formatter: ViolationFormatter
    ) {
        for finding in findings {
            let violation = formatter.tell(finding, of: actor) { stampOwner in
                actorLogs.first { $0.actor == stampOwner.actor }?.log.records.first {
                    $0.wrote(stampOwner)
                }
            }
            if trials[violation.signature] == nil { trials[violation.signature] = finding.script }
            add(violation, at: finding.at.ticks)
        }
    }

    /// Accounts for each SIGBUS on an actor's own file.
    mutating func addOwnFaults(_ actorLog: ActorLog, _ situation: Situation, _ pool: ActorPool) {
        let faults = OwnFaults(actorLog, in: situation, by: pool.name(of: actorLog.actor))
        report.sigbus.noSpace += faults.noSpace
        report.sigbus.poisoned += faults.poisoned
        for (finding, instant) in faults.unjustified {
            report.sigbus.unjustified += 1
            add(finding, at: instant.ticks)
        }
    }

    /// A canary file changed; `names` are those of all actors.
    mutating func changed(_ change: Canaries.Change, names: [ActorNumber: String]) {
        add(change.finding(names: names), at: Clock.ticks())
    }
}
