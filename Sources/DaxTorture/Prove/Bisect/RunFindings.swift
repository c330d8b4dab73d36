package import DaxConfig
import DaxModel
package import DaxReport
import DaxText

/// What one run of a bisection showed.
package struct RunFindings: Hashable, Sendable {
    /// The signatures of its violations, each once, in the order in which they were found.
    package var signatures: [String]
    /// Why it says nothing of a bug that it did not show; nil where it does.
    package var excuse: String?

    package init(signatures: [String] = [], excuse: String? = nil) {
        (self.signatures, self.excuse) = (signatures, excuse)
    }

    /// Of the report of a run that was to be as `plan` says.
    ///
    /// What another bug has ended before its time had not the time to show the one that is sought.
    package init(_ report: Report, plan: RunConfig) {
        switch report.verdict {
        case .clean: self.init()
        case .untested: self.init(excuse: report.vacuity.first ?? "no reason was given")
        case .violation:
            var found: [String] = []
            for signature in report.violations.map(\.signature) where !found.contains(signature) {
                found.append(signature)
            }
            self.init(signatures: found)
            if !RunFindings.isWhole(report, plan) {
                excuse = "another violation ended it (\(found.joined(separator: "; ")))"
            } else if report.violationsTotal > UInt64(report.violations.count) {
                excuse = "it has more violations than its report lists"
            }
        }
    }

    /// Whether it took its time, a tenth aside, or went through all its rounds.
    private static func isWhole(_ report: Report, _ plan: RunConfig) -> Bool {
        if let rounds = plan.rounds, let done = report.rounds?.done, done >= rounds { return true }
        return report.duration >= 0.9 * plan.duration.inSeconds
    }

    package func shows(_ sought: SoughtSignature) -> Bool {
        signatures.contains(where: sought.matches)
    }
}
