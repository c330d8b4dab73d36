/// A number of bytes, written as people write it: `4096`, `64KiB`, `2MiB`.
package struct ByteSize: Hashable, Comparable, Sendable, LosslessStringConvertible {
    package var bytes: UInt64

    package init(bytes: UInt64) { self.bytes = bytes }

    package static func kib(_ count: UInt64) -> ByteSize { ByteSize(bytes: count << 10) }
    package static func mib(_ count: UInt64) -> ByteSize { ByteSize(bytes: count << 20) }
    package static func gib(_ count: UInt64) -> ByteSize { ByteSize(bytes: count << 30) }

    /// Decimal digits, then nothing or one of KiB, MiB, GiB, TiB (or K, M, G, T, which mean the
    /// same, as on the kernel's command line). Nil for anything else, `64KB` included: it means
    /// 64000 to some and 65536 to others.
    package init?(_ text: String) {
        guard let (count, unit) = splitNumber(text) else { return nil }
        let shift: UInt64
        switch unit {
        case "": shift = 0
        case "KiB", "K": shift = 10
        case "MiB", "M": shift = 20
        case "GiB", "G": shift = 30
        case "TiB", "T": shift = 40
        default: return nil
        }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: 1 << shift)
        guard !overflow else { return nil }
        self.bytes = bytes
    }

    /// In the largest unit that divides it.
    package var description: String {
        for (shift, unit) in [(40, "TiB"), (30, "GiB"), (20, "MiB"), (10, "KiB")]
            as [(UInt64, String)]
        where bytes != 0 && bytes % (1 << shift) == 0 {
            return "\(bytes >> shift)\(unit)"
        }
        return "\(bytes)"
    }

    package static func < (a: ByteSize, b: ByteSize) -> Bool { a.bytes < b.bytes }
}

/// Leading ASCII digits as a number, and what follows them; nil without digits or beyond 64 bits.
func splitNumber(_ text: String) -> (UInt64, String)? {
    let digits = text.utf8.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard let count = UInt64(Substring(digits)) else { return nil }
    return (count, String(text[digits.endIndex...]))
}
