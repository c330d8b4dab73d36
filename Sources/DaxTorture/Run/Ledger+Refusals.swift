import DaxModel
import DaxOperations
import DaxReport
import DaxSystem

/// What calls and accesses had no reason to end with (R13; R5 for signals).
extension Ledger {
    /// Takes over each failure of `part`'s actor that nothing in `situation` explains; files are
    /// called by `names`.
    mutating func addRefusals(
        _ part: Part, _ situation: Situation, names: [String], _ actor: String
    ) {
        for record in part.log.records {
            let file = Int(record.file) < names.count ? names[Int(record.file)] : ""
            let place = file.isEmpty ? "" : " of \(file)"
            if let refusal = record.refusal(in: situation) {
                add(
                    Violation(
                        rule: .refusal, file: file, offset: record.offset,
                        expected: refusal.expected,
                        observed: refusal.observed,
                        story: "\(actor)'s \(record.kind.name)\(place) by \(record.path.name), at "
                            + "offset \(record.offset), length \(record.length), "
                            + refusal.sentence),
                    at: record.interval.returned.ticks)
            } else if let wrong = record.wrongSignal(in: situation) {
                report.sigbus.unjustified += 1
                let offset = record.offset + record.done
                add(
                    Violation(
                        rule: .sigbus, file: file, offset: offset,
                        expected: "no signal but SIGBUS BUS_ADRERR for the page of the access",
                        observed: "signal \(record.signal), si_code \(record.code), "
                            + "\(record.strayPages) pages off",
                        story: "\(actor)'s \(record.kind.name)\(place) at offset \(offset) takes "
                            + wrong),
                    at: record.interval.returned.ticks)
            }
        }
    }
}
