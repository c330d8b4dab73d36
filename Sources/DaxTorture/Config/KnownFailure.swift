/// `[known-failure]`: that a config finds violations on kernels as they are shipped, and until which.
/// It is no part of a run.
package struct KnownFailure: Hashable, Sendable {
    /// The last series of kernels on which it does: `6.12`; required.
    package var until: String?
    /// What those kernels lack; required.
    package var reason: String?
    /// On which filesystem; nil: on each.
    package var fs: FilesystemType?

    package init(until: String? = nil, reason: String? = nil, fs: FilesystemType? = nil) {
        self.until = until
        self.reason = reason
        self.fs = fs
    }

    /// Whether it is about the filesystem of that name.
    package func concerns(_ filesystem: String) -> Bool {
        fs == nil || fs?.rawValue == filesystem
    }

    func brokenRule() -> BrokenRule? {
        for (key, value) in [("until", until), ("reason", reason)] where value == nil {
            return BrokenRule("known-failure.\(key)", message: "absent; a known failure needs it")
        }
        return nil
    }
}

extension ConfigSchema {
    static let knownFailure = ConfigTable<KnownFailure>(
        name: "known-failure", meaning: "that kernels as they are shipped fail, and which",
        keys: [
            ConfigKey(
                optional: "until", \.until, .series,
                "the last series of kernels that fails; a violation on one of them does not count in "
                    + "ci/nightly; required"),
            ConfigKey(
                optional: "reason", \.reason, .sentence, "what those kernels lack; required"),
            ConfigKey(
                optional: "fs", \.fs, .choice("filesystem"),
                "the filesystem on which they fail; absent: each"),
        ])
}

extension KeyType where Value == String {
    /// A kernel's major and minor number.
    fileprivate static var series: Self {
        KeyType(
            carrier: .string, noun: "a series of kernels", example: "\"6.12\"",
            range: "such as 6.12",
            parse: { text in
                let numbers = text.split(separator: ".", omittingEmptySubsequences: false)
                let isOne = numbers.count == 2 && numbers.allSatisfy { UInt16($0) != nil }
                return isOne && !text.contains("+") ? text : nil
            },
            print: { $0 }, complaint: { _ in nil })
    }

    fileprivate static var sentence: Self {
        KeyType(
            carrier: .string, noun: "a sentence", example: "\"what they lack\"", range: "one line",
            parse: { $0.isEmpty || visible($0) != $0 ? nil : $0 }, print: { $0 },
            complaint: { _ in nil })
    }
}
