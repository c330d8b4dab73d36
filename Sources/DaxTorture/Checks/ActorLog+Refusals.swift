package import DaxModel
import DaxOperations
import DaxSystem

/// What calls and accesses of one actor had no reason to end with, in words.
extension ActorLog {
    /// The failures that nothing in `situation` explains: of calls (R13), and signals that no page
    /// fault gives (R5). Files are called by `names`, the actor `actor`.
    package func refusals(in situation: Situation, names: [String], by actor: String)
        -> [(finding: Finding, at: Timestamp)]
    {
        log.records.compactMap { record in
            let file = record.file.index < names.count ? names[record.file.index] : ""
            let place = file.isEmpty ? "" : " of \(file)"
            let whose = "\(actor)'s \(record.kind.name)\(place)"
            if let refusal = record.refusal(in: situation) {
                return (
                    Finding(
                        rule: .refusal, file: file, offset: record.offset,
                        expected: refusal.expected, observed: refusal.observed,
                        story: "\(whose) by \(record.path.name), at offset \(record.offset), "
                            + "length \(record.length), " + refusal.sentence,
                        signature: Signature(
                            rule: .refusal, seen: refusal.observed, observer: record.kind.name)),
                    record.interval.returned
                )
            }
            guard let wrong = record.wrongSignal(in: situation) else { return nil }
            let offset = record.offset + record.done
            return (
                Finding(
                    rule: .sigbus, file: file, offset: offset,
                    expected: "no signal but SIGBUS BUS_ADRERR for the page of the access",
                    observed: "signal \(record.signal), si_code \(record.code), "
                        + "\(record.strayPages) pages off",
                    story: "\(whose) at offset \(offset) takes " + wrong,
                    signature: Signature(
                        rule: .sigbus, seen: SystemError.signalName(of: Int32(record.signal)),
                        observer: record.kind.genus,
                        relation: record.strayPages == 0 ? "" : "another page")),
                record.interval.returned
            )
        }
    }
}
