internal import DaxText

/// How often two roles met on a page, by what the two operations faulted in: the larger of both.
package struct Coverage: Hashable, Sendable {
    /// The roles, in alphabetical order; the same one twice where two actors have it.
    package var a: String
    package var b: String
    /// Neither operation faulted.
    package var none: UInt64
    /// Nil where neither role reaches files through mappings.
    package var pte: UInt64?
    package var pmd: UInt64?

    package init(_ a: String, _ b: String, none: UInt64, pte: UInt64?, pmd: UInt64?) {
        (self.a, self.b) = a <= b ? (a, b) : (b, a)
        self.none = none
        self.pte = pte
        self.pmd = pmd
    }

    fileprivate var row: [String] {
        ["\(a) x \(b)", none.grouped, pte?.grouped ?? "-", pmd?.grouped ?? "-"]
    }

    /// What could have happened and did not.
    fileprivate var cold: [String] {
        [("no fault", none as UInt64?), ("a PTE fault", pte), ("a PMD fault", pmd)]
            .filter { $0.1 == 0 }.map { "\(a) x \(b), \($0.0)" }
    }
}

extension Report {
    /// The coverage as a table, then its cold cells; empty where nothing was counted.
    package var coverageTable: String {
        let cold = coverage.flatMap(\.cold)
        return Layout.table(["overlaps", "no fault", "PTE", "PMD"], coverage.map(\.row))
            + (cold.isEmpty
                ? ""
                : Layout.wrapped(
                    "cold cells: \(cold.joined(separator: "; "))", first: "  ", rest: "    "))
    }
}
