/// The number from which every random choice of a run follows.
package struct Seed: Hashable, Sendable, LosslessStringConvertible {
    package var value: UInt64

    package init(_ value: UInt64) { self.value = value }

    /// Decimal digits, or 0x and hexadecimal digits; nil for anything else or beyond 64 bits.
    package init?(_ text: String) {
        let digits = text.hasPrefix("0x") ? text.dropFirst(2) : text[...]
        let isHex = digits.startIndex != text.startIndex
        guard digits.first != "+", let value = UInt64(digits, radix: isHex ? 16 : 10) else {
            return nil
        }
        self.value = value
    }

    /// Hexadecimal, always: `0x7`.
    package var description: String { "0x" + String(value, radix: 16) }
}
