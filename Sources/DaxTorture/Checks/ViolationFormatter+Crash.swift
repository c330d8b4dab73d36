package import DaxModel
package import DaxOracle

extension ViolationFormatter {
    /// What was left after a power cut and recovery: the oracle's word on it as a read, by the rule of
    /// crashes (R14).
    package func tell(recovered violation: Violation, file: String) -> Finding {
        var finding = tell(violation, file: file)
        var broken = violation
        broken.rule = .crash
        finding.rule = .crash
        finding.story = "after recovery: " + finding.story
        finding.signature = Signature(broken).text
        return finding
    }
}
