import DaxBench
import DaxText

/// What a call takes as its file grows: a chart for each curve, both axes logarithmic.
struct CurveCharts {
    private let curves: [CostCurve]

    init(_ curves: [CostCurve]) { self.curves = curves.filter { $0.points.count > 1 } }

    var markup: Markup {
        Drawing.charts("Instructions of a call as its file grows", curves, chart)
    }

    private func chart(_ curve: CostCurve, _ left: Double, _ top: Double) -> Markup {
        let bottom = top + Drawing.chartHeight - 30
        let span = Drawing.chartWidth - 60
        let counts = curve.points.map { LatencyChart.decades($0.count) }
        let costs = curve.points.map { LatencyChart.decades($0.instructions) }
        let (least, most) = (costs.min()!.rounded(.down), costs.max()!.rounded(.up))
        func x(_ count: Double) -> Double {
            left + span * (count - counts[0]) / (counts.last! - counts[0])
        }
        func y(_ cost: Double) -> Double {
            bottom - (bottom - top) * (cost - least) / max(most - least, 1)
        }
        var body = Drawing.label(curve.call, left, top - 10, "name")
        var power: UInt64 = 1
        for decade in 0...Int(most) {
            if decade >= Int(least) {
                let at = y(Double(decade))
                body += Markup(
                    "path",
                    ["class": "page", "d": "M\(left.text) \(at.text)H\((left + span).text)"])
                body += Drawing.label(Self.short(power), left - 4, at + 4, "tick end")
            }
            power *= 10
        }
        body += Markup(
            "path",
            [
                "class": "axis",
                "d": "M\(left.text) \(top.text)V\(bottom.text)H\((left + span).text)",
            ])
        let places = zip(counts, costs).map { (x($0.0), y($0.1)) }
        let line = places.map { "\($0.0.text) \($0.1.text)" }.joined(separator: "L")
        body += Markup("path", ["class": "signal", "d": "M\(line)"])
        for (point, place) in zip(curve.points, places) {
            body += Markup("circle", ["class": "dot", "cx": place.0, "cy": place.1, "r": 4.0])
            body += Drawing.label("\(point.count)", place.0, bottom + 14, "tick middle")
        }
        let told = curve.exponentText.map { "\(curve.by); exponent \($0)" } ?? curve.by
        body += Drawing.label(told, left, bottom + 28, "tick")
        return body
    }

    /// A power of ten in five letters at the most: `100 k`.
    private static func short(_ power: UInt64) -> String {
        power >= 1_000_000
            ? "\(power / 1_000_000) M" : power >= 1000 ? "\(power / 1000) k" : "\(power)"
    }
}
