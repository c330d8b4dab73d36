import DaxConfig
import DaxMutants
import DaxTorture
import Testing

/// What a misspelt name was meant to be.
@Suite struct NearestTests {
    @Test(arguments: [
        ("fs.type=ext4", "unknown filesystem \"ext4\"; the nearest is ext4-dax; known: "),
        ("fs.type=xfs", "unknown filesystem \"xfs\"; the nearest is xfs-dax; known: "),
        ("fs.type=btrfs", "unknown filesystem \"btrfs\"; known: "),
        (
            "vm.mutant=ext4-stale-punhc",
            "unknown mutant \"ext4-stale-punhc\"; the nearest is ext4-stale-punch; "
        ),
        ("actor.write.role=wirter", "unknown role \"wirter\"; the nearest is writer; known: "),
        ("vm.acel=kvm", "unknown key; the nearest known key is vm.accel"),
    ])
    func isHintedAt(_ assignment: String, _ message: String) {
        var resolver = Resolver(schema: .daxtorture)
        let key = assignment.prefix { $0 != "=" }
        #expect {
            try resolver.set(assignment)
        } throws: {
            "\($0)".hasPrefix("--set: \(key): \(message)")
        }
    }

    @Test func completesSettings() {
        let schema = ConfigSchema.daxtorture
        #expect(schema.completions(of: "run.e") == ["run.epoch="])
        #expect(schema.completions(of: "actor.punch.c") == ["actor.punch.count="])
        #expect(schema.completions(of: "actor.more.role=w") == ["actor.more.role=writer"])
        #expect(schema.completions(of: "").contains("fs.type="))
    }
}
