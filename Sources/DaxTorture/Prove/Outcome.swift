package import DaxModel
package import DaxReport

/// What one trial came to.
package enum Outcome: Hashable, Sendable {
    case found(Discovery)
    case clean
    /// The trial was no test, for this reason.
    case untested(String)

    /// A violation, and what it took.
    package struct Discovery: Hashable, Sendable {
        /// The rules that were broken, in the order in which they were found broken.
        package var rules: [Rule]
        /// Seconds from the first operation to the first violation, by the guest's clock.
        package var seconds: Double
        /// Operations that were done when the run ended, at the quiet point that found it.
        package var operations: UInt64
        /// The first violation's first sentence.
        package var sentence: String

        package init(rules: [Rule], seconds: Double, operations: UInt64, sentence: String) {
            self.rules = rules
            self.seconds = seconds
            self.operations = operations
            self.sentence = sentence
        }
    }

    /// The outcome that a run's report tells of.
    package init(_ report: Report) {
        switch report.verdict {
        case .clean: self = .clean
        case .untested: self = .untested(report.vacuity.first ?? "no reason was given")
        case .violation:
            var rules: [Rule] = []
            for violation in report.violations where !rules.contains(violation.rule) {
                rules.append(violation.rule)
            }
            let story = report.violations.first?.story ?? ""
            self = .found(
                Discovery(
                    rules: rules, seconds: report.timeToFirstViolation ?? report.duration,
                    operations: report.operations.values.reduce(0, +),
                    sentence: String(story.prefix { $0 != "\n" })))
        }
    }

    package var discovery: Discovery? {
        if case .found(let discovery) = self { discovery } else { nil }
    }
}
