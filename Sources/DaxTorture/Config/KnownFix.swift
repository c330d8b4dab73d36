package import DaxModel
internal import DaxText

/// The fix of a known bug, as the comments of its config name it (docs/bugs.md):
///
///     # Fix: "xfs: use dax ops for zero and truncate in fsdax mode" (64e6edc185da, Linux 6.2).
///     # Signature: R3 | an old stamp | read | punch | part of the page
package struct KnownFix: Hashable, Sendable {
    package var title: String
    /// What stands in brackets behind it: `64e6edc185da, Linux 6.2`.
    package var place: String
    /// The first series that has it.
    package var since: KernelVersion
    /// What the bug shows as, or the first parts of it; as seen.
    package var signatures: [String]

    /// Whether only files that share extents have the bug, which XFS alone has.
    package var needsReflink: Bool

    /// Nil where the comments name no fix by its title, no series, or no signature; `config` is what the
    /// text says.
    package init?(of text: String, _ config: Config) {
        needsReflink = config.fs.reflink
        let remarks = KnownFix.remarks(in: text)
        guard let fix = remarks.first(where: { $0.name == "Fix" })?.text, fix.first == "\"",
            let end = fix.dropFirst().firstIndex(of: "\""),
            let open = fix[end...].firstIndex(of: "("),
            let close = fix[open...].firstIndex(of: ")"),
            let linux = fix[open..<close].firstRange(of: "Linux "),
            let since = KernelVersion(
                release: fix[linux.upperBound..<close].prefix { $0.isNumber || $0 == "." })
        else { return nil }
        title = String(fix[fix.index(after: fix.startIndex)..<end])
        place = String(fix[fix.index(after: open)..<close])
        self.since = since
        signatures = remarks.filter { $0.name == "Signature" }.map(\.text)
        if signatures.isEmpty { return nil }
    }

    /// Whether a violation of that signature on that kernel may be the bug; `reflink`: files share extents.
    package func mayMend(_ signature: String, on release: String?, reflink: Bool) -> Bool {
        if needsReflink && !reflink { return false }
        let version = release.flatMap { KernelVersion(release: $0) }
        return version.map { $0 < since } ?? false
            && signatures.contains { KnownIssue(name: "", signature: $0).covers(signature) }
    }

    /// `# NAME: text` of the comments before the first line that is none, and what goes on below it.
    private static func remarks(in text: String) -> [(name: String, text: String)] {
        var remarks: [(name: String, text: String)] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            guard line.hasPrefix("#") else { break }
            let words = line.dropFirst().drop { $0 == " " }
            let name = words.prefix { $0.isLetter }
            if words[name.endIndex...].hasPrefix(": ") {
                remarks.append((String(name), String(words[name.endIndex...].dropFirst(2))))
            } else if words.isEmpty {
                remarks.append(("", ""))
            } else if !remarks.isEmpty {
                remarks[remarks.count - 1].text += " " + words
            }
        }
        return remarks
    }
}
