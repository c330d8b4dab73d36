import DaxOperations
import DaxOracle
import DaxReport

/// Puts the oracle's violations into a report's words.
struct Telling {
    let cast: Cast
    let ticksPerSecond: Double
    let begin: UInt64

    init(_ cast: Cast, ticksPerSecond: Double, begin: UInt64) {
        self.cast = cast
        self.ticksPerSecond = ticksPerSecond
        self.begin = begin
    }

    func tell(_ violation: DaxOracle.Violation, file: String) -> DaxReport.Violation {
        DaxReport.Violation(
            rule: violation.rule.description, file: file, offset: violation.offset,
            expected: "\(violation.expected)", observed: "\(violation.observed)",
            operations: violation.evidence.map { "\($0)" }, story: "\(violation)")
    }
}
