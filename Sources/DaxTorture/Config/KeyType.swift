internal import DaxText

/// A value as it was written, before its key says what it should be.
enum RawValue {
    /// From the command line, where nothing is quoted.
    case text(String)
    case string(String)
    case integer(Int64)
    case boolean(Bool)
    /// An array of strings.
    case strings([String])
    case table
    /// A TOML type that no key takes, by its name.
    case other(String)

    var kind: String {
        switch self {
        case .text, .string: "a string"
        case .integer: "an integer"
        case .boolean: "a boolean"
        case .strings: "an array"
        case .table: "a table"
        case .other(let name): name
        }
    }
}

/// How the values of a key are written, read and bounded.
struct KeyType<Value: Sendable>: Sendable {
    /// The TOML types that may carry the value.
    enum Carrier { case string, integer, boolean, stringOrInteger, strings }

    let carrier: Carrier
    /// With its article, for messages: `a size`.
    let noun: String
    /// How one looks in a file.
    let example: String
    /// What is allowed, in the words of docs/config.md.
    let range: String
    let parse: @Sendable (String) -> Value?
    /// What a text that does not parse gets told, when there is more to say than the example.
    var refusal: (@Sendable (String) -> String)?
    let print: @Sendable (Value) -> String
    /// Why a well-formed value is out of range; nil when it is not.
    let complaint: @Sendable (Value) -> String?

    func decode(_ raw: RawValue) throws(Misfit) -> Value {
        let text = try text(of: raw)
        guard let value = parse(text) else {
            throw Misfit(
                message: refusal?(text)
                    ?? "\(named(text)) is not \(noun); write it as \(example)")
        }
        if let complaint = complaint(value) { throw Misfit(message: complaint) }
        return value
    }

    /// The value as a TOML literal.
    func literal(_ value: Value) -> String {
        switch carrier {
        case .string, .stringOrInteger: quoted(print(value))
        case .integer, .boolean: print(value)
        case .strings:
            "[\(print(value).split(separator: ";").map { quoted(String($0)) }.joined(separator: ", "))]"
        }
    }

    private func text(of raw: RawValue) throws(Misfit) -> String {
        switch (raw, carrier) {
        case (.text(let text), _), (.string(let text), .string),
            (.string(let text), .stringOrInteger):
            return text
        case (.integer(let value), .integer), (.integer(let value), .stringOrInteger):
            return String(value)
        case (.boolean(let value), .boolean):
            return String(value)
        // On the command line they stand in one text, between semicolons.
        case (.strings(let values), .strings):
            if let strange = values.first(where: { $0.contains(";") }) {
                throw Misfit(
                    message: "\(named(strange)) holds a semicolon, which parts two of them")
            }
            return values.joined(separator: ";")
        default:
            throw Misfit(message: "expected \(noun) such as \(example), found \(raw.kind)")
        }
    }
}

extension KeyType where Value == ByteSize {
    static func size(_ range: ClosedRange<ByteSize>, multipleOf unit: ByteSize? = nil) -> Self {
        bounded(
            "a size", "\"2MiB\"", range, { ByteSize($0) }, unit.map { ", a multiple of \($0)" },
            {
                guard let unit, $0.bytes % unit.bytes != 0 else { return nil }
                return "\($0) is not a multiple of \(unit)"
            })
    }

    static func powerOfTwo(_ range: ClosedRange<ByteSize>) -> Self {
        bounded(
            "a size", "\"4KiB\"", range, { ByteSize($0) }, ", a power of two",
            { $0.bytes.nonzeroBitCount == 1 ? nil : "\($0) is not a power of two" })
    }
}

extension KeyType where Value == TimeSpan {
    static func span(_ range: ClosedRange<TimeSpan>) -> Self {
        bounded("a duration", "\"45s\"", range, { TimeSpan($0) })
    }
}

extension KeyType where Value == UInt64 {
    static func integer(_ range: ClosedRange<UInt64>) -> Self {
        KeyType(
            carrier: .integer, noun: "a whole number", example: "4", range: described(range),
            parse: { $0.hasPrefix("+") ? nil : UInt64($0) }, print: { String($0) },
            complaint: { outside(range, $0) })
    }
}

extension KeyType where Value == Bool {
    static var boolean: Self {
        KeyType(
            carrier: .boolean, noun: "a boolean", example: "true", range: "true or false",
            parse: { Bool($0) }, print: { String($0) }, complaint: { _ in nil })
    }
}

extension KeyType where Value == Seed {
    static var seed: Self {
        KeyType(
            carrier: .stringOrInteger, noun: "a seed", example: "\"0x7\"", range: "64 bits",
            parse: { Seed($0) },
            refusal: {
                "\(named($0)) is not a seed, which is a whole number from 0 to 2^64-1: 7, or \"0x7\""
            },
            print: { $0.description }, complaint: { _ in nil })
    }
}

extension KeyType where Value == [String] {
    /// Lines of text, each of words between single blanks.
    static var lines: Self {
        KeyType(
            carrier: .strings, noun: "an array of strings", example: "[\"fsync f0\", \"syncfs\"]",
            range: "strings",
            parse: { text in
                text.split(separator: ";").map { line in
                    line.split(separator: " ").joined(separator: " ")
                }
            }, print: { $0.joined(separator: ";") }, complaint: { _ in nil })
    }
}

extension KeyType where Value == String {
    static var path: Self {
        KeyType(
            carrier: .string, noun: "a path", example: "\"/path\"", range: "a path",
            parse: { $0.isEmpty ? nil : $0 }, print: { $0 },
            // A NUL ends the path that a system call gets: it would act on another one.
            complaint: { path in
                path.unicodeScalars.first { $0.properties.generalCategory == .control }.map {
                    "\(named(path)) holds \(codePoint($0.value)); no path here has control characters"
                }
            })
    }

    /// One of `names`; `noun` is what they name, without its article.
    static func name(_ noun: String, of names: [String]) -> Self {
        oneOf(noun, names, { names.contains($0) ? $0 : nil }, { $0 })
    }

    /// One of `names`, which are too many for a line: `command` lists them.
    static func name(_ noun: String, of names: [String], listedBy command: String) -> Self {
        KeyType(
            carrier: .string, noun: "a \(noun)", example: quoted(names.first ?? "none"),
            range: names.isEmpty ? "none" : "one that `\(command)` lists",
            parse: { names.contains($0) ? $0 : nil },
            refusal: {
                "unknown \(noun) \(named($0)); \(hint(at: $0, among: names))`\(command)` lists them"
            },
            print: { $0 }, complaint: { _ in nil })
    }
}

extension KeyType
where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of an enumeration's cases; `noun` is what they name, without its article.
    static func choice(_ noun: String) -> Self {
        oneOf(noun, Value.allCases.map(\.rawValue), { Value(rawValue: $0) }, { $0.rawValue })
    }
}

private func oneOf<Value: Sendable>(
    _ noun: String, _ names: [String], _ parse: @escaping @Sendable (String) -> Value?,
    _ print: @escaping @Sendable (Value) -> String
) -> KeyType<Value> {
    // A program may have none of them, as one without mutants.
    let known = names.isEmpty ? "none" : names.joined(separator: ", ")
    return KeyType(
        carrier: .string, noun: "a \(noun)", example: quoted(names.first ?? "none"), range: known,
        parse: parse,
        refusal: { "unknown \(noun) \(named($0)); \(hint(at: $0, among: names))known: \(known)" },
        print: print,
        complaint: { _ in nil })
}

private func bounded<Value: Comparable & Sendable & CustomStringConvertible>(
    _ noun: String, _ example: String, _ range: ClosedRange<Value>,
    _ parse: @escaping @Sendable (String) -> Value?, _ more: String? = nil,
    _ complaint: @escaping @Sendable (Value) -> String? = { _ in nil }
) -> KeyType<Value> {
    KeyType(
        carrier: .string, noun: noun, example: example, range: described(range) + (more ?? ""),
        parse: parse, print: { $0.description },
        complaint: { outside(range, $0) ?? complaint($0) })
}

private func described(_ range: ClosedRange<some CustomStringConvertible>) -> String {
    "\(range.lowerBound) to \(range.upperBound)"
}

private func outside<Value: Comparable & CustomStringConvertible>(
    _ range: ClosedRange<Value>, _ value: Value
) -> String? {
    range.contains(value) ? nil : "\(value) is not in the range \(described(range))"
}

private func hint(at text: String, among names: [String]) -> String {
    nearest(to: text, among: names).map { "the nearest is \($0); " } ?? ""
}
