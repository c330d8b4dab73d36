/// The line of every table header and key in a TOML text, which the TOML parser does not tell.
///
/// The text must have been accepted by the parser: this reader only has to know where keys and
/// values begin and end, not whether they are right. A key inside an inline table is said to
/// stand where that table's key stands.
struct KeyLines {
    private var lines: [[String]: Int] = [:]

    /// The line, counted from 1, on which `path` or the nearest table around it begins.
    func line(of path: [String]) -> Int? {
        var path = path
        while !path.isEmpty {
            if let line = lines[path] { return line }
            path.removeLast()
        }
        return nil
    }

    init(_ text: String) {
        var reader = Reader(bytes: Array(text.utf8))
        var table: [String] = []
        while reader.skipBlank() {
            let line = reader.line
            if reader.peek() == UInt8(ascii: "[") {
                while reader.peek() == UInt8(ascii: "[") { reader.advance() }
                table = reader.keyPath()
                note(table, from: 1, line)
            } else {
                let path = table + reader.keyPath()
                note(path, from: table.count + 1, line)
            }
            reader.skipValue()
        }
    }

    /// Notes the line of every prefix of `path`, the shortest of `shortest` parts, that is new.
    private mutating func note(_ path: [String], from shortest: Int, _ line: Int) {
        for length in shortest...path.count {
            let prefix = Array(path.prefix(length))
            lines[prefix] = lines[prefix] ?? line
        }
    }
}

private struct Reader {
    let bytes: [UInt8]
    var at = 0
    var line = 1

    init(bytes: [UInt8]) { self.bytes = bytes }

    func peek(_ ahead: Int = 0) -> UInt8? { at + ahead < bytes.count ? bytes[at + ahead] : nil }

    mutating func advance() {
        if bytes[at] == UInt8(ascii: "\n") { line += 1 }
        at += 1
    }

    /// Up to the next header or key; false at the end of the text.
    mutating func skipBlank() -> Bool {
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"):
                advance()
            case UInt8(ascii: "#"): skipLine()
            default: return true
            }
        }
        return false
    }

    mutating func skipLine() {
        while let byte = peek(), byte != UInt8(ascii: "\n") { advance() }
    }

    /// A dotted key, up to the `=` or `]` that ends it.
    mutating func keyPath() -> [String] {
        var path: [String] = []
        var part: [UInt8] = []
        while let byte = peek(), byte != UInt8(ascii: "="), byte != UInt8(ascii: "]") {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "'"): part += string()
            case UInt8(ascii: "."):
                path.append(String(decoding: part, as: UTF8.self))
                part = []
                advance()
            case UInt8(ascii: " "), UInt8(ascii: "\t"): advance()
            default:
                part.append(byte)
                advance()
            }
        }
        return path + [String(decoding: part, as: UTF8.self)]
    }

    /// What stands between quotes of any of TOML's four kinds, escapes as they are written.
    mutating func string() -> [UInt8] {
        let quote = bytes[at]
        let width = peek(1) == quote && peek(2) == quote ? 3 : 1
        for _ in 0..<width { advance() }
        let start = at
        while let byte = peek() {
            if byte == UInt8(ascii: "\\") && quote == UInt8(ascii: "\"") {
                advance()
                if peek() != nil { advance() }
                continue
            }
            if byte == quote && (width == 1 || peek(1) == quote && peek(2) == quote) { break }
            advance()
        }
        let content = Array(bytes[start..<at])
        for _ in 0..<width where peek() == quote { advance() }
        return content
    }

    /// To the end of the line on which the value ends: brackets and long strings span lines.
    mutating func skipValue() {
        var depth = 0
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: "\n") where depth == 0: return
            case UInt8(ascii: "\""), UInt8(ascii: "'"): _ = string()
            case UInt8(ascii: "#"): skipLine()
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                depth += 1
                advance()
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                depth = max(0, depth - 1)
                advance()
            default: advance()
            }
        }
    }
}
