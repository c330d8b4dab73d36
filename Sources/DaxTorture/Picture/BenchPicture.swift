package import DaxBench
import DaxReport
import DaxText

/// What a benchmark measured as one page of HTML: one kernel, or two beside each other.
package struct BenchPicture {
    private let reports: [BenchReport]
    private let comparison: BenchComparison?
    /// What the default torture said of each, where it was asked.
    private let verdicts: [(name: String, verdict: String)]

    package init(
        _ reports: [BenchReport], comparison: BenchComparison? = nil,
        verdicts: [(name: String, verdict: String)] = []
    ) {
        (self.reports, self.comparison, self.verdicts) = (reports, comparison, verdicts)
    }

    /// What every such page begins with.
    package static let mark = "<!DOCTYPE html>\n<!-- daxtorture-bench-picture-"

    /// The page, as a file.
    package var html: String {
        HTMLPage.html(
            "daxtorture bench: \(reports.first?.filesystem ?? "")", mark: Self.mark + "1 -->\n",
            sections)
    }

    private var sections: [Markup] {
        guard let first = reports.first else { return [] }
        var sections = [heading(first)]
        if let comparison {
            sections.append(
                section(
                    "Instructions of \(comparison.names.0) and \(comparison.names.1)",
                    Self.counted, InstructionChart(comparison).markup))
            if !comparison.ratios.isEmpty {
                sections.append(
                    section(
                        "Faults per second, \(comparison.names.1) over \(comparison.names.0)",
                        "Of each pair of machines that were booted one after the other: \u{25cf} "
                            + "the median, with the least and the most. Right of 1 the second is "
                            + "faster.",
                        RatioChart(comparison.ratios).markup))
            }
        } else if !first.instructions.isEmpty {
            sections.append(
                section("Instructions", Self.counted, InstructionChart(first.instructions).markup))
        }
        if !first.curves.isEmpty {
            sections.append(
                section(
                    "Instructions as the file grows",
                    "Of one call on one CPU; the exponent is of the last \(CostCurve.fitted) points.",
                    CurveCharts(first.curves).markup))
        }
        if !first.faults.isEmpty {
            sections.append(
                section(
                    "Faults per second by threads",
                    "Medians. What the lock of one file costs is between \u{25cf} a file each and "
                        + "\u{25a0} one file; \u{2715} one range of one file. The thin line is "
                        + "twice as much for twice the threads.",
                    ScalingCharts(first.faults).markup))
            sections.append(
                section(
                    "How long a fault takes",
                    "\u{25cf} p50, \u{25cb} p90, | p99, \u{2715} the longest.",
                    LatencyChart(latency: latencies(first.faults)).markup))
        }
        sections.append(
            Markup(
                "details", [:],
                [
                    Markup("summary", [:], "All of it as text"),
                    Markup("pre", [:], comparison?.text ?? first.text),
                ]))
        return sections
    }

    private static let counted =
        "What a path takes on one CPU, in the machine whose clock counts instructions: the most "
        + "frequent count, on a logarithmic axis."

    private func heading(_ report: BenchReport) -> Markup {
        let names = comparison.map { "\($0.names.0) and \($0.names.1)" } ?? report.kernel
        let facts = [
            ("filesystem", report.filesystem), ("kernel", names), ("CPUs", "\(report.cpus)"),
        ]
        return Markup(
            "header", [:],
            [
                Markup("h1", [:], "daxtorture bench"),
                Markup(
                    "dl", [:],
                    facts.map {
                        Markup("div", [:], [Markup("dt", [:], $0.0), Markup("dd", [:], $0.1)])
                    }),
            ]
                + verdicts.map { one in
                    Markup(
                        "p", [:],
                        [
                            Markup("strong", [:], one.name), Markup(text: ": \(one.verdict)"),
                        ])
                })
    }

    private func latencies(_ faults: [PointResult]) -> [String: Latency] {
        var all: [String: Latency] = [:]
        for one in faults where one.latencies.count == PointResult.percentiles.count {
            let point = one.point
            var name = "\(point.path.rawValue) \(point.size.rawValue)"
            if point.threads > 1 { name += ", \(point.threads) x \(point.sharing.rawValue)" }
            if point.beside != .nobody { name += ", \(point.beside.rawValue)" }
            all[name] = Latency(
                p50: one.latencies[0], p90: one.latencies[1], p99: one.latencies[2],
                max: one.latencies[5])
        }
        return all
    }

    private func section(_ title: String, _ note: String, _ drawing: Markup) -> Markup {
        Markup(
            "section", [:],
            [
                Markup("h2", [:], title), Markup("p", ["class": "note"], note),
                Picture.scrolling(drawing),
            ])
    }
}
