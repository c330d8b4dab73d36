import DaxText

/// What is read of plans and outcomes: a member that is not there, or is another thing, is nil.
extension JSON {
    var string: String? { if case .string(let text) = self { text } else { nil } }
    var flag: Bool? { if case .bool(let flag) = self { flag } else { nil } }

    var count: UInt64? {
        if case .integer(let number) = self { UInt64(exactly: number) } else { nil }
    }

    var number: Double? {
        switch self {
        case .double(let number): number
        case .integer(let number): Double(number)
        default: nil
        }
    }

    var strings: [String] { values?.compactMap(\.string) ?? [] }

    /// The value on one line, and nothing behind it.
    var line: String {
        // Within a string there is no line end: it is written as an escape.
        text.split(separator: "\n").map { $0.drop { $0 == " " } }.joined()
    }
}

/// A file of a night that is not one.
package struct NightError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}

extension JSON {
    /// What `read` makes of the member `name`, which must be there.
    func member<Value>(_ name: String, _ read: (JSON) -> Value?) throws(NightError) -> Value {
        guard let found = self[name], let value = read(found) else {
            throw NightError("\(name) is absent, or no such value")
        }
        return value
    }
}
