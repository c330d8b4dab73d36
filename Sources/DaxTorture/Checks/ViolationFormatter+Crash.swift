package import DaxModel
package import DaxOracle

extension ViolationFormatter {
    /// What was left after a power cut and recovery: the oracle's word on it as a read, by the rule of
    /// crashes (R14).
    ///
    /// - Parameter sync: by which what is not there had to be; nil if since the epoch's beginning.
    package func tell(
        recovered violation: Violation, file: String, acknowledgedBy sync: Acknowledgements.Sync?
    ) -> Finding {
        var finding = tell(violation, file: file)
        var broken = violation
        broken.rule = .crash
        finding.rule = .crash
        let promise =
            sync.map { "\(span($0.interval)) \(whose($0.operation)) acknowledged the page" }
            ?? "the page was durable when the epoch began"
        finding.story = "after recovery: " + finding.story + "\n" + promise
        finding.operations.append(promise)
        finding.signature = Signature(broken).text
        return finding
    }
}
