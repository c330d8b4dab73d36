import DaxBench
import DaxText

/// Instructions of each path, as bars on a logarithmic axis; of two kernels the second's below the first's,
/// with the difference.
struct InstructionChart {
    private let rows: [(name: String, first: UInt64, second: UInt64?)]

    init(_ counts: [InstructionBench.Count]) {
        rows = InstructionChart.paths(counts).map { ($0.name, $0.usual, nil) }
    }

    init(_ comparison: BenchComparison) {
        let second = comparison.reports.1.first?.instructions ?? []
        let first = comparison.reports.0.first?.instructions ?? []
        rows = InstructionChart.paths(first).map { one in
            (one.name, one.usual, second.first { $0.name == one.name }?.usual)
        }
    }

    /// What counting itself takes is in the table: here it would but make the axis long.
    private static func paths(_ counts: [InstructionBench.Count]) -> [InstructionBench.Count] {
        counts.filter { !InstructionBench.own.contains($0.name) }
    }

    private static let (left, right, top) = (190.0, 800.0, 30.0)

    var markup: Markup {
        let isPair = rows.contains { $0.second != nil }
        let row = isPair ? 30.0 : 20.0
        let all = rows.flatMap { [$0.first, $0.second ?? $0.first] }.filter { $0 > 0 }
        let low = LatencyChart.decades(all.min() ?? 1).rounded(.down)
        let high = max(LatencyChart.decades(all.max() ?? 10).rounded(.up), low + 1)
        func x(_ count: UInt64) -> Double {
            Self.left + (Self.right - Self.left) * (LatencyChart.decades(count) - low)
                / (high - low)
        }
        let height = Self.top + row * Double(rows.count) + 10
        var body = Sort.definitions("instructions")
        var power: UInt64 = 1
        for decade in 0...Int(high) {
            if decade >= Int(low) {
                body += Markup(
                    "path",
                    [
                        "class": "page",
                        "d": "M\(x(power).text) \((Self.top - 8).text)V\((height - 6).text)",
                    ])
                body += Drawing.label(power.grouped, x(power), 16, "tick middle")
            }
            power *= 10
        }
        for (index, one) in rows.enumerated() {
            let y = Self.top + row * Double(index)
            body += Drawing.label(one.name, Self.left - 10, y + row / 2 + 2, "plain end")
            body += bar(.store, Self.left, x(one.first), y + 2)
            var told = one.first.grouped
            if let second = one.second {
                body += bar(.read, Self.left, x(second), y + 14)
                let difference = Int64(second) - Int64(one.first)
                let sign = difference > 0 ? "+" : "\u{2212}"
                told +=
                    difference == 0
                    ? ", the same" : ", \(sign)\(UInt64(difference.magnitude).grouped)"
            }
            body += Drawing.label(
                told, max(x(one.first), x(one.second ?? 0)) + 8, y + row / 2 + 2, "plain")
        }
        return Drawing.svg("Instructions by path, logarithmic", height, body)
    }

    private func bar(_ sort: Sort, _ from: Double, _ to: Double, _ y: Double) -> Markup {
        Markup(
            "rect",
            [
                "x": from, "y": y, "width": max(1, to - from), "height": 10.0,
                "class": "bar \(sort.rawValue)", "fill": sort.fill("instructions"),
            ])
    }
}

/// Ratios with their spread, on a logarithmic axis around 1.
struct RatioChart {
    private let ratios: [BenchComparison.Ratio]

    init(_ ratios: [BenchComparison.Ratio]) { self.ratios = ratios }

    private static let (left, right, row, top) = (420.0, 930.0, 20.0, 30.0)

    var markup: Markup {
        // Doublings and halvings that the axis shows.
        var reach = 1
        for one in ratios where one.least > 0 {
            while reach < 8 && (one.most > Self.power(reach) || one.least < 1 / Self.power(reach)) {
                reach += 1
            }
        }
        func x(_ ratio: Double) -> Double {
            let bounded = min(max(ratio, 1 / Self.power(reach)), Self.power(reach))
            // In millionths, for the logarithm takes whole numbers.
            let decades = LatencyChart.decades(UInt64(bounded * 1_000_000)) - 6
            let most = LatencyChart.decades(UInt64(Self.power(reach) * 1_000_000)) - 6
            return (Self.left + Self.right) / 2 + (Self.right - Self.left) / 2 * decades / most
        }
        let height = Self.top + Self.row * Double(ratios.count) + 10
        var body = Markup()
        for step in -reach...reach {
            let at = x(step < 0 ? 1 / Self.power(-step) : Self.power(step))
            body += Markup(
                "path",
                [
                    "class": step == 0 ? "axis" : "page",
                    "d": "M\(at.text) \((Self.top - 8).text)V\((height - 6).text)",
                ])
            let told = step < 0 ? "1/\(1 << -step)" : "\(1 << step)"
            body += Drawing.label(told, at, 16, "tick middle")
        }
        for (index, one) in ratios.enumerated() {
            let y = Self.top + Self.row * (Double(index) + 0.5)
            let point = one.point
            var name = "\(point.path.rawValue) \(point.size.rawValue), \(point.threads) x "
            name += point.sharing.rawValue
            if point.beside != .nobody { name += ", \(point.beside.rawValue)" }
            body += Drawing.label(name, Self.left - 10, y + 4, "plain end")
            body += Markup(
                "path",
                ["class": "span", "d": "M\(x(one.least).text) \(y.text)H\(x(one.most).text)"])
            body += Markup("circle", ["class": "dot", "cx": x(one.median), "cy": y, "r": 4.5])
        }
        return Drawing.svg("Ratios of faults per second", height, body)
    }

    private static func power(_ exponent: Int) -> Double { Double(1 << exponent) }
}

/// Faults per second against threads, a chart for each path.
struct ScalingCharts {
    private let faults: [PointResult]

    init(_ faults: [PointResult]) {
        self.faults = faults.filter { $0.point.size == .pte && $0.point.beside == .nobody }
    }

    var markup: Markup {
        Drawing.charts(
            "Faults per second by threads",
            FaultPath.allCases.filter { path in faults.contains { $0.point.path == path } }, chart)
    }

    private func chart(_ path: FaultPath, _ left: Double, _ top: Double) -> Markup {
        let own = faults.filter { $0.point.path == path }
        let alone = own.first { $0.point.threads == 1 }?.rates.median ?? 0
        let threads = Double(max(2, own.map(\.point.threads).max() ?? 2))
        let most = max(own.compactMap(\.rates.median).max() ?? 1, alone * threads) * 1.05
        let bottom = top + Drawing.chartHeight - 30
        let span = Drawing.chartWidth - 60
        func x(_ count: Int) -> Double { left + span * Double(count - 1) / (threads - 1) }
        func y(_ rate: Double) -> Double { bottom - (bottom - top) * rate / most }
        var body = Drawing.label(path.rawValue, left, top - 10, "name")
        body += Markup(
            "path",
            [
                "class": "axis",
                "d": "M\(left.text) \(top.text)V\(bottom.text)H\((left + span).text)",
            ])
        body += Drawing.label(
            "\(UInt64(most / 1.05).grouped)", left - 4, y(most / 1.05) + 4, "tick end")
        body += Drawing.label("0", left - 4, bottom + 4, "tick end")
        for count in Set([1] + own.map(\.point.threads)).sorted() {
            body += Drawing.label("\(count)", x(count), bottom + 14, "tick middle")
        }
        body += Markup(
            "path",
            [
                "class": "page",
                "d":
                    "M\(x(1).text) \(y(alone).text)L\(x(Int(threads)).text) \(y(alone * threads).text)",
            ])
        for (number, sharing) in Sharing.allCases.enumerated() {
            var points = own.filter { $0.point.sharing == sharing && $0.point.threads > 1 }
            points.sort { $0.point.threads < $1.point.threads }
            let places =
                [(x(1), y(alone))]
                + points.map { (x($0.point.threads), y($0.rates.median ?? 0)) }
            let line = places.map { "\($0.0.text) \($0.1.text)" }.joined(separator: "L")
            let style = ["signal", "word", "guide"][number]
            body += Markup("path", ["class": style, "d": "M\(line)"])
            for place in places { body += mark(sharing, place.0, place.1) }
        }
        return body
    }

    private func mark(_ sharing: Sharing, _ x: Double, _ y: Double) -> Markup {
        switch sharing {
        case .fileEach: Markup("circle", ["class": "dot", "cx": x, "cy": y, "r": 5.0])
        case .disjoint:
            Markup("rect", ["class": "dot", "x": x - 4, "y": y - 4, "width": 8.0, "height": 8.0])
        case .same:
            Markup("path", ["class": "signal", "d": "M\(x.text) \(y.text)m-4 -4l8 8m-8 0l8 -8"])
        }
    }
}
