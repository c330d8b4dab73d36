package import DaxModel

/// `[promise.NAME]`: what a config of a known bug shows on one kernel (docs/bugs.md). It is no part of a
/// run, and no `resolved.toml` holds it.
package struct Promise: Hashable, Sendable {
    package var name: String
    /// What runs come to; required.
    package var shows: Shown?
    /// The filesystem that is tortured; required.
    package var fs: FilesystemType?
    /// A kernel as ci/fetch-kernel calls it; required.
    package var kernel: String?
    /// The mutant that takes the place of the filesystem's module; nil: the module as shipped.
    package var mutant: String?
    /// At least one of them is broken; empty for a sound kernel.
    package var rules: [Rule] = []
    /// Whether it has not been seen yet, or not each time: it is tried and told, and fails nothing.
    package var isTodo = false

    /// What runs of a config come to.
    package enum Shown: String, CaseIterable, Hashable, Sendable {
        /// From one of a few seeds a violation.
        case broken
        /// A clean run; an untested one is not enough.
        case sound
    }

    package init(name: String) { self.name = name }

    /// The first rule between keys that is broken.
    func brokenRule(_ schema: ConfigSchema) -> BrokenRule? {
        let table = "promise.\(name)"
        for (key, isThere) in [
            ("shows", shows != nil), ("fs", fs != nil), ("kernel", kernel != nil),
        ]
        where !isThere {
            return BrokenRule("\(table).\(key)", message: "absent; every promise needs it")
        }
        if shows == .broken && rules.isEmpty {
            return BrokenRule("\(table).rules", message: "absent; a broken kernel breaks some")
        }
        if shows == .sound && !rules.isEmpty {
            return BrokenRule("\(table).rules", message: "a sound kernel breaks none")
        }
        return schema.brokenRule(mutant: mutant, "\(table).mutant", on: fs, "\(table).fs")
    }
}

extension ConfigSchema {
    static func promise(_ mutants: [String]) -> ConfigTable<Promise> {
        ConfigTable(
            name: "promise.NAME",
            meaning: "what a config of a known bug shows, and on which kernel",
            keys: [
                ConfigKey(
                    optional: "shows", \.shows, .choice("outcome"),
                    "broken: one of a few seeds finds a violation; sound: a run is clean; required"),
                ConfigKey(
                    optional: "fs", \.fs, .choice("filesystem"),
                    "the filesystem, in the place of fs.type; required"),
                ConfigKey(
                    optional: "kernel", \.kernel, .kernel, "as ci/fetch-kernel calls it; required"),
                ConfigKey(
                    optional: "mutant", \.mutant,
                    .name("mutant", of: mutants, listedBy: "daxtorture mutants"),
                    "how the filesystem's module is broken; absent: not at all"),
                ConfigKey(
                    "rules", \.rules, .rules,
                    "of which a broken kernel breaks at least one"),
                ConfigKey(
                    "todo", \.isTodo, .boolean,
                    "it has not been seen, or not each time: it is tried, and fails nothing"),
            ])
    }
}

extension KeyType where Value == String {
    /// A kernel by its version and its flavour.
    static var kernel: Self {
        KeyType(
            carrier: .string, noun: "a kernel", example: "\"6.1-cloud\"",
            range: "6.1-cloud, 6.12-generic, 6.1.0-50-cloud-amd64",
            parse: { text in
                let isPlain = text.utf8.allSatisfy {
                    isBare($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "+")
                }
                return isPlain && ["-cloud", "-generic", "-amd64"].contains { text.hasSuffix($0) }
                    ? text : nil
            },
            print: { $0 }, complaint: { _ in nil })
    }
}

extension KeyType where Value == [Rule] {
    static var rules: Self {
        let example = "\(Rule.freshness) \(Rule.regrowth)"
        return KeyType(
            carrier: .string, noun: "a list of rules", example: "\"\(example)\"",
            range: "rules with blanks between them: \(example)",
            parse: { text in
                let words = text.split(separator: " ")
                let rules = words.compactMap { Rule(String($0)) }
                return rules.count == words.count ? rules : nil
            },
            print: { $0.map(\.description).joined(separator: " ") }, complaint: { _ in nil })
    }
}
