/// Figures as people read them, the same on every machine.
package enum Figures {
    /// Nanoseconds in the unit that fits, to three digits: `850 ns`, `1.23 us`, `45.6 ms`, `120 s`.
    package static func time(_ nanoseconds: UInt64) -> String {
        if nanoseconds < 1000 { return "\(nanoseconds) ns" }
        var unit: UInt64 = 1000
        var name = "us"
        for (larger, itsName) in [(1_000_000, "ms"), (1_000_000_000, "s")] as [(UInt64, String)]
        where nanoseconds >= larger {
            (unit, name) = (larger, itsName)
        }
        let whole = nanoseconds / unit
        if whole >= 100 { return "\(whole) \(name)" }
        let digits = whole >= 10 ? 1 : 2
        let fraction = String(nanoseconds % unit * (digits == 1 ? 10 : 100) / unit)
        let zeros = String(repeating: "0", count: digits - fraction.count)
        return "\(whole).\(zeros)\(fraction) \(name)"
    }

    /// Seconds, 0 to 10^18, to one decimal: `20.0 s`.
    package static func seconds(_ seconds: Double) -> String {
        let tenths = UInt64((seconds * 10).rounded())
        return "\(tenths / 10).\(tenths % 10) s"
    }

    /// So many of what `noun`, which takes an s, names one of: `1 run`, `1,000 runs`.
    package static func count(_ count: some BinaryInteger, _ noun: String) -> String {
        "\(UInt64(count).grouped) \(noun)\(count == 1 ? "" : "s")"
    }
}

extension UInt64 {
    /// `1234567` as `1,234,567`.
    package var grouped: String {
        let digits = Array(String(self))
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0 && (digits.count - index) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return text
    }
}
