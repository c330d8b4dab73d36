internal import DaxModel
internal import DaxText

/// What a report is made of: values that are written as JSON and read back.
protocol JSONValue: Sendable {
    var json: JSON { get }
    init(_ place: JSONPlace) throws(ReportError)
    /// The names of the members within such a value.
    static var memberNames: [String] { get }
}

extension JSONValue {
    static var memberNames: [String] { [] }
}

/// What is written as an object with a fixed table of members.
protocol JSONObject: JSONValue {
    static var members: JSONMembers<Self> { get }
    /// What is read is put into it, every member.
    static var blank: Self { get }
}

extension JSONObject {
    var json: JSON { Self.members.write(self) }

    init(_ place: JSONPlace) throws(ReportError) {
        self = .blank
        try Self.members.read(&self, place)
    }

    static var memberNames: [String] { members.names }
}

extension Optional: JSONValue where Wrapped: JSONValue {
    var json: JSON { self?.json ?? .null }

    init(_ place: JSONPlace) throws(ReportError) {
        self = place.value == .null ? nil : try Wrapped(place)
    }

    static var memberNames: [String] { Wrapped.memberNames }
}

extension Array: JSONValue where Element: JSONValue {
    var json: JSON { .array(map(\.json)) }

    init(_ place: JSONPlace) throws(ReportError) {
        self = []
        for item in try place.items { append(try Element(item)) }
    }

    static var memberNames: [String] { Element.memberNames }
}

/// Members come in the order of their names.
extension Dictionary: JSONValue where Key == String, Value: JSONValue {
    var json: JSON { .object(sorted { $0.key < $1.key }.map { .init($0.key, $0.value.json) }) }

    init(_ place: JSONPlace) throws(ReportError) {
        self = [:]
        for (name, member) in try place.members { self[name] = try Value(member) }
    }

    static var memberNames: [String] { Value.memberNames }
}

extension String: JSONValue {
    var json: JSON { .string(self) }

    init(_ place: JSONPlace) throws(ReportError) {
        guard case .string(let string) = place.value else { throw place.wrong("a string") }
        self = string
    }
}

extension UInt64: JSONValue {
    var json: JSON { .number(self) }

    init(_ place: JSONPlace) throws(ReportError) {
        guard case .integer(let number) = place.value, let count = UInt64(exactly: number) else {
            throw place.wrong("a whole number, 0 or more")
        }
        self = count
    }
}

/// A number of times: never negative.
extension Int: JSONValue {
    var json: JSON { .number(UInt64(self)) }

    init(_ place: JSONPlace) throws(ReportError) { self.init(clamping: try UInt64(place)) }
}

extension Bool: JSONValue {
    var json: JSON { .bool(self) }

    init(_ place: JSONPlace) throws(ReportError) {
        guard case .bool(let value) = place.value else { throw place.wrong("true or false") }
        self = value
    }
}

extension ByteSize: JSONValue {
    var json: JSON { .number(bytes) }

    init(_ place: JSONPlace) throws(ReportError) { self.init(bytes: try UInt64(place)) }
}

/// Seconds, up to a thousand years: a report has no other doubles.
extension Double: JSONValue {
    var json: JSON { .double(self) }

    init(_ place: JSONPlace) throws(ReportError) {
        guard case .double(let seconds) = place.value, (0...3.2e10).contains(seconds) else {
            throw place.wrong("seconds, such as 20.0")
        }
        self = seconds
    }
}

extension Seed: JSONValue {
    var json: JSON { .string(description) }

    init(_ place: JSONPlace) throws(ReportError) {
        self = try place.parsed { Seed($0) }
    }
}

extension Verdict: JSONValue {
    var json: JSON { .string(rawValue) }

    init(_ place: JSONPlace) throws(ReportError) {
        self = try place.parsed { Verdict(rawValue: $0) }
    }
}

extension Rule: JSONValue {
    var json: JSON { .string(description) }

    init(_ place: JSONPlace) throws(ReportError) {
        self = try place.parsed { Rule($0) }
    }
}

extension KernelRange: JSONValue {
    var json: JSON { .string(description) }

    init(_ place: JSONPlace) throws(ReportError) {
        self = try place.parsed { KernelRange($0) }
    }
}
