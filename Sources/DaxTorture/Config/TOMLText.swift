/// One `key = value` of a config's text, or the first word of a table, with its place.
struct Entry {
    var path: [String]
    /// Counted from 1.
    var line: Int
    var value: RawValue

    /// The key as one writes it, parts that need quotes in quotes.
    var key: String { spelled(path) }
}

/// The entries of a text in the order of its lines: what TOML knows and a config needs.
///
/// A config is shallow, and each of its values stands on one line, but for arrays of strings. So the reader
/// takes one line at a time, and what else reaches over several (inline tables, long strings) is refused
/// with the line that begins it. What it accepts is TOML 1.0, and means what TOML says that it means.
///
/// Time and memory are linear in the text, which is at most `Config.mostBytes` long: a key has few
/// and short parts, and nothing nests.
func entries(of text: [UInt8], name: String) throws(ConfigError) -> [Entry] {
    var reader = TOMLText(name: name)
    // A byte order mark is no part of the text.
    let text = text.starts(with: [0xef, 0xbb, 0xbf]) ? text.dropFirst(3) : text[...]
    let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for line in lines.dropLast() {
        try reader.take(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
    }
    // Behind the last one is no line feed, which alone lets a carriage return stand before it.
    if let last = lines.last { try reader.take(last) }
    try reader.end()
    return reader.entries
}

/// A key as one writes it in a file: bare where it can be, else quoted.
func spelled(_ path: [String]) -> String {
    path.map { part in
        part.utf8.allSatisfy(isBare) && !part.isEmpty ? part : quoted(part)
    }.joined(separator: ".")
}

private struct TOMLText {
    let name: String
    private(set) var entries: [Entry] = []
    /// The table that keys go to.
    private var table: [String] = []
    private var line = 0
    private var seen: [[String]: Origin] = [:]
    private var array: OpenArray?

    /// An array of strings whose closing bracket is still to come.
    private struct OpenArray {
        var path: [String]
        var line: Int
        var strings: [String] = []
        /// Whether a comma must stand before the next one.
        var needsComma = false
    }

    /// What made a path known, and where: TOML lets nothing be made twice.
    private struct Origin {
        enum Kind: Equatable {
            case value, header
            /// A table that the header of one in it, or a dotted key under `header`, made.
            case above
            case dotted(under: [String])
        }
        var kind: Kind
        var line: Int
    }

    init(name: String) { self.name = name }

    mutating func take(_ bytes: ArraySlice<UInt8>) throws(ConfigError) {
        line += 1
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw refusal("not UTF-8")
        }
        var cursor = TOMLCursor(bytes)
        do {
            try cursor.refuseControls()
            cursor.skipBlank()
            if cursor.isAtEnd { return }
            if array != nil {
                try takeStrings(&cursor)
            } else if cursor.skip("[") {
                try takeHeader(&cursor)
            } else {
                try takeValue(&cursor)
            }
        } catch let misfit as Misfit {
            throw refusal(misfit.message)
        } catch let error as ConfigError {
            throw error
        } catch {
            preconditionFailure("a line failed in a way of its own: \(error)")
        }
    }

    private mutating func takeHeader(_ cursor: inout TOMLCursor) throws {
        if cursor.next == UInt8(ascii: "[") {
            throw Misfit(message: "an array of tables, which no config has; write [TABLE]")
        }
        let path = try cursor.key(of: "a table")
        guard cursor.skip("]") else {
            throw Misfit(message: "a table's header ends with ], as in [run] or [actor.NAME]")
        }
        try cursor.end(after: "a table's header")
        for length in 1..<path.count {
            try makeTable(Array(path.prefix(length)), .above, mayBe: { $0 != .value })
        }
        // The tables above others may get their own header later.
        try makeTable(path, .header, mayBe: { $0 == .above })
        seen[path] = Origin(kind: .header, line: line)
        table = path
    }

    private mutating func takeValue(_ cursor: inout TOMLCursor) throws {
        let path = table + (try cursor.key(of: "a key"))
        guard cursor.skip("=") else { throw Misfit(message: "expected KEY = VALUE or [TABLE]") }
        for length in table.count + 1..<max(path.count, table.count + 1) {
            let kind = Origin.Kind.dotted(under: table)
            try makeTable(Array(path.prefix(length)), kind, mayBe: { $0 == kind })
        }
        if let origin = seen[path] { throw repeated(path, origin) }
        cursor.skipBlank()
        if cursor.skip("[") {
            seen[path] = Origin(kind: .value, line: line)
            array = OpenArray(path: path, line: line)
            return try takeStrings(&cursor)
        }
        let value: RawValue
        do throws(Misfit) { value = try cursor.value() } catch {
            throw refusal(error.message, key: path)
        }
        try cursor.end(after: "a value")
        seen[path] = Origin(kind: .value, line: line)
        entries.append(Entry(path: path, line: line, value: value))
    }

    /// Goes on with the open array to the end of the line, or to its closing bracket.
    private mutating func takeStrings(_ cursor: inout TOMLCursor) throws {
        guard var open = array.take() else { preconditionFailure("no array is open") }
        while true {
            cursor.skipBlank()
            if cursor.isAtEnd {
                array = open
                return
            }
            if cursor.skip("]") { break }
            if open.needsComma {
                guard cursor.skip(",") else {
                    throw refusal("a comma or ] follows a string of an array", key: open.path)
                }
                open.needsComma = false
                continue
            }
            guard cursor.next == UInt8(ascii: "\"") || cursor.next == UInt8(ascii: "'") else {
                throw refusal(
                    "an array of anything but strings, which no key takes", key: open.path)
            }
            do throws(Misfit) { open.strings.append(try cursor.string()) } catch {
                throw refusal(error.message, key: open.path)
            }
            open.needsComma = true
        }
        try cursor.end(after: "a value")
        entries.append(Entry(path: open.path, line: open.line, value: .strings(open.strings)))
    }

    /// Nothing may be left open.
    func end() throws(ConfigError) {
        guard let array else { return }
        throw ConfigError(
            place: "\(name):\(array.line)", key: spelled(array.path),
            message: "an array without its closing ]")
    }

    /// Makes a table known, unless it is known already as something that it may be.
    private mutating func makeTable(
        _ path: [String], _ kind: Origin.Kind, mayBe: (Origin.Kind) -> Bool
    ) throws(ConfigError) {
        if let origin = seen[path] {
            guard mayBe(origin.kind) else { throw repeated(path, origin) }
            return
        }
        seen[path] = Origin(kind: kind, line: line)
        entries.append(Entry(path: path, line: line, value: .table))
    }

    private func repeated(_ path: [String], _ origin: Origin) -> ConfigError {
        refusal("stands on line \(origin.line) already", key: path)
    }

    private func refusal(_ message: String, key: [String]? = nil) -> ConfigError {
        ConfigError(place: "\(name):\(line)", key: key.map(spelled), message: message)
    }
}
