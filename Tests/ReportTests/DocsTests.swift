import DaxReport
import DaxSystem
import DaxText
import Testing

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

    @Test func nameEveryInnerMember() throws {
        var report = cleanReport()
        report.add(staleRead)
        report.differential = DifferentialFacts(cleanReport(), directory: "without-dax")
        let json = report.json
        let latency = try #require(json["latency"]?["store"])
        let violation = try #require(json["violations"]?.values?.first)
        let actor = try #require(json["actors"]?.values?.first)
        let cell = try #require(json["coverage"]?.values?.first)
        report.interruption = Interruption(Interrupt(signal: "SIGINT", times: 1), planned: 60)
        var inner =
            names(report.json["interrupted"] ?? .null) + names(cell) + names(latency)
            + names(violation) + names(actor)
        for name in [
            "machine", "checks", "faults", "sigbus", "space", "memory", "differential", "clock",
        ] {
            inner += names(json[name] ?? .null)
        }
        inner += names(json["power"] ?? .null) + names(json["power"]?["zero_for_stamp"] ?? .null)
        inner += names(json["decided"] ?? .null) + names(json["decided"]?["racing"] ?? .null)
        inner += names(json["decided"]?["sizes"] ?? .null)
        inner += names(json["machine"]?["sha256"] ?? .null)
        inner += names(HostFigures(started: 0, total: 0).json)
        #expect(
            inner.count == 3 + 5 + 4 + 7 + 3 + 11 + 6 + 3 + 6 + 2 + 3 + 6 + 5 + 5 + 5 + 2 + 3 + 6
                + 2
                + 4)
        for name in inner { #expect(docs.contains("`\(name)`"), "\(name)") }
    }
}
