import DaxReport
import DaxText

/// How long operations took, by kind: p50, p90, p99 and the longest, on one logarithmic axis.
struct LatencyChart {
    let latency: [String: Latency]

    private static let (right, row, top) = (770.0, 24.0, 34.0)

    /// Where the axis begins: behind the longest name, at some seven units a letter.
    private var left: Double {
        max(190, 7 * Double(latency.keys.map(\.count).max() ?? 0))
    }

    var markup: Markup {
        if latency.isEmpty { return Markup("p", ["class": "note"], "Nothing was timed.") }
        let kinds = latency.sorted { $0.key < $1.key }
        let times = kinds.flatMap { [$0.value.p50, $0.value.max] }
        let low = decade(below: times.min() ?? 1)
        let high = max(decade(below: max(times.max() ?? 1, 2) - 1) + 1, low + 1)
        let left = left
        func x(_ time: UInt64) -> Double {
            let share = (LatencyChart.decades(time) - Double(low)) / Double(high - low)
            return left + (LatencyChart.right - left) * share
        }
        let height = LatencyChart.top + LatencyChart.row * Double(kinds.count) + 10
        var body = Markup()
        var power: UInt64 = 1
        for decade in 0...high {
            if decade >= low {
                let at = x(power)
                body += Markup(
                    "path",
                    [
                        "class": "page",
                        "d": "M\(at.text) \((LatencyChart.top - 8).text)V\((height - 6).text)",
                    ])
                body += Drawing.label(LatencyChart.unit(power), at, 18, "tick middle")
            }
            let next = power.multipliedReportingOverflow(by: 10)
            power = next.overflow ? .max : next.partialValue
        }
        for (index, (kind, times)) in kinds.enumerated() {
            let y = LatencyChart.top + LatencyChart.row * (Double(index) + 0.5)
            body += Drawing.label(kind, left - 12, y + 4, "plain end")
            body += Markup(
                "path",
                ["class": "span", "d": "M\(x(times.p50).text) \(y.text)H\(x(times.max).text)"])
            body += Markup(
                "path",
                ["class": "signal", "d": "M\(x(times.max).text) \(y.text)m-4 -4l8 8m-8 0l8 -8"])
            body += Markup(
                "path", ["class": "error", "d": "M\(x(times.p99).text) \(y.text)m0 -7v14"])
            body += Markup("circle", ["class": "hollow", "cx": x(times.p90), "cy": y, "r": 4.5])
            body += Markup("circle", ["class": "dot", "cx": x(times.p50), "cy": y, "r": 5.0])
            let figures = [times.p50, times.p90, times.p99, times.max].map(Figures.time)
            body += Drawing.label(
                figures.joined(separator: " / "), EpisodeDrawing.right, y + 4, "tick end")
        }
        return Drawing.svg("Latencies by kind of operation, logarithmic", height, body)
    }

    private func decade(below time: UInt64) -> Int { String(max(time, 1)).count - 1 }

    /// The logarithm to the base of ten, of at least a nanosecond; within a decade by its square roots,
    /// since there is no such function without the C library.
    static func decades(_ time: UInt64) -> Double {
        var rest = Double(max(time, 1))
        var result = 0.0
        while rest >= 10 {
            rest /= 10
            result += 1
        }
        // Each squaring gives the next binary digit of what is left.
        var digit = 0.5
        for _ in 0..<20 {
            rest *= rest
            if rest >= 10 {
                rest /= 10
                result += digit
            }
            digit /= 2
        }
        return result
    }

    /// A power of ten as a time: `10 us`.
    static func unit(_ nanoseconds: UInt64) -> String {
        for (size, name) in [(1_000_000_000, "s"), (1_000_000, "ms"), (1000, "us")]
            as [(UInt64, String)]
        where nanoseconds >= size {
            return "\(nanoseconds / size) \(name)"
        }
        return "\(nanoseconds) ns"
    }
}
