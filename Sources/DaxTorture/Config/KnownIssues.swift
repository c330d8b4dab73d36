internal import DaxModel
internal import DaxText

extension ConfigSchema {
    /// `[known.NAME]`: a violation that does not count.
    static let known = ConfigTable<KnownIssue>(
        name: "known.NAME",
        meaning:
            "a violation that is known, and fails no run (known.md); --known brings a file of them",
        keys: [
            ConfigKey(
                "signature", \.signature, .signature,
                "as a report gives it, whole or up to a bar; required"),
            ConfigKey(
                optional: "kernels", \.kernels, .kernels,
                "the series that have it, both ends included; absent: all"),
            ConfigKey(
                optional: "fs", \.filesystem,
                .name("filesystem", of: FilesystemType.allCases.map(\.rawValue)),
                "the filesystem that has it; absent: both"),
            ConfigKey("link", \.link, .remark, "where it is written about"),
            ConfigKey("note", \.note, .remark, "what a reader of the report is to know"),
        ])
}

extension KnownIssue {
    func brokenRule() -> BrokenRule? {
        signature.isEmpty
            ? BrokenRule("known.\(name).signature", message: "absent; every known issue needs it")
            : nil
    }
}

extension KeyType where Value == String {
    /// It begins with a rule, so that a misspelt one is no entry that never fits.
    fileprivate static var signature: Self {
        KeyType(
            carrier: .string, noun: "a signature", example: "\"\(Rule.freshness) | zero | load\"",
            range: "a rule, and more behind bars",
            parse: { text in
                let parts = text.split(separator: " | ", omittingEmptySubsequences: false)
                let isOne =
                    visible(text) == text && !text.hasSuffix("|") && !text.hasSuffix(" ")
                    && Rule(String(parts[0])) != nil
                return isOne ? text : nil
            }, print: { $0 }, complaint: { _ in nil })
    }

    /// One line, which may be empty.
    fileprivate static var remark: Self {
        KeyType(
            carrier: .string, noun: "a line of text", example: "\"one line\"", range: "one line",
            parse: { visible($0) == $0 ? $0 : nil }, print: { $0 }, complaint: { _ in nil })
    }
}

extension KeyType where Value == KernelRange {
    fileprivate static var kernels: Self {
        KeyType(
            carrier: .string, noun: "a range of kernels", example: "\"6.1 - 6.12\"",
            range: "such as 6.1, or 6.1 - 6.12", parse: { KernelRange($0) },
            print: { $0.description }, complaint: { _ in nil })
    }
}
