import DaxChecks
import DaxModel
import DaxOperations
import DaxReport

/// What calls and accesses had no reason to end with (R13; R5 for signals).
extension ReportBuilder {
    /// Takes over each failure of `actorLog`'s actor that nothing in `situation` explains; files are
    /// called by `names`.
    mutating func addRefusals(
        _ actorLog: ActorLog, _ situation: Situation, names: [String], _ actor: String
    ) {
        for (finding, instant) in actorLog.refusals(in: situation, names: names, by: actor) {
            if finding.rule == .sigbus { report.sigbus.unjustified += 1 }
            add(finding, at: instant.ticks)
        }
    }
}
