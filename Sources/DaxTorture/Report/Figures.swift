// Figures as people read them, the same on every machine.

/// `1234567` as `1,234,567`.
func grouped(_ value: UInt64) -> String {
    let digits = Array(String(value))
    var text = ""
    for (index, digit) in digits.enumerated() {
        if index > 0 && (digits.count - index) % 3 == 0 { text += "," }
        text.append(digit)
    }
    return text
}

/// Nanoseconds in the unit that fits, to three digits: `850 ns`, `1.23 us`, `45.6 ms`, `120 s`.
func shortTime(_ nanoseconds: UInt64) -> String {
    if nanoseconds < 1000 { return "\(nanoseconds) ns" }
    var unit: UInt64 = 1000
    var name = "us"
    for (larger, itsName) in [(1_000_000, "ms"), (1_000_000_000, "s")] as [(UInt64, String)]
    where nanoseconds >= larger {
        (unit, name) = (larger, itsName)
    }
    let whole = nanoseconds / unit
    let digits = whole >= 100 ? 0 : whole >= 10 ? 1 : 2
    if digits == 0 { return "\(whole) \(name)" }
    let scale: UInt64 = digits == 1 ? 10 : 100
    let fraction = String(nanoseconds % unit * scale / unit)
    return "\(whole).\(String(repeating: "0", count: digits - fraction.count))\(fraction) \(name)"
}

/// Seconds to one decimal: `20.0 s`.
func inSeconds(_ seconds: Double) -> String {
    let tenths = UInt64((seconds * 10).rounded())
    return "\(tenths / 10).\(tenths % 10) s"
}

/// `text` with every run of blanks and line ends made one space.
func oneLine(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
}
