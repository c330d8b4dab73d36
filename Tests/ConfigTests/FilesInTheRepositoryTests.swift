import DaxConfig
import DaxSystem
import DaxTorture
import Testing

private let root = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }

/// What the repository says about configs is what the program does.
@Suite struct FilesInTheRepositoryTests {
    @Test func defaultTomlIsTheBuiltInDefault() throws {
        var resolver = Resolver(schema: .daxtorture)
        try resolver.read(Files.text("\(root)/configs/default.toml"), name: "default.toml")
        #expect(try resolver.resolved() == Config())
    }

    @Test func everyConfigResolves() throws {
        let names = try Files.names(in: "\(root)/configs").filter { $0.hasSuffix(".toml") }
        #expect(!names.isEmpty)
        for name in names {
            let text = try Files.text("\(root)/configs/\(name)")
            #expect(text.hasPrefix("# "), "\(name) has no first comment line")
            var resolver = Resolver(schema: .daxtorture)
            try resolver.read(text, name: name)
            _ = try resolver.resolved()
        }
    }

    @Test func docsListEveryKey() throws {
        let docs = try Files.text("\(root)/docs/config.md")
        let keys = ConfigSchema.daxtorture.documentation()
        #expect(docs.contains(keys), "docs/config.md should hold:\n\(keys)")
    }
}
