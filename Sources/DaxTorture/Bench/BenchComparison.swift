import DaxText

/// Two kernels beside each other, or a kernel and its mutant: what one takes in the other's terms.
package struct BenchComparison: Sendable {
    /// How the two are called.
    package var names: (String, String)
    /// Of each the reports of its machines, in the order in which they were booted by turns.
    package var reports: ([BenchReport], [BenchReport])

    package init(names: (String, String), _ first: [BenchReport], _ second: [BenchReport]) {
        (self.names, reports) = (names, (first, second))
    }

    /// What one point came to.
    package struct Ratio: Sendable {
        package var point: BenchPoint
        /// The second's faults a second over the first's: the median of the pairs, the least and the most.
        package var median: Double
        package var least: Double
        package var most: Double
    }

    /// For each point, of the pairs of machines that were booted one after the other.
    package var ratios: [Ratio] {
        guard let first = reports.0.first else { return [] }
        return first.faults.compactMap { one in
            let ratios = zip(reports.0, reports.1).compactMap { a, b -> Double? in
                guard let base = a.rate(of: one.point), let other = b.rate(of: one.point), base > 0
                else { return nil }
                return other / base
            }
            guard let median = ratios.median else { return nil }
            return Ratio(
                point: one.point, median: median, least: ratios.min()!, most: ratios.max()!)
        }
    }

    /// The tables, for a terminal.
    package var text: String {
        var text = ""
        let ratios = ratios
        if !ratios.isEmpty {
            text += Layout.table(
                [
                    "fault", "threads", "sharing", "beside", "\(names.1) over \(names.0)", "least",
                    "most",
                ],
                ratios.map { one in
                    [
                        "\(one.point.path.rawValue) \(one.point.size.rawValue)",
                        "\(one.point.threads)", one.point.sharing.rawValue,
                        one.point.beside.rawValue,
                        Self.hundredths(one.median), Self.hundredths(one.least),
                        Self.hundredths(one.most),
                    ]
                }, left: [0, 2, 3])
        }
        guard let first = reports.0.first, let second = reports.1.first else { return text }
        let rows = first.instructions.compactMap { one -> [String]? in
            guard let other = second.instructions.first(where: { $0.name == one.name }) else {
                return nil
            }
            let difference = Int64(other.usual) - Int64(one.usual)
            return [
                one.name, "\(one.usual)", "\(other.usual)",
                difference > 0 ? "+\(difference)" : "\(difference)",
            ]
        }
        if !rows.isEmpty {
            if !text.isEmpty { text += "\n" }
            text += Layout.table(["instructions", names.0, names.1, "difference"], rows)
        }
        for (name, report) in [(names.0, first), (names.1, second)] where !report.curves.isEmpty {
            text += "\n\(name):\n\(CostCurve.table(report.curves))"
        }
        return text
    }

    private static func hundredths(_ value: Double) -> String {
        let all = Int((value * 100).rounded())
        let rest = all % 100
        return "\(all / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}

extension BenchReport {
    fileprivate func rate(of point: BenchPoint) -> Double? {
        faults.first { $0.point == point }?.rates.median
    }
}
