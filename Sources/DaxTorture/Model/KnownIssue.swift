/// A violation that is known on some kernels: `[known.NAME]` of a config, or of a file for `--known`.
package struct KnownIssue: Hashable, Sendable {
    package var name: String
    /// A violation's signature, or the first parts of one.
    package var signature: String
    /// The series of kernels that have it; nil: all.
    package var kernels: KernelRange?
    /// The filesystem, as `--fs` names it; nil: both.
    package var filesystem: String?
    /// Where it is written about.
    package var link: String
    package var note: String

    package init(
        name: String, signature: String = "", kernels: KernelRange? = nil,
        filesystem: String? = nil, link: String = "", note: String = ""
    ) {
        (self.name, self.signature, self.kernels) = (name, signature, kernels)
        (self.filesystem, self.link, self.note) = (filesystem, link, note)
    }

    /// Whether a violation with that signature is this one: it is the entry's, or begins with it up to a
    /// bar.
    package func covers(_ signature: String) -> Bool {
        signature == self.signature || signature.hasPrefix(self.signature + " | ")
    }

    /// Whether it is known of that filesystem on that kernel; one whose release says nothing has none.
    package func fits(_ filesystem: String, _ release: String?) -> Bool {
        if let own = self.filesystem, own != filesystem { return false }
        guard let kernels else { return true }
        return release.flatMap { KernelVersion(release: $0) }.map(kernels.contains) ?? false
    }
}

/// Some series of kernels: `6.1`, or `6.1 - 6.12`, both included.
package struct KernelRange: Hashable, Sendable, CustomStringConvertible {
    package var first: KernelVersion
    package var last: KernelVersion

    /// Nil for what is none, and for one that ends before it begins.
    package init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { part in
            let trimmed = part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
            return KernelRange.series(String(trimmed))
        }
        guard (1...2).contains(parts.count), let first = parts[0], let last = parts.last ?? nil,
            first <= last
        else { return nil }
        (self.first, self.last) = (first, last)
    }

    /// A series and no release: nothing may stand behind the two numbers.
    private static func series(_ text: String) -> KernelVersion? {
        KernelVersion(release: text).flatMap { $0.description == text ? $0 : nil }
    }

    package func contains(_ version: KernelVersion) -> Bool { first <= version && version <= last }

    package var description: String { first == last ? "\(first)" : "\(first) - \(last)" }
}
