import DaxText
import Glibc

/// How many instructions one call takes as something about its file grows.
package struct CostCurve: Hashable, Sendable {
    /// A place on the curve.
    package struct Point: Hashable, Sendable {
        /// How many of ``CostCurve/by`` there were.
        package var count: UInt64
        /// The median of the call's instructions.
        package var instructions: UInt64

        package init(_ count: UInt64, _ instructions: UInt64) {
            (self.count, self.instructions) = (count, instructions)
        }
    }

    /// The call, such as `punch a mapped page`.
    package var call: String
    /// What grows: mappings, extents, pages.
    package var by: String
    /// In the order of their counts.
    package var points: [Point]

    package init(_ call: String, by: String, _ points: [Point]) {
        (self.call, self.by, self.points) = (call, by, points)
    }

    /// Instructions that each further one takes, at the curve's end; nil of fewer than two points.
    package var marginal: Double? {
        guard points.count > 1 else { return nil }
        let (last, before) = (points[points.count - 1], points[points.count - 2])
        return (Double(last.instructions) - Double(before.instructions))
            / Double(last.count - before.count)
    }

    /// The exponent k of instructions ~ count^k over the curve's last ``fitted`` points, by least squares of
    /// the logarithms, with half of its 95 % interval; nil of fewer points. A call that takes a constant
    /// beside what grows has an exponent below that of what grows.
    package var exponent: (value: Double, half: Double)? {
        let last = points.suffix(CostCurve.fitted).filter { $0.count > 0 && $0.instructions > 0 }
        guard last.count == CostCurve.fitted else { return nil }
        let x = last.map { log(Double($0.count)) }
        let y = last.map { log(Double($0.instructions)) }
        let n = Double(last.count)
        let (meanX, meanY) = (x.reduce(0, +) / n, y.reduce(0, +) / n)
        let spread = x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
        guard spread > 0 else { return nil }
        let k = zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) } / spread
        let rest = zip(x, y).reduce(0) { sum, one in
            let off = one.1 - meanY - k * (one.0 - meanX)
            return sum + off * off
        }
        // Student's t of two degrees of freedom.
        return (k, 4.303 * (rest / (n - 2) / spread).squareRoot())
    }

    /// Of how many points an exponent is fitted.
    package static let fitted = 4
}

extension CostCurve {
    var json: JSON {
        .object([
            .init("call", .string(call)), .init("by", .string(by)),
            .init(
                "points",
                .array(
                    points.map {
                        .object([
                            .init("count", .number($0.count)),
                            .init("instructions", .number($0.instructions)),
                        ])
                    })),
        ])
    }

    init?(_ json: JSON) {
        guard let call = json["call"]?.string, let by = json["by"]?.string,
            let values = json["points"]?.values
        else { return nil }
        let points = values.compactMap { value -> Point? in
            guard let count = value["count"]?.count,
                let instructions = value["instructions"]?.count
            else { return nil }
            return Point(count, instructions)
        }
        guard points.count == values.count,
            zip(points, points.dropFirst()).allSatisfy({ $0.count < $1.count })
        else { return nil }
        self.init(call, by: by, points)
    }

    /// The table of some curves, for a terminal.
    static func table(_ curves: [CostCurve]) -> String {
        Layout.table(
            ["call", "by", "from", "takes", "to", "takes", "each further", "exponent"],
            curves.map { one in
                let (first, last) = (one.points.first, one.points.last)
                return [
                    one.call, one.by, "\(first?.count ?? 0)", "\(first?.instructions ?? 0)",
                    "\(last?.count ?? 0)", "\(last?.instructions ?? 0)",
                    one.marginal.map { "\(Int($0.rounded()))" } ?? "-", one.exponentText ?? "-",
                ]
            }, left: [0, 1])
    }

    /// The exponent and its interval: `0.98 +- 0.03`.
    package var exponentText: String? {
        exponent.map { "\(CostCurve.hundredths($0.value)) +- \(CostCurve.hundredths($0.half))" }
    }

    private static func hundredths(_ value: Double) -> String {
        let all = Int((value.magnitude * 100).rounded())
        let rest = all % 100
        return "\(value < 0 && all > 0 ? "-" : "")\(all / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}
