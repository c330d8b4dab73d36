import DaxModel
import DaxTorture
import Testing

@testable import DaxConfig

/// Tables `[known.NAME]`, of a config and of a file of them.
@Suite struct KnownIssueTests {
    private static let file = """
        format = 1
        [known.one]
        signature = "R3 | an old stamp"
        kernels = "6.1 - 6.12"
        fs = "xfs-dax"
        link = "https://example.org/1"
        note = "zeroes that are lost"
        [known.two]
        signature = "R10 | warning in dax_insert_entry"
        """

    private func resolved(_ text: String) throws -> Config {
        var resolver = Resolver(schema: .daxtorture)
        try resolver.read(known: Array(text.utf8), name: "k.toml")
        return try resolver.resolved()
    }

    private func complaint(_ text: String) -> String {
        do {
            _ = try resolved(text)
            return "nothing wrong"
        } catch { return "\(error)" }
    }

    @Test func isRead() throws {
        let known = try resolved(Self.file).known
        #expect(
            known == [
                KnownIssue(
                    name: "one", signature: "R3 | an old stamp", kernels: KernelRange("6.1 - 6.12"),
                    filesystem: "xfs-dax", link: "https://example.org/1",
                    note: "zeroes that are lost"),
                KnownIssue(name: "two", signature: "R10 | warning in dax_insert_entry"),
            ])
    }

    /// `resolved.toml` alone runs the same again.
    @Test func survivesTheRoundTrip() throws {
        let config = try resolved(Self.file)
        var resolver = Resolver(schema: .daxtorture)
        try resolver.read(config.text(schema: .daxtorture), name: "resolved.toml")
        #expect(try resolver.resolved() == config)
    }

    @Test func oneOfTheSameNameTakesItsPlace() throws {
        var resolver = Resolver(schema: .daxtorture)
        try resolver.read(known: Array(Self.file.utf8), name: "k.toml")
        let other = "format = 1\n[known.one]\nsignature = \"R1\"\n"
        try resolver.read(known: Array(other.utf8), name: "l.toml")
        let known = try resolver.resolved().known
        #expect(known.map(\.name) == ["two", "one"] && known[1].link.isEmpty)
    }

    @Test(arguments: [
        (
            "[known.one]", "[run]",
            "k.toml:2: run: a file of known issues holds tables [known.NAME] alone"
        ),
        ("format = 1", "", "k.toml: format: absent; write format = 1"),
        (
            "signature = \"R3 | an old stamp\"\n", "",
            "k.toml:2: known.one.signature: absent; every known issue needs it"
        ),
        (
            "R3 |", "R99 |",
            "k.toml:3: known.one.signature: \"R99 | an old stamp\" is not a signature; write it as \"R3 | zero | load\""
        ),
        (
            "6.1 - 6.12", "6.1 to 6.12",
            "k.toml:4: known.one.kernels: \"6.1 to 6.12\" is not a range of kernels; write it as \"6.1 - 6.12\""
        ),
        (
            "note =", "notes =",
            "k.toml:7: known.one.notes: unknown key; the nearest known key is known.one.note"
        ),
    ])
    func saysWhatIsWrong(_ old: String, _ new: String, _ told: String) {
        #expect(complaint(Self.file.replacing(old, with: new)) == told)
    }
}
