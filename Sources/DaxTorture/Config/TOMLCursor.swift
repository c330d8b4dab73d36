/// Whether TOML lets the byte stand in a key without quotes.
func isBare(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
        true
    default: false
    }
}

/// One line of a config's text, read from left to right. What is wrong with it is a `Misfit`.
struct TOMLCursor {
    private var rest: ArraySlice<UInt8>

    /// The most parts of a key, and the most bytes of one: some are named in messages, and compared
    /// with those that are known.
    static let mostParts = 8
    static let mostBytesOfAPart = 128

    init(_ line: ArraySlice<UInt8>) { rest = line }

    var next: UInt8? { rest.first }

    /// Whether nothing is left but a comment.
    var isAtEnd: Bool { rest.isEmpty || next == UInt8(ascii: "#") }

    mutating func skipBlank() {
        rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    }

    /// Takes a character if it is the next one.
    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    /// No control character but the tab stands in TOML as itself, comments included.
    func refuseControls() throws(Misfit) {
        guard let found = rest.first(where: { $0 < 0x20 && $0 != 9 || $0 == 0x7f }) else { return }
        throw Misfit(message: "control character \(codePoint(UInt32(found)))")
    }

    /// Expects the end of the line.
    mutating func end(after what: String) throws(Misfit) {
        skipBlank()
        if !isAtEnd { throw Misfit(message: "nothing but a comment may follow \(what)") }
    }

    /// A dotted key and the blanks around it; `what` it is of, for messages.
    mutating func key(of what: String) throws(Misfit) -> [String] {
        var path: [String] = []
        repeat {
            guard path.count < TOMLCursor.mostParts else {
                throw Misfit(message: "\(what) has at most \(TOMLCursor.mostParts) parts")
            }
            skipBlank()
            let part = try keyPart(of: what)
            guard part.utf8.count <= TOMLCursor.mostBytesOfAPart else {
                throw Misfit(
                    message: "\(what)'s name has at most \(TOMLCursor.mostBytesOfAPart) bytes")
            }
            path.append(part)
            skipBlank()
        } while skip(".")
        return path
    }

    private mutating func keyPart(of what: String) throws(Misfit) -> String {
        if next == UInt8(ascii: "\"") || next == UInt8(ascii: "'") { return try string() }
        let part = rest.prefix(while: isBare)
        guard !part.isEmpty else {
            throw Misfit(
                message: "the name of \(what) is missing; it is made of letters, digits, - and _")
        }
        rest = rest[part.endIndex...]
        return String(decoding: part, as: UTF8.self)
    }

    /// A value of any type. Those that no key takes are told by their names, as far as they can stand
    /// on one line.
    mutating func value() throws(Misfit) -> RawValue {
        switch next {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return .string(try string())
        case UInt8(ascii: "{"):
            throw Misfit(message: "an inline table; write a [TABLE] and its keys below")
        default: break
        }
        let word = rest.prefix { isBare($0) || [0x2b, 0x2e, 0x3a].contains($0) }  // + . :
        rest = rest[word.endIndex...]
        let text = String(decoding: word, as: UTF8.self)
        guard let value = try RawValue(bare: text) else {
            throw Misfit(
                message: "a value is a string in quotes, a whole number, true or false")
        }
        return value
    }

    /// What stands between quotes, and behind them.
    mutating func string() throws(Misfit) -> String {
        let quote = rest.removeFirst()
        if rest.starts(with: [quote, quote]) {
            throw Misfit(message: "a string of several lines; each stands on one")
        }
        var content: [UInt8] = []
        while let byte = rest.popFirst() {
            if byte == quote { return String(decoding: content, as: UTF8.self) }
            if byte == UInt8(ascii: "\\") && quote == UInt8(ascii: "\"") {
                content += Array(String(try escaped()).utf8)
            } else {
                content.append(byte)
            }
        }
        throw Misfit(message: "a string without its closing quote")
    }

    /// What a backslash and the characters behind it stand for.
    private mutating func escaped() throws(Misfit) -> Unicode.Scalar {
        let letter = rest.popFirst()
        switch letter {
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "u"), UInt8(ascii: "U"):
            let digits = rest.prefix(letter == UInt8(ascii: "u") ? 4 : 8)
            let isWhole = digits.count == (letter == UInt8(ascii: "u") ? 4 : 8)
            rest = rest[digits.endIndex...]
            // A sign would pass for a digit.
            if isWhole, digits.allSatisfy({ isDigit($0, radix: 16) }),
                let code = UInt32(String(decoding: digits, as: UTF8.self), radix: 16),
                let scalar = Unicode.Scalar(code)
            {
                return scalar
            }
        default: break
        }
        throw Misfit(
            message: "an escape that TOML does not have; a backslash is \\\\, or stands in 'quotes'"
        )
    }
}

extension RawValue {
    /// A value without quotes: a number, a boolean, or a date; nil for what is none.
    fileprivate init?(bare text: String) throws(Misfit) {
        if text == "true" || text == "false" {
            self = .boolean(text == "true")
        } else if let value = try wholeNumber(text) {
            self = .integer(value)
        } else if isFraction(text) {
            self = .other("a number with a fraction")
        } else if isDate(text) {
            self = .other("a date or time")
        } else {
            return nil
        }
    }
}

/// A TOML integer; nil for what is none.
private func wholeNumber(_ text: String) throws(Misfit) -> Int64? {
    let sign = text.first == "+" || text.first == "-" ? String(text.first!) : ""
    var digits = text.dropFirst(sign.count)
    var radix = 10
    for (prefix, other) in [("0x", 16), ("0o", 8), ("0b", 2)] where digits.hasPrefix(prefix) {
        guard sign.isEmpty else { return nil }
        radix = other
        digits = digits.dropFirst(2)
    }
    guard isDigits(digits, radix: radix), radix != 10 || isWithoutZero(digits) else { return nil }
    guard let value = Int64(sign + digits.filter { $0 != "_" }, radix: radix) else {
        throw Misfit(
            message: "a number beyond 64 bits; a seed as large as that is a string, \"0x7\"")
    }
    return value
}

private func isDigit(_ byte: UInt8, radix: Int) -> Bool {
    // No sign among them, which the radix would take.
    isBare(byte) && Int(String(UnicodeScalar(byte)), radix: radix) != nil
}

/// Whether it is digits, with underscores between two of them only.
private func isDigits(_ text: Substring, radix: Int = 10) -> Bool {
    text.split(separator: "_", omittingEmptySubsequences: false).allSatisfy { group in
        !group.isEmpty && group.utf8.allSatisfy { isDigit($0, radix: radix) }
    }
}

/// Whether a decimal number does not begin with a zero, which TOML keeps for other radices.
private func isWithoutZero(_ digits: Substring) -> Bool {
    digits.utf8.count == 1 || digits.first != "0"
}

private func isFraction(_ text: String) -> Bool {
    func unsigned(_ text: Substring) -> Substring {
        text.first == "+" || text.first == "-" ? text.dropFirst() : text
    }
    func parts(_ text: Substring, at marks: String) -> [Substring] {
        text.split(maxSplits: 1, omittingEmptySubsequences: false) { marks.contains($0) }
    }
    let number = unsigned(text[...])
    if number == "inf" || number == "nan" { return true }
    let exponent = parts(number, at: "eE")
    let mantissa = parts(exponent[0], at: ".")
    return exponent.count + mantissa.count > 2 && mantissa.allSatisfy { isDigits($0) }
        && isWithoutZero(mantissa[0]) && exponent.dropFirst().allSatisfy { isDigits(unsigned($0)) }
}

private func isDate(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    func digits(_ count: Int, then mark: Unicode.Scalar) -> Bool {
        bytes.count > count && bytes[count] == UInt8(ascii: mark)
            && bytes[..<count].allSatisfy { isDigit($0, radix: 10) }
    }
    return digits(4, then: "-") || digits(2, then: ":")
}

/// A code point as Unicode writes it: U+0007.
func codePoint(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
}
