import DaxModel
import DaxOperations
import DaxOracle
import DaxReport
import DaxSystem

/// What is found in files that nobody, or one actor alone, has touched.
extension Ledger {
    /// Takes over what `actor` saw by itself; `parts` are this epoch's logs.
    mutating func add(
        _ findings: [Hand.Finding], of actor: UInt8, _ parts: [Part], _ telling: Telling
    ) {
        for finding in findings {
            let violation = telling.tell(finding, of: actor) { culprit in
                parts.first { $0.actor == culprit.actor }?.log.records.first { $0.wrote(culprit) }
            }
            add(violation, at: finding.at.ticks)
        }
    }

    /// Accounts for each SIGBUS on an actor's own file, whose size nobody changes beside it: only a
    /// store that needs space may take one.
    mutating func addOwnFaults(_ part: Part, _ situation: Situation, _ cast: Cast) {
        for record in part.log.records
        where record.file == Record.noFile && record.outcome == .faulted {
            switch record.fault(in: situation) {
            // `addRefusals` has it.
            case .elsewhere: break
            case .noSpace: report.sigbus.noSpace += 1
            case .poisoned: report.sigbus.poisoned += 1
            default:
                report.sigbus.unjustified += 1
                let offset = record.offset + record.done
                add(
                    Violation(
                        rule: .sigbus, file: "", offset: offset, expected: "no SIGBUS",
                        observed: "si_code \(record.code)",
                        story: "\(cast.name(of: part.actor)) takes a SIGBUS at offset \(offset) of "
                            + "a file of its own, within its size"),
                    at: record.interval.returned.ticks)
            }
        }
    }

    /// Whose stamp was found, as the end of a sentence.
    private static func origin(of culprit: Culprit?, names: [String]) -> String {
        guard let culprit else { return "" }
        return
            ": what \(names[Int(culprit.actor)]) wrote as its operation \(culprit.sequence) into "
            + "file\(culprit.file) at offset \(culprit.word * 8)"
    }

    /// A canary file changed; `names` are those of all actors.
    mutating func changed(_ finding: Canaries.Finding, names: [String]) {
        var story =
            "\(finding.file), which nobody touched since it was written, holds "
            + "\(hex(finding.observed)) at offset \(finding.offset)"
        story += Ledger.origin(of: finding.culprit, names: names)
        if let offset = DevicePattern.offset(of: finding.observed) {
            story += ": " + DevicePattern.told(offset)
        }
        add(
            Violation(
                rule: .bystanders, file: finding.file, offset: finding.offset,
                expected: hex(finding.expected), observed: hex(finding.observed), story: story),
            at: Clock.ticks())
    }
}
