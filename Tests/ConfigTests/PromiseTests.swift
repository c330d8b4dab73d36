import DaxModel
import DaxTorture
import Testing

@testable import DaxConfig

/// Tables that say something of a config, and are no part of its run.
@Suite struct PromiseTests {
    private static let kept = """
        [promise.one]
        shows = "broken"
        fs = "xfs-dax"
        kernel = "6.1-cloud"
        mutant = "xfs-stale-mapping"
        rules = "R3 R12"
        todo = true
        """

    private func resolver(_ text: String) throws -> Resolver {
        var resolver = Resolver(schema: .daxtorture)
        try resolver.read("format = 1\n" + text, name: "t.toml")
        _ = try resolver.resolved()
        return resolver
    }

    private func complaint(_ text: String) -> String {
        do {
            _ = try resolver(text)
            return "nothing wrong"
        } catch { return "\(error)" }
    }

    @Test func aPromiseIsRead() throws {
        let promise = try #require(try resolver(Self.kept).promises.first)
        #expect(promise.shows == .broken && promise.fs == .xfs && promise.kernel == "6.1-cloud")
        #expect(promise.mutant == "xfs-stale-mapping" && promise.rules == [.freshness, .physical])
        #expect(promise.isTodo && promise.name == "one")
    }

    /// `resolved.toml` says what runs, and that is the same with them and without.
    @Test func theRunKnowsNothingOfThem() throws {
        let text = Self.kept + "\n[known-failure]\nuntil = \"6.12\"\nreason = \"a fix\"\n"
        #expect(try resolver(text).resolved() == Config())
        #expect(try resolver(text).knownFailure == KnownFailure(until: "6.12", reason: "a fix"))
        let known = try resolver(text + "fs = \"xfs-dax\"\n").knownFailure
        #expect(known == KnownFailure(until: "6.12", reason: "a fix", fs: .xfs))
        #expect(known?.concerns("xfs-dax") == true && known?.concerns("ext4-dax") == false)
    }

    @Test(arguments: [
        (
            "shows = \"broken\"", "shows = \"sound\"",
            "t.toml:7: promise.one.rules: a sound kernel breaks none"
        ),
        (
            "rules = \"R3 R12\"\n", "",
            "promise.one.rules: absent; a broken kernel breaks some"
        ),
        (
            "fs = \"xfs-dax\"\n", "",
            "promise.one.fs: absent; every promise needs it"
        ),
        (
            "fs = \"xfs-dax\"", "fs = \"ext4-dax\"",
            "t.toml:6: promise.one.mutant: xfs-stale-mapping breaks xfs-dax, not ext4-dax"
        ),
        (
            "R12", "R15",
            "t.toml:7: promise.one.rules: \"R3 R15\" is not a list of rules; write it as \"R3 R7\""
        ),
        (
            "6.1-cloud", "6.1",
            "t.toml:5: promise.one.kernel: \"6.1\" is not a kernel; write it as \"6.1-cloud\""
        ),
        (
            "todo", "tood",
            "t.toml:8: promise.one.tood: unknown key; the nearest known key is promise.one.todo"
        ),
    ])
    func whatIsWrongIsTold(_ old: String, _ new: String, _ told: String) {
        #expect(complaint(Self.kept.replacing(old, with: new)) == told)
    }

    @Test func aMutantIsOfItsFilesystem() {
        let mutant = "[vm]\nmutant = \"ext4-stale-mapping\"\n"
        #expect(complaint(mutant) == "nothing wrong")
        #expect(
            complaint("[fs]\ntype = \"xfs-dax\"\n" + mutant)
                == "t.toml:5: vm.mutant: ext4-stale-mapping breaks ext4-dax, not xfs-dax")
        #expect(
            complaint("[fs]\nmount = \"/mnt\"\n" + mutant)
                == "t.toml:5: vm.mutant: no machine is booted beside fs.mount")
    }

    @Test func aKnownFailureHasBoth() {
        #expect(
            complaint("[known-failure]\nuntil = \"6.12\"")
                == "known-failure.reason: absent; a known failure needs it")
        #expect(complaint("[known-failure]\nuntil = \"6\"").contains("is not a series of kernels"))
    }
}
