import DaxSystem
import Testing

/// The glossary of CONTRIBUTING.md and the types go by the same words.
@Suite struct GlossaryTests {
    private let glossary: [[Substring]]
    private let types: Set<String>

    init() throws {
        let text = try Files.text("\(Host.repository)/CONTRIBUTING.md")
        let section = text.split(separator: "## Glossary\n")[1].split(separator: "\n## ")[0]
        glossary = section.split(separator: "\n").filter { $0.hasPrefix("|") }.dropFirst(2).map {
            $0.split(separator: "|").map { $0 }
        }
        let sources = "\(Host.repository)/Sources"
        types = try Files.all(below: sources).filter { $0.hasSuffix(".swift") }.reduce(into: []) {
            types, file in
            types.formUnion(GlossaryTests.types(in: try Files.text("\(sources)/\(file)")))
        }
    }

    private static func types(in code: String) -> [String] {
        code.matches(
            of:
                /^\s*(?:@\w+ |public |package |internal |private |fileprivate |final |indirect )*(?:struct|class|enum|actor|protocol|typealias) (\w+)/
                .anchorsMatchLineEndings()
        ).map { String($0.1) }
    }

    @Test func declarationsAreSeen() {
        let code =
            "package final class A {\n    indirect enum B {}\n// struct C\nlet d = 1"
        #expect(GlossaryTests.types(in: code) == ["A", "B"])
    }

    @Test func everyTypeOfTheGlossaryExists() {
        #expect(glossary.count > 15)
        for row in glossary {
            let named = row[2].matches(of: /`(\w+)`/).map { String($0.1) }
            #expect(!named.isEmpty, "\(row[0])")
            for type in named { #expect(types.contains(type), "\(row[0]): \(type)") }
        }
    }

    /// A word that the field does not know, or that the glossary has another for.
    @Test func noTypeGoesByAReplacedWord() {
        #expect(types.count > 300)
        let replaced = [
            "Hand", "Player", "Cast", "Casting", "Curtain", "Stage", "Cue", "Deed", "Ledger",
            "Telling",
            "Tale", "Culprit", "Heir", "Kit", "Cliff", "Carving", "Pulse", "Patience", "Focus",
            "CallSites",
        ]
        for type in types.sorted() {
            let words = type.matches(of: /[A-Z]+(?![a-z])|[A-Z][a-z0-9]+/).map { String($0.0) }
            for word in words { #expect(!replaced.contains(word), "\(type)") }
        }
    }
}
