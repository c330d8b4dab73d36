package import DaxModel
internal import DaxText

/// How a run that found a violation went when it was repeated without DAX, from the same seed and
/// config: whether DAX is to blame.
///
/// Only in the deterministic machine is it more than a likelihood. Elsewhere a race shows at some
/// rate, and one that did not show within the run's duration may be there without DAX as well.
package struct DifferentialFacts: Hashable, Sendable {
    /// The verdict of the run without DAX.
    package var verdict: Verdict
    /// The rule that the first violation without DAX broke; nil where there was none.
    package var rule: Rule?
    /// All violations that the run without DAX found.
    package var violations: UInt64
    /// The verdict of the run without DAX in one sentence.
    package var told: String
    /// Where the report of the run without DAX is: a directory within this report's own.
    package var directory: String

    package init(
        verdict: Verdict, rule: Rule?, violations: UInt64, told: String, directory: String
    ) {
        self.verdict = verdict
        self.rule = rule
        self.violations = violations
        self.told = told
        self.directory = directory
    }

    /// What a run without DAX says, the report of which is in `directory`.
    package init(_ report: Report, directory: String) {
        self.init(
            verdict: report.verdict, rule: report.violations.first?.rule,
            violations: report.violationsTotal, told: report.verdictLine, directory: directory)
    }

    /// What follows from the run without DAX, in a few words.
    package var conclusion: String {
        switch verdict {
        case .clean: "only under DAX"
        case .violation: "also without DAX"
        case .untested: "not known"
        }
    }

    /// The line that a run prints.
    package var line: String {
        Layout.oneLine("\(conclusion): the same run without DAX is \(told)")
            + " Its report is in \(directory)."
    }
}

extension Report {
    /// Whether the config asked for no DAX at all.
    package var isWithoutDAX: Bool { daxMode == "never" }

    /// The reason by which a run without DAX is untested when it stands alone.
    static let isNotDAX = "no file was on DAX, since fs.dax is never"

    /// Makes this the report of the run without DAX that another is compared with: that it was not
    /// on DAX is what it is for then, and no reason against its verdict.
    package mutating func becomeReference() {
        vacuity.removeAll { $0 == Report.isNotDAX }
        verdict = violationsTotal > 0 ? .violation : vacuity.isEmpty ? .clean : .untested
        notes.append("it is there to be compared with a run under DAX: \(Report.isNotDAX)")
    }
}
