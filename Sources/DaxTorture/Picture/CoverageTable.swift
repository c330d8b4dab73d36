import DaxReport
import DaxText

/// The coverage as a heat map: pairs of roles, what was faulted in, how often; darker is more.
struct CoverageTable {
    let coverage: [Coverage]

    var markup: Markup {
        if coverage.isEmpty {
            return Markup("p", ["class": "note"], "Nothing was counted.")
        }
        let head = ["pair of roles", "no fault", "PTE fault", "PMD fault"]
        return Markup(
            "table", ["class": "heat"],
            [
                Markup("thead", [:], [Markup("tr", [:], head.map { Markup("th", [:], $0) })]),
                Markup(
                    "tbody", [:],
                    coverage.map { row in
                        Markup(
                            "tr", [:],
                            [Markup("th", [:], "\(row.a) x \(row.b)")]
                                + [row.none, row.pte, row.pmd].map(cell))
                    }),
            ])
    }

    /// Nil is a cell that cannot be, 0 one that stayed cold.
    private func cell(_ count: UInt64?) -> Markup {
        guard let count else { return Markup("td", ["class": "never"], "\u{2013}") }
        if count == 0 { return Markup("td", ["class": "cold"], "0 cold") }
        return Markup("td", ["class": "heat\(CoverageTable.heat(of: count))"], count.grouped)
    }

    /// 1 to 6, by powers of ten.
    static func heat(of count: UInt64) -> Int { min(String(count).count, 6) }
}
