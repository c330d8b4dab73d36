import DaxConfig
import DaxModel
import DaxMutants
import DaxSystem
import DaxTorture
import Testing

private let root = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }
private let directory = "\(root)/configs/bugs"
private let names = (try? Files.names(in: directory).filter { $0.hasSuffix(".toml") }) ?? []

/// What configs/bugs promise (docs/bugs.md).
@Suite struct BugConfigTests {
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
        var resolver = Resolver(schema: .daxtorture)
        try resolver.read(text, name: name)
        #expect(!resolver.promises.isEmpty)
        for promise in resolver.promises {
            let (fs, kernel) = (try #require(promise.fs), try #require(promise.kernel))
            _ = try config(name, fs: fs.rawValue)
            guard let mutant = promise.mutant else { continue }
            let known = try #require(Mutant.named(mutant), "\(mutant)")
            #expect(known.filesystem == fs.rawValue && "\(known.bug.rawValue).toml" == name)
            #expect(known.equivalent == nil)
            // ext4 is no module in the cloud flavour.
            #expect(fs == .xfs || kernel.hasSuffix("-generic"))
            let version = kernel[..<kernel.firstIndex(of: "-")!]
            #expect(KernelVersion(release: "\(version).0").flatMap(known.edges) != nil)
            #expect(Set(promise.rules).isSubset(of: known.rules), "\(mutant)")
        }
    }

    /// As `prove` runs it: on the mutant's filesystem, with the mutant's own settings.
    @Test(arguments: Mutant.all.filter { $0.equivalent == nil })
    func itSuitsEveryMutantOfItsClass(_ mutant: Mutant) throws {
        _ = try config("\(mutant.bug.rawValue).toml", fs: mutant.filesystem, mutant.settings)
    }
}
