/// A length of time, written as people write it: `500ms`, `45s`, `10m`, `2h`.
///
/// It is not called Span, which in Swift is a view of memory.
package struct TimeSpan: Hashable, Comparable, Sendable, LosslessStringConvertible {
    package var nanoseconds: UInt64

    package init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

    package static func milliseconds(_ count: UInt64) -> TimeSpan {
        TimeSpan(nanoseconds: count * 1_000_000)
    }
    package static func seconds(_ count: UInt64) -> TimeSpan {
        TimeSpan(nanoseconds: count * 1_000_000_000)
    }
    package static func hours(_ count: UInt64) -> TimeSpan { seconds(count * 3600) }

    private static let units: [(name: String, nanoseconds: UInt64)] = [
        ("h", 3_600_000_000_000), ("m", 60_000_000_000), ("s", 1_000_000_000), ("ms", 1_000_000),
        ("us", 1000), ("ns", 1),
    ]

    /// Decimal digits, then one of ns, us, ms, s, m, h. Nil for anything else, a bare number
    /// included: it would be seconds to one reader and milliseconds to another.
    package init?(_ text: String) {
        guard let (count, name) = splitNumber(text),
            let unit = TimeSpan.units.first(where: { $0.name == name })
        else { return nil }
        let (nanoseconds, overflow) = count.multipliedReportingOverflow(by: unit.nanoseconds)
        guard !overflow else { return nil }
        self.nanoseconds = nanoseconds
    }

    /// In the largest unit that divides it.
    package var description: String {
        guard nanoseconds != 0,
            let unit = TimeSpan.units.first(where: { nanoseconds % $0.nanoseconds == 0 })
        else { return "0s" }
        return "\(nanoseconds / unit.nanoseconds)\(unit.name)"
    }

    /// For figures: the length in seconds, rounded to a double.
    package var inSeconds: Double { Double(nanoseconds) / 1e9 }

    package static func < (a: TimeSpan, b: TimeSpan) -> Bool { a.nanoseconds < b.nanoseconds }
}
