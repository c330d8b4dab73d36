import DaxModel
import DaxSystem
import Testing

/// docs/architecture.md says what is so.
@Suite struct ArchitectureTests {
    private let docs: String
    private let package: String

    init() throws {
        docs = try Files.text("\(Host.repository)/docs/architecture.md")
        package = try Files.text("\(Host.repository)/Package.swift")
    }

    /// `role("DaxActors", "Actors", ["DaxOperations"])` of Package.swift, products of others aside, as
    /// target: [folder, dependency, ...].
    private var roles: [String: [String]] {
        let code = package.replacing(/\.product\([^)]*\)/, with: "")
        let calls = code.matches(of: /\brole\(\s*("[^"]*",\s*"[^"]*",\s*\[[^\]]*\])/)
        return calls.reduce(into: [:]) { roles, call in
            let names = call.1.matches(of: /"([^"]*)"/).map { String($0.1) }
            roles[names[0]] = Array(names.dropFirst())
        }
    }

    private func trimmed(_ text: Substring) -> String {
        text.split(separator: " ").joined(separator: " ")
    }

    private func rows(of heading: String) -> [[String]] {
        let section = docs.split(separator: "## \(heading)\n")[1].split(separator: "\n## ")[0]
        return section.split(separator: "\n").filter { $0.hasPrefix("|") }.dropFirst(2).map { row in
            row.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
                .map(trimmed)
        }
    }

    @Test func theTargetsDependOnWhatTheTableSays() {
        let listed = rows(of: "Targets").reduce(into: [String: [String]]()) { targets, row in
            targets[row[0]] = [row[1]] + row[3].split(separator: ",").map(trimmed)
        }
        #expect(roles.count > 10)
        #expect(Set(listed.keys) == Set(roles.keys))
        for (target, names) in roles {
            #expect(listed[target]?.first == names[0], "\(target)")
            #expect(Set(listed[target] ?? []) == Set(names), "\(target)")
        }
    }

    /// The modules of ours, and of C, that `text` imports.
    private func imports(of text: String) -> Set<String> {
        Set(
            text.split(separator: "\n").filter { $0.contains("import ") }.compactMap { line in
                line.wholeMatch(
                    of:
                        /(?:@\w+ |public |package |internal |private )*import (?:\w+ )?((?:Dax|C[A-Z])\w+).*/
                ).map { String($0.1) }
            })
    }

    @Test func importsAreSeen() {
        #expect(
            imports(
                of:
                    "public import DaxModel\nimport struct CFault.Fault\nimport Glibc\n// import DaxText"
            )
                == ["DaxModel", "CFault"])
        #expect(
            imports(of: "@testable import DaxOracle\npackage import CPMem2") == [
                "DaxOracle", "CPMem2",
            ])
    }

    /// SwiftPM does not see to it.
    @Test func nothingElseIsImported() throws {
        for (target, names) in roles {
            let folder = "\(Host.repository)/Sources/DaxTorture/\(names[0])"
            let files = try Files.all(below: folder).filter { $0.hasSuffix(".swift") }
            #expect(!files.isEmpty, "\(target)")
            for file in files {
                let found = imports(of: try Files.text("\(folder)/\(file)"))
                #expect(found.isSubset(of: names.dropFirst()), "\(target): \(file)")
            }
        }
    }

    /// Of the picture, too, an arrow is one of the table.
    @Test func thePictureHasNoOtherArrows() {
        let picture = docs.split(separator: "```")[1]
        for line in picture.split(separator: "\n") {
            let parts = line.split(separator: "──>").map { part in
                part.matches(of: /\b(Dax|C)\w+/).map { String($0.0) }
            }
            for (from, to) in zip(parts, parts.dropFirst()) {
                // Where nothing stands before it, the arrow comes from a line above.
                for source in from {
                    guard let known = roles[source] else { continue }
                    for target in to { #expect(known.contains(target), "\(source) to \(target)") }
                }
            }
        }
    }

    /// Each file that is named is there, and has the functions that are named behind it.
    @Test func theFilesHaveTheFunctions() throws {
        let named = docs.matches(of: /`((?:\w+\/)+[\w+]+\.\w+)(?:: ([\w, ]+))?`/)
        #expect(named.count > 30)
        for one in named {
            let file = one.1.hasPrefix("CFault") ? String(one.1) : "DaxTorture/\(one.1)"
            let text = try Files.text("\(Host.repository)/Sources/\(file)")
            for name in (one.2 ?? "").split(whereSeparator: { ", ".contains($0) }) {
                #expect(
                    text.contains("func \(name)(") || text.contains("func \(name)<"),
                    "\(one.1) has no \(name)")
            }
        }
    }

    /// Every rule has a row, under the name that people read.
    @Test func everyRuleHasARow() {
        #expect(rows(of: "Rules").map { $0[0] } == Rule.allCases.map(\.name))
    }
}
