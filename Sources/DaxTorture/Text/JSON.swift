/// A JSON value (RFC 8259) whose objects keep the order of their members.
///
/// Integers are exact over the whole range of Int64 and UInt64, which is why they are a case of
/// their own: a double holds only 53 bits of a stamp.
package enum JSON: Hashable, Sendable {
    case null
    case bool(Bool)
    /// -2^63 to 2^64-1; neither reader nor writer takes more.
    case integer(Int128)
    /// Finite.
    case double(Double)
    case string(String)
    case array([JSON])
    /// Names are unique.
    case object([Member])

    /// One `"name": value` of an object.
    package struct Member: Hashable, Sendable {
        package var name: String
        package var value: JSON

        package init(_ name: String, _ value: JSON) {
            self.name = name
            self.value = value
        }
    }

    /// The integers that JSON text may hold here.
    static let integers: ClosedRange<Int128> = Int128(Int64.min)...Int128(UInt64.max)

    /// A counter, size or offset.
    package static func number(_ value: UInt64) -> JSON { .integer(Int128(value)) }

    /// `value`, or null.
    package static func optional(_ value: JSON?) -> JSON { value ?? .null }

    package static func strings(_ values: [String]) -> JSON { .array(values.map { .string($0) }) }

    /// An object of counters, in the order of their names.
    package static func counters(_ values: [String: UInt64]) -> JSON {
        .object(values.sorted { $0.key < $1.key }.map { Member($0.key, .number($0.value)) })
    }

    /// The member of an object by that name; nil for a value of any other kind.
    package subscript(name: String) -> JSON? { members?.first { $0.name == name }?.value }

    /// An object's members; nil for a value of any other kind.
    package var members: [Member]? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    /// An array's values; nil for a value of any other kind.
    package var values: [JSON]? {
        guard case .array(let values) = self else { return nil }
        return values
    }
}

extension JSON: ExpressibleByDictionaryLiteral {
    /// An object, its members in the order in which they are written.
    package init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(elements.map { Member($0, $1) })
    }
}
