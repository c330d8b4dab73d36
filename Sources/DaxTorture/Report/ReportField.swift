internal import DaxText

extension Report {
    /// What the report says at `path`, as a script reads it: names of members with a dot between them,
    /// such as `verdict`, `machine.qemu`, `operations.punch`, `violations.rule`.
    ///
    /// Text and numbers are as they are, and `null` is what is null, or within it. Of an object of counters
    /// it is their sum, of a list a line for each element, none of them twice. Nil where a report has no
    /// such member, or it is none of these.
    package func field(_ path: String) -> String? {
        var found = json
        var lists: [JSON]?
        for name in path.split(separator: ".", omittingEmptySubsequences: false).map(String.init) {
            if lists == nil, let values = found.values { lists = values }
            if let values = lists {
                let inner = values.compactMap { $0[name] }
                guard inner.count == values.count else { return nil }
                lists = inner
            } else if found != .null {
                guard let member = found[name] else { return nil }
                found = member
            }
        }
        guard let elements = lists ?? found.values else { return found.plain }
        var lines: [String] = []
        for element in elements {
            guard let line = element.plain else { return nil }
            if !lines.contains(line) { lines.append(line) }
        }
        return lines.joined(separator: "\n")
    }
}

extension JSON {
    fileprivate var plain: String? {
        switch self {
        case .null: return "null"
        case .bool(let value): return "\(value)"
        case .integer(let value): return "\(value)"
        case .double(let value): return "\(value)"
        case .string(let text): return text
        case .array: return nil
        case .object(let members):
            var sum: Int128 = 0
            for member in members {
                guard case .integer(let count) = member.value else { return nil }
                sum += count
            }
            return "\(sum)"
        }
    }
}
