package import DaxHost
import DaxSystem

/// What a run says in the end.
///
/// Verdicts are ordered by how much they weigh: of several, the greatest is that of them all.
package enum Verdict: String, CaseIterable, Comparable, Hashable, Sendable {
    /// Everything asked for was exercised, and a legal order explains all of it.
    case clean
    /// Nothing was found, but not everything asked for was exercised; or nothing could be.
    case untested
    /// Something that no legal order explains.
    case violation

    /// The process's exit status.
    package var exitStatus: ExitStatus {
        switch self {
        case .clean: .clean
        case .violation: .violation
        case .untested: .untested
        }
    }

    /// The verdict of several runs together; untested if there are none.
    package static func merged(_ verdicts: some Sequence<Verdict>) -> Verdict {
        verdicts.max() ?? .untested
    }

    package static func < (a: Verdict, b: Verdict) -> Bool { a.weight < b.weight }

    private var weight: Int {
        switch self {
        case .clean: 0
        case .untested: 1
        case .violation: 2
        }
    }
}
