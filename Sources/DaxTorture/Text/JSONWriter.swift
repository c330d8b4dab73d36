extension JSON {
    /// The value as text that depends on nothing but the value: two spaces an indent, one member a
    /// line, arrays of plain values on one line, doubles in the shortest form that reads back the
    /// same, a newline at the end.
    package var text: String {
        var text = ""
        write(to: &text, indent: "")
        return text + "\n"
    }

    private var isPlain: Bool {
        switch self {
        case .array(let values): values.isEmpty
        case .object(let members): members.isEmpty
        default: true
        }
    }

    private func write(to text: inout String, indent: String) {
        let inner = indent + "  "
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .integer(let value):
            precondition(JSON.integers.contains(value), "an integer beyond 64 bits")
            text += String(value)
        case .double(let value):
            precondition(value.isFinite, "JSON has no infinity and no NaN")
            text += value.description
        case .string(let value): JSON.write(value, to: &text)
        case .array(let values) where values.allSatisfy(\.isPlain):
            text += "["
            for (index, value) in values.enumerated() {
                if index > 0 { text += ", " }
                value.write(to: &text, indent: inner)
            }
            text += "]"
        case .array(let values):
            for (index, value) in values.enumerated() {
                text += index == 0 ? "[\n\(inner)" : ",\n\(inner)"
                value.write(to: &text, indent: inner)
            }
            text += "\n\(indent)]"
        case .object(let members):
            for (index, member) in members.enumerated() {
                text += index == 0 ? "{\n\(inner)" : ",\n\(inner)"
                JSON.write(member.name, to: &text)
                text += ": "
                member.value.write(to: &text, indent: inner)
            }
            text += members.isEmpty ? "{}" : "\n\(indent)}"
        }
    }

    private static func write(_ string: String, to text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\t": text += "\\t"
            case "\r": text += "\\r"
            default:
                switch scalar.properties.generalCategory {
                // More than must be: a report is to be safe to print and to quote. The two separators
                // JavaScript once took for line ends.
                case .control, .format, .lineSeparator, .paragraphSeparator:
                    for unit in String(scalar).utf16 {
                        let digits = String(unit, radix: 16)
                        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                    }
                default: text.unicodeScalars.append(scalar)
                }
            }
        }
        text += "\""
    }
}
