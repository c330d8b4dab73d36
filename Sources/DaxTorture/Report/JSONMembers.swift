internal import DaxText

/// How one member of an object is made of a `Root`, and put back into one.
struct JSONMember<Root>: Sendable {
    let write: @Sendable (Root) -> JSON
    /// Reads the member from the object that it is in, by its name there.
    let read: @Sendable (inout Root, JSONPlace, String) throws(ReportError) -> Void
    /// The names of the members within this one.
    var inner: [String] = []

    /// The property at `path`.
    static func at<Value: JSONValue>(_ path: any WritableKeyPath<Root, Value> & Sendable) -> Self {
        JSONMember(
            write: { $0[keyPath: path].json },
            read: { (root, object, name) throws(ReportError) in
                root[keyPath: path] = try Value(object[name])
            }, inner: Value.memberNames)
    }

    /// An object of its own for some properties of the same value.
    static func group(_ members: JSONMembers<Root>) -> Self {
        JSONMember(
            write: { members.write($0) },
            read: { (root, object, name) throws(ReportError) in
                try members.read(&root, object[name])
            }, inner: members.names)
    }

    /// What says once more, to whoever reads the file, what follows from other members.
    static func repeating(_ write: @escaping @Sendable (Root) -> JSON) -> Self {
        JSONMember(write: write, read: { (_, _, _) throws(ReportError) in })
    }

    /// What must be there as it is: of another schema nothing is read.
    static func schema(_ schema: String) -> Self {
        JSONMember(
            write: { _ in .string(schema) },
            read: { (_, object, name) throws(ReportError) in
                let found = try String(object[name])
                if found == schema { return }
                throw ReportError("schema is \"\(found)\"; this version reads \"\(schema)\"")
            })
    }
}

/// The members of the object as which a `Root` is written, in their order: what is written and what is
/// read follow from the same table.
struct JSONMembers<Root>: ExpressibleByDictionaryLiteral, Sendable {
    private let members: [(name: String, member: JSONMember<Root>)]

    init(dictionaryLiteral elements: (String, JSONMember<Root>)...) {
        members = elements.map { (name: $0, member: $1) }
    }

    private init(_ members: [(name: String, member: JSONMember<Root>)]) { self.members = members }

    static func + (a: Self, b: Self) -> Self { JSONMembers(a.members + b.members) }

    /// The members' names, and those of members within them.
    var names: [String] { members.flatMap { [$0.name] + $0.member.inner } }

    func write(_ root: Root) -> JSON {
        .object(members.map { .init($0.name, $0.member.write(root)) })
    }

    func read(_ root: inout Root, _ object: JSONPlace) throws(ReportError) {
        for (name, member) in members { try member.read(&root, object, name) }
    }
}
