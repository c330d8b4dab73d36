/// C with parts that only some programs need.
///
/// A line `@if NAME` begins a part for programs that have the feature of that name, `@if A|B` one for those
/// that have any of several, `@if !NAME` one for those without; `@else` and `@end` go with it. What stands
/// between two `@` in a line, as `@ROUNDS@`, is a value. All else is C as it is printed.
struct CTemplate {
    private let text: String

    init(_ text: String) { self.text = text }

    /// The C of a program that has `features`, and nothing that others need.
    func filled(_ features: Set<String>, _ values: [String: String]) -> String {
        var lines: [Substring] = []
        // Whether each part that is open is wanted, the outermost first.
        var wanted: [Bool] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("@if ") {
                wanted.append(CTemplate.holds(line.dropFirst(4), features))
            } else if line == "@else" {
                wanted[wanted.count - 1].toggle()
            } else if line == "@end" {
                wanted.removeLast()
            } else if wanted.allSatisfy(\.self) {
                lines.append(line)
            }
        }
        precondition(wanted.isEmpty, "a part without its @end")
        let parts = lines.drop { $0.isEmpty }.joined(separator: "\n")
            .split(separator: "@", omittingEmptySubsequences: false)
        return parts.enumerated().map { index, part in
            guard index % 2 == 1 else { return String(part) }
            guard let value = values[String(part)] else { preconditionFailure("no \(part)") }
            return value
        }.joined()
    }

    /// The features that any part asks for.
    var names: Set<String> {
        let conditions = text.split(separator: "\n").filter { $0.hasPrefix("@if ") }
        return Set(
            conditions.flatMap { $0.dropFirst(4).split(separator: "|") }
                .map { String($0.hasPrefix("!") ? $0.dropFirst() : $0) })
    }

    /// Those of programs of one script, and of several.
    static let all: [CTemplate] = [
        .hold, .ownPin, .trace, .writeback, .sequence, .sequenceVerbs, .sequenceMain, .log, .files,
        .verbs, .check, .main, .system,
    ]

    private static func holds(_ condition: Substring, _ features: Set<String>) -> Bool {
        condition.split(separator: "|").contains { name in
            name.hasPrefix("!")
                ? !features.contains(String(name.dropFirst())) : features.contains(String(name))
        }
    }
}
