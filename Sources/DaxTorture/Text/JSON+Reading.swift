/// What a reader asks of a value: of one that is another thing it is nil.
extension JSON {
    package var string: String? { if case .string(let text) = self { text } else { nil } }
    package var flag: Bool? { if case .bool(let flag) = self { flag } else { nil } }

    /// A whole number, 0 or more.
    package var count: UInt64? {
        if case .integer(let number) = self { UInt64(exactly: number) } else { nil }
    }

    package var number: Double? {
        switch self {
        case .double(let number): number
        case .integer(let number): Double(number)
        case .null, .bool, .string, .array, .object: nil
        }
    }

    /// The strings of an array; none of anything else.
    package var strings: [String] { values?.compactMap(\.string) ?? [] }

    /// The value on one line, and nothing behind it.
    package var line: String {
        // Within a string there is no line end: it is written as an escape.
        text.split(separator: "\n").map { $0.drop { $0 == " " } }.joined()
    }
}
