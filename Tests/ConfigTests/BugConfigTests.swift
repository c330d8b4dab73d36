import DaxConfig
import DaxModel
import DaxMutants
import DaxSystem
import DaxTorture
import Testing

private let root = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }
private let directory = "\(root)/configs/bugs"
private let names = (try? Files.names(in: directory).filter { $0.hasSuffix(".toml") }) ?? []

/// What configs/bugs promise (docs/bugs.md), as ci/known-bugs reads it.
@Suite struct BugConfigTests {
    private struct Promise {
        var kind: Substring
        var options: [Substring]
        var rules: [Substring]

        /// nil if the line makes none.
        init?(_ line: Substring) {
            guard line.hasPrefix("# "), let colon = line.firstIndex(of: ":") else { return nil }
            kind = line.dropFirst(2)[..<colon]
            guard ["broken", "sound", "todo broken", "todo sound"].contains(kind) else {
                return nil
            }
            let words = line[colon...].dropFirst().split(separator: " ")
            options = Array(words.prefix { $0 != "->" })
            rules = Array(words.dropFirst(options.count + 1))
        }

        func value(_ flag: String) -> String? {
            options.firstIndex(of: Substring(flag)).map { String(options[$0 + 1]) }
        }
    }

    private func config(
        _ name: String, fs: String? = nil, _ settings: [String] = []
    ) throws -> Config {
        var resolver = Resolver(schema: .daxtorture)
        try resolver.read(Files.text("\(directory)/\(name)"), name: name)
        for setting in settings { try resolver.set(setting) }
        if let fs { try resolver.set("fs.type=\(fs)") }
        return try resolver.resolved()
    }

    @Test func everyClassOfMutantHasOne() {
        for bug in Mutant.Bug.allCases { #expect(names.contains("\(bug.rawValue).toml")) }
    }

    @Test(arguments: names)
    func itResolvesAndPromises(_ name: String) throws {
        let text = try Files.text("\(directory)/\(name)")
        let lines = text.split(separator: "\n")
        #expect(lines.first?.hasPrefix("# ") == true, "no title")
        #expect(text.contains("# Fix: ") && text.contains("# Affected: "))
        _ = try config(name)
        let promises = lines.compactMap(Promise.init)
        #expect(!promises.isEmpty)
        for promise in promises {
            let fs = try #require(promise.value("--fs"))
            _ = try config(name, fs: fs)
            let kernel = try #require(promise.value("--kernel"))
            #expect(kernel.hasSuffix("-cloud") || kernel.hasSuffix("-generic"))
            #expect(promise.kind.hasSuffix("broken") != promise.rules.isEmpty)
            let rules = promise.rules.compactMap { Rule(String($0)) }
            #expect(rules.count == promise.rules.count)
            guard let mutant = promise.value("--mutant") else { continue }
            let known = try #require(Mutant.named(mutant), "\(mutant)")
            #expect(known.filesystem == fs && "\(known.bug.rawValue).toml" == name)
            #expect(known.equivalent == nil)
            // ext4 is no module in the cloud flavour.
            #expect(fs == "xfs-dax" || kernel.hasSuffix("-generic"))
            let version = kernel[..<kernel.firstIndex(of: "-")!]
            #expect(KernelVersion(release: "\(version).0").flatMap(known.edges) != nil)
            #expect(Set(rules).isSubset(of: known.rules), "\(mutant)")
        }
    }

    /// As `prove` runs it: on the mutant's filesystem, with the mutant's own settings.
    @Test(arguments: Mutant.all.filter { $0.equivalent == nil })
    func itSuitsEveryMutantOfItsClass(_ mutant: Mutant) throws {
        _ = try config("\(mutant.bug.rawValue).toml", fs: mutant.filesystem, mutant.settings)
    }
}
