import DaxPicture
import DaxText

/// Nights side by side: runs by result as stacked columns, open failures as numbers above them, and
/// operations per second as a line.
struct TrendChart {
    let nights: [NightTally]
    /// The night whose page it is.
    let now: String

    private static let (left, right, top, bottom) = (60.0, 860.0, 30.0, 170.0)
    private static let (speedTop, speedBottom) = (200.0, 280.0)
    private static let order: [RunResult.Word] = [.passed, .known, .untested, .notRun, .failed]

    var markup: Markup {
        let most = nights.map(runs).max() ?? 1
        let step = (TrendChart.right - TrendChart.left) / Double(max(nights.count, 12))
        func x(_ index: Int) -> Double { TrendChart.left + step * Double(index) }
        var body = Markup()
        body += Drawing.label("\(most)", TrendChart.left - 8, TrendChart.top + 4, "tick end")
        body += Drawing.label("0", TrendChart.left - 8, TrendChart.bottom + 4, "tick end")
        body += line(TrendChart.top) + line(TrendChart.bottom)
        for (index, night) in nights.enumerated() {
            body += column(night, x(index) + step * 0.15, step * 0.7, Double(max(most, 1)))
        }
        body += speeds { x($0) + step / 2 }
        return Markup(
            "svg",
            [
                "xmlns": "http://www.w3.org/2000/svg", "class": "drawing", "role": "img",
                "viewBox": "0 0 900 310", "width": 900, "height": 310,
            ],
            [Markup("title", [:], "Runs and speed of the nights so far"), body])
    }

    private func runs(_ night: NightTally) -> UInt64 { night.results.values.reduce(0, +) }

    private func column(
        _ night: NightTally, _ x: Double, _ width: Double, _ most: Double
    ) -> Markup {
        var pieces = Markup()
        var y = TrendChart.bottom
        for word in TrendChart.order {
            let height =
                (TrendChart.bottom - TrendChart.top) * Double(night.results[word] ?? 0) / most
            if height == 0 { continue }
            y -= height
            pieces += Markup(
                "rect",
                [
                    "class": "bar \(NightGrid.style(word))", "x": x, "y": y, "width": width,
                    "height": height,
                ])
        }
        let open = NightFinding.State.allCases.filter(\.isOpen)
            .reduce(0) { $0 + (night.states[$1] ?? 0) }
        if open > 0 {
            pieces += Drawing.label("\(open)", x + width / 2, y - 5, "tick strong middle")
        }
        let date = String(night.night.dropFirst(5).prefix(5))
        pieces += Drawing.label(
            date, x + width / 2, TrendChart.bottom + 16,
            night.night == now ? "tick strong middle" : "tick middle")
        let told = RunResult.Word.allCases.map { "\(night.results[$0] ?? 0) \($0.rawValue)" }
        let title = Markup("title", [:], "\(night.night): \(told.joined(separator: ", "))")
        if night.night == now { return Markup("g", [:], [title, pieces]) }
        return Markup("a", ["href": "../\(night.night)/index.html"], [title, pieces])
    }

    private func speeds(_ x: (Int) -> Double) -> Markup {
        let speeds = nights.map { $0.duration > 0 ? Double($0.operations) / $0.duration : 0 }
        guard let most = speeds.max(), most > 0 else { return Markup() }
        func y(_ speed: Double) -> Double {
            TrendChart.speedBottom - (TrendChart.speedBottom - TrendChart.speedTop) * speed / most
        }
        var path = ""
        var dots = Markup()
        for (index, speed) in speeds.enumerated() where speed > 0 {
            path += "\(path.isEmpty ? "M" : "L")\(x(index).text) \(y(speed).text)"
            dots += Markup("circle", ["class": "dot", "cx": x(index), "cy": y(speed), "r": 3.0])
        }
        return Drawing.label(
            "\(UInt64(most).grouped)/s", TrendChart.left - 8, TrendChart.speedTop + 4, "tick end")
            + Drawing.label("0", TrendChart.left - 8, TrendChart.speedBottom + 4, "tick end")
            + line(TrendChart.speedBottom) + Markup("path", ["class": "speed", "d": path]) + dots
    }

    private func line(_ y: Double) -> Markup {
        Markup(
            "path",
            ["class": "rule", "d": "M\(TrendChart.left.text) \(y.text)H\(TrendChart.right.text)"])
    }
}
