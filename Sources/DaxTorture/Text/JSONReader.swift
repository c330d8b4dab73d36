/// Text that is not JSON, or is more than this reader takes.
package struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Counted from 1.
    package var line: Int
    /// Counted from 1, in bytes.
    package var column: Int
    package var message: String

    package var description: String { "line \(line), column \(column): \(message)" }
}

extension JSON {
    /// How deep arrays and objects may be nested; a report needs 4.
    package static let deepest = 64

    /// Reads one JSON text strictly: nothing after it, no name twice in an object, every string
    /// valid Unicode, every integer within 64 bits, every other number within a double.
    package init(_ text: some Sequence<UInt8>) throws(JSONError) {
        var reader = JSONReader(bytes: Array(text))
        self = try reader.document()
    }

    package init(_ text: String) throws(JSONError) { try self.init(text.utf8) }
}

private struct JSONReader {
    let bytes: [UInt8]
    var at = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func document() throws(JSONError) -> JSON {
        let value = try value(depth: 0)
        skipBlank()
        if at < bytes.count { throw error("text after the value") }
        return value
    }

    func error(_ message: String) -> JSONError {
        let before = bytes[..<min(at, bytes.count)]
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        return JSONError(line: line, column: before.count - start + 1, message: message)
    }

    var peek: UInt8? { at < bytes.count ? bytes[at] : nil }

    mutating func skipBlank() {
        while let byte = peek, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 {
            at += 1
        }
    }

    /// Steps over `byte` if it is next.
    mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        at += 1
        return true
    }

    mutating func value(depth: Int) throws(JSONError) -> JSON {
        skipBlank()
        guard let byte = peek else { throw error("the text ends where a value should be") }
        switch byte {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default:
            for (word, value) in [
                ("null", JSON.null), ("true", .bool(true)), ("false", .bool(false)),
            ]
            where bytes[at...].starts(with: word.utf8) {
                at += word.utf8.count
                return value
            }
            throw error("no value begins like this")
        }
    }

    mutating func object(depth: Int) throws(JSONError) -> JSON {
        guard depth < JSON.deepest else { throw error("nested too deeply") }
        at += 1
        var members: [JSON.Member] = []
        var names: Set<String> = []
        skipBlank()
        if take(UInt8(ascii: "}")) { return .object([]) }
        while true {
            skipBlank()
            guard peek == UInt8(ascii: "\"") else { throw error("expected a name in quotes") }
            let name = try string()
            guard names.insert(name).inserted else { throw error("the name \"\(name)\" twice") }
            skipBlank()
            guard take(UInt8(ascii: ":")) else { throw error("expected :") }
            members.append(JSON.Member(name, try value(depth: depth + 1)))
            skipBlank()
            if take(UInt8(ascii: "}")) { return .object(members) }
            guard take(UInt8(ascii: ",")) else { throw error("expected , or }") }
        }
    }

    mutating func array(depth: Int) throws(JSONError) -> JSON {
        guard depth < JSON.deepest else { throw error("nested too deeply") }
        at += 1
        var values: [JSON] = []
        skipBlank()
        if take(UInt8(ascii: "]")) { return .array([]) }
        while true {
            values.append(try value(depth: depth + 1))
            skipBlank()
            if take(UInt8(ascii: "]")) { return .array(values) }
            guard take(UInt8(ascii: ",")) else { throw error("expected , or ]") }
        }
    }

    mutating func digits() throws(JSONError) {
        let start = at
        while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { at += 1 }
        if at == start { throw error("expected a digit") }
    }

    mutating func number() throws(JSONError) -> JSON {
        let start = at
        _ = take(UInt8(ascii: "-"))
        if take(UInt8(ascii: "0")) {
            if let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
                throw error("a number with a leading zero")
            }
        } else {
            try digits()
        }
        var isInteger = true
        if take(UInt8(ascii: ".")) {
            isInteger = false
            try digits()
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isInteger = false
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        if isInteger {
            guard let value = Int128(text), JSON.integers.contains(value) else {
                throw error("an integer beyond 64 bits")
            }
            return .integer(value)
        }
        guard let value = Double(text), value.isFinite else {
            throw error("a number beyond a double")
        }
        return .double(value)
    }

    mutating func string() throws(JSONError) -> String {
        at += 1
        var content: [UInt8] = []
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: content, as: UTF8.self) else {
                    throw error("a string that is not UTF-8")
                }
                at += 1
                return string
            case 0..<0x20: throw error("a control character in a string")
            case UInt8(ascii: "\\"):
                at += 1
                content += try escape()
            default:
                content.append(byte)
                at += 1
            }
        }
        throw error("the text ends within a string")
    }

    mutating func escape() throws(JSONError) -> [UInt8] {
        guard let byte = peek else { throw error("the text ends within a string") }
        at += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0c]
        case UInt8(ascii: "n"): return [0x0a]
        case UInt8(ascii: "r"): return [0x0d]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"): return Array(String(Character(try unicode())).utf8)
        default:
            at -= 1
            throw error("an escape that JSON does not have")
        }
    }

    /// The scalar of `\uXXXX`, or of the two that make a surrogate pair.
    mutating func unicode() throws(JSONError) -> Unicode.Scalar {
        let first = try hexadecimal()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xdc00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
            throw error("half a surrogate pair")
        }
        let second = try hexadecimal()
        guard (0xdc00..<0xe000).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00))
        else { throw error("half a surrogate pair") }
        return scalar
    }

    mutating func hexadecimal() throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw error("expected four hexadecimal digits")
            }
            value = value << 4 | UInt32(digit)
            at += 1
        }
        return value
    }
}
