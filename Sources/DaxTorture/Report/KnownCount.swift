package import DaxModel
internal import DaxText

/// A known issue that fits the run's kernel and filesystem, and how often it was seen.
package struct KnownCount: Hashable, Sendable {
    package var issue: KnownIssue
    package var count: UInt64 = 0
    /// The first of them; nil where none was seen.
    package var first: Finding?

    package init(_ issue: KnownIssue) { self.issue = issue }
}

/// Violations that are known do not count: neither for the verdict, nor for what ends a run.
extension Report {
    /// What is known from now on. Where the kernel is not known yet, that of no entry is looked at.
    package mutating func know(_ issues: [KnownIssue]) {
        known = issues.map(KnownCount.init)
        forgetWhatDoesNotFit()
    }

    /// Of which kernel the run is: entries of others are no part of it.
    package mutating func forgetWhatDoesNotFit() {
        known.removeAll { one in
            !(kernel == nil ? one.issue.filesystem ?? fs == fs : one.issue.fits(fs, kernel))
        }
    }

    /// Whether a violation of that signature is known.
    package func isKnown(_ signature: String) -> Bool {
        known.contains { $0.issue.covers(signature) }
    }

    /// Counts a violation under the first entry that covers it; false where none does. `violation` makes it,
    /// where it is the entry's first.
    mutating func countKnown(_ signature: String, _ violation: () -> Finding) -> Bool {
        guard let index = known.firstIndex(where: { $0.issue.covers(signature) }) else {
            return false
        }
        known[index].count += 1
        if known[index].first == nil { known[index].first = violation() }
        return true
    }

    /// How many violations are known.
    package var knownTotal: UInt64 { known.reduce(0) { $0 + $1.count } }

    /// A line for each entry, seen or not: what a run prints before its verdict.
    package var knownLines: [String] {
        known.map { one in
            let seen = one.count == 0 ? "not seen" : "\(one.count.grouped) times"
            return "known issue \(one.issue.name): \(seen): \(one.issue.signature)"
                + [one.issue.note, one.issue.link].filter { !$0.isEmpty }.map { "; \($0)" }.joined()
        }
    }
}
