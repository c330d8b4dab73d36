internal import TOMLKit

/// One value of a TOML text, with its place.
struct Entry {
    var path: [String]
    var line: Int?
    var value: RawValue

    var key: String { path.joined(separator: ".") }
}

/// The leaves of a TOML text in the order of their lines, empty tables among them.
///
/// TOMLKit checks the grammar; types and keys are judged by the schema, since TOMLKit reports a
/// value of the wrong type as an absent key, and knows no line but that of a syntax error.
func entries(of text: String, name: String) throws(ConfigError) -> [Entry] {
    let table: TOMLTable
    do {
        table = try TOMLTable(string: text)
    } catch let error as TOMLParseError {
        let message = error.description.split(separator: "\n").joined(separator: " ")
        throw ConfigError(place: "\(name):\(error.source.begin.line)", key: nil, message: message)
    } catch {
        throw ConfigError(place: name, key: nil, message: "not TOML: \(error)")
    }
    let lines = KeyLines(text)
    var found: [Entry] = []
    func collect(_ table: TOMLTable, under path: [String]) {
        // Not `for (key, value) in table`: TOMLKit's iterator starts over when it is done.
        for key in table.keys {
            guard let value = table[key] else { continue }
            let here = path + [key]
            found.append(
                Entry(path: here, line: lines.line(of: here), value: RawValue(value)))
            if let inner = value.table { collect(inner, under: here) }
        }
    }
    collect(table, under: [])
    return found.enumerated().sorted {
        ($0.element.line ?? 0, $0.offset) < ($1.element.line ?? 0, $1.offset)
    }.map(\.element)
}

extension RawValue {
    fileprivate init(_ value: any TOMLValueConvertible) {
        switch value.type {
        case .string: self = .string(value.string ?? "")
        case .int: self = .integer(Int64(value.int ?? 0))
        case .bool: self = .boolean(value.bool ?? false)
        case .table: self = .table
        case .array: self = .other("an array")
        case .double: self = .other("a number with a fraction")
        case .date, .time, .dateTime: self = .other("a date or time")
        }
    }
}
