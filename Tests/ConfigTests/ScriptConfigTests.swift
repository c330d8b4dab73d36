import DaxConfig
import DaxText
import DaxTorture
import Testing

/// Steps of scripts in configs.
@Suite struct ScriptConfigTests {
    private let script = """
        format = 1
        [actor.show]
        role = "script"
        steps = [ # what it does
            "store f0 0 64", 'fsync f0',

            "load  f0 0   64", # and again
        ]
        pause = "1ms"
        """
    private let steps = ["store f0 0 64", "fsync f0", "load f0 0 64"]

    private func resolved(_ text: String, set: [String] = []) throws -> Config {
        var resolver = Resolver(schema: .daxtorture)
        try resolver.read(text, name: "t.toml")
        for assignment in set { try resolver.set(assignment) }
        return try resolver.resolved()
    }

    @Test func anArrayMayHaveLinesAndComments() throws {
        let config = try resolved(script)
        #expect(config.actors.count == 1 && config.actors[0].steps == steps)
        #expect(config.actors[0].pause == .milliseconds(1))
        // And reads back what resolved.toml has of it.
        #expect(try resolved(config.text(schema: .daxtorture)) == config)
    }

    @Test func theCommandLineTakesSteps() throws {
        let config = try resolved(
            "format = 1",
            set: ["actor.s.role=script", "actor.s.steps=store f0 0 64;fsync f0; load f0 0 64"])
        #expect(config.actors.first { $0.name == "s" }?.steps == steps)
    }

    @Test(arguments: [
        ("steps = []", "t.toml:4: actor.s.steps: a script has steps, and no other role has any"),
        ("count = 1", "t.toml:3: actor.s.role: a script has steps, and no other role has any"),
        ("steps = \"fsync f0\"", "t.toml:4: actor.s.steps: expected an array of strings such as"),
        ("steps = [\"fsync f0\" \"x\"]", "t.toml:4: actor.s.steps: a comma or ] follows a string"),
        ("steps = [1]", "t.toml:4: actor.s.steps: an array of anything but strings"),
        ("steps = [\n\"fsync f0\",", "t.toml:4: actor.s.steps: an array without its closing ]"),
        ("steps = [\n\n\"fsync f0]", "t.toml:6: actor.s.steps: a string without its closing quote"),
        ("steps = [\"a\"] b", "t.toml:4: nothing but a comment may follow a value"),
        (
            "steps = [\"fsync f9\"]",
            "t.toml:4: actor.s.steps: \"fsync f9\" names f9, and there are "
        ),
        ("steps = [\"sing f0\"]", "t.toml:4: actor.s.steps: \"sing\" is no step; steps are: store"),
        (
            "steps = [\"exchange f0 0 f0 4KiB 4KiB\"]",
            "t.toml:4: actor.s.steps: \"exchange f0 0 f0 4KiB 4KiB\" needs fs.exchange = true"
        ),
        ("steps = [\"a;b\"]", "t.toml:4: actor.s.steps: \"a;b\" holds a semicolon"),
    ])
    func whatIsWrongIsNamed(_ line: String, _ complaint: String) {
        #expect {
            try resolved("format = 1\n[actor.s]\nrole = \"script\"\n\(line)")
        } throws: { "\($0)".hasPrefix(complaint) }
    }

    @Test func noOtherRoleHasSteps() {
        #expect {
            try resolved("format = 1\n[actor.w]\nrole = \"writer\"\nsteps = [\"fsync f0\"]")
        } throws: { "\($0)".contains("no other role has any") }
    }
}
