import DaxSystem
import DaxText
import Testing

@testable import DaxReport

/// docs/report.md names every member that is written, in its order.
@Suite struct DocsTests {
    private let docs: String

    init() throws {
        let root = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }
        docs = try Files.text("\(root)/docs/report.md")
    }

    private func names(_ json: JSON) -> [String] {
        (json.members ?? []).map(\.name)
    }

    @Test func listEveryMemberInItsOrder() throws {
        let table = docs.split(separator: "## report.json")[1].split(separator: "A violation:")[0]
        let rows = table.split(separator: "\n").filter { $0.hasPrefix("| `") }
        let listed = rows.map { $0.split(separator: "`")[1] }.map(String.init)
        #expect(listed == names(cleanReport().json))
    }

    @Test func nameEveryInnerMember() {
        let names =
            Report.members.names
            + (HostFigures(started: 0, total: 0).json.members ?? []).map(\.name)
        for name in names { #expect(docs.contains("`\(name)`"), "\(name)") }
    }
}
