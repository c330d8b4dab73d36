/// What a sound kernel does not show in any legal run, told for people: a violation as reports list it.
///
/// The oracle has a type of its own for what a history by itself breaks (`DaxOracle.Violation`), which
/// names operations by number; told with their actors' names, that is a finding, too.
package struct Finding: Hashable, Sendable {
    package var rule: Rule
    /// The file's name; empty where the rule is about no file.
    package var file: String
    /// In bytes from the file's start.
    package var offset: UInt64
    package var expected: String
    package var observed: String
    /// The operations that overlap or bound it, one a line, in the order of their invocation.
    package var operations: [String]
    /// What happened, the first sentence alone enough to know.
    package var story: String
    /// What it has in common with other violations of the same cause: `Signature.text`.
    package var signature: String

    /// - Parameter signature: nil where rule and observation say all that others of its cause share.
    package init(
        rule: Rule, file: String, offset: UInt64, expected: String, observed: String,
        operations: [String] = [], story: String, signature: Signature? = nil
    ) {
        self.rule = rule
        self.file = file
        self.offset = offset
        self.expected = expected
        self.observed = observed
        self.operations = operations
        self.story = story
        self.signature = (signature ?? Signature(rule: rule, seen: observed)).text
    }
}

/// A word as reports print it.
package func hex(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return "0x" + String(repeating: "0", count: 16 - digits.count) + digits
}
