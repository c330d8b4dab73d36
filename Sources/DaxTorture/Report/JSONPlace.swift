internal import DaxText

/// A report.json that is not one: the member at fault, and why.
package struct ReportError: Error, Hashable, Sendable, CustomStringConvertible {
    package var description: String

    package init(_ description: String) { self.description = description }
}

/// A JSON value with the name of its member, so that every complaint says where.
struct JSONPlace {
    let name: String
    let value: JSON

    subscript(child: String) -> JSONPlace {
        get throws(ReportError) {
            guard let found = value[child] else { throw ReportError("\(name) has no \"\(child)\"") }
            return JSONPlace(name: child, value: found)
        }
    }

    func wrong(_ expected: String) -> ReportError { ReportError("\(name) should be \(expected)") }

    /// What `parse` makes of a string.
    func parsed<Value>(_ parse: (String) -> Value?) throws(ReportError) -> Value {
        let text = try String(self)
        guard let value = parse(text) else { throw ReportError("\(name) is not one: \(text)") }
        return value
    }

    var items: [JSONPlace] {
        get throws(ReportError) {
            guard let values = value.values else { throw wrong("an array") }
            return values.enumerated().map { JSONPlace(name: "\(name)[\($0)]", value: $1) }
        }
    }

    /// The items of a row, which has so many.
    func items(_ count: Int) throws(ReportError) -> [JSONPlace] {
        let items = try items
        guard items.count == count else { throw wrong("a row of \(count)") }
        return items
    }

    var members: [(String, JSONPlace)] {
        get throws(ReportError) {
            guard let members = value.members else { throw wrong("an object") }
            return members.map { ($0.name, JSONPlace(name: "\(name).\($0.name)", value: $0.value)) }
        }
    }
}
