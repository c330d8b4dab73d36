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

    @Test(arguments: [
        ("meet 1", "fsync f0", "\"meet 1\" meets nobody: no other script has that step"),
        ("fsync f0;after race 3", "fsync f0", "\"after race 3\": race has steps 1 to 1"),
        ("after race 0", "fsync f0", "\"after race 0\": race has steps 1 to 1"),
        ("after show 1", "fsync f0", "\"after show 1\" waits for itself"),
        ("after nobody 1", "fsync f0", "\"after nobody 1\" waits for a script that is not there"),
        ("at 2s", "fsync f0", "\"at 2s\" is beyond the end of an epoch (run.epoch)"),
        ("repeat 2;fsync f0", "fsync f0", "\"repeat 2\" has no steps before it to repeat"),
        ("fsync f0;repeat 2;repeat 2", "fsync f0", "\"repeat 2\" has no steps before it"),
        (
            "insert f0 0 4KiB", "fsync f0",
            "\"insert f0 0 4KiB\" could make f0 larger than 32MiB: truncate it before"
        ),
        (
            "truncate f0 8KiB;insert f0 0 4KiB;repeat 2;insert f0 0 4KiB", "fsync f0",
            "\"insert f0 0 4KiB\" could make f0 larger"
        ),
        (
            "truncate f0 8KiB;allocate f0 32764KiB 4KiB;insert f0 0 4KiB", "fsync f0",
            "\"insert f0 0 4KiB\" could make f0 larger"
        ),
        ("expect ok;fsync f0", "fsync f0", "\"expect ok\" has no call or access before it"),
        ("pause 1ms;expect ok", "fsync f0", "\"expect ok\" has no call or access before it"),
        ("private-pin 1ms;expect ok", "fsync f0", "\"expect ok\": private-pin is several calls"),
        ("fsync f0;expect zero", "fsync f0", "\"expect zero\": fsync reads nothing"),
        ("fsync f0;expect SIGBUS", "fsync f0", "\"expect SIGBUS\": fsync takes no signal"),
        ("pin f0 0 8 1ms;expect SIGBUS", "fsync f0", "\"expect SIGBUS\": pin takes no signal"),
        ("load f0 0 8;expect EIO", "fsync f0", "\"expect EIO\": load has no errno"),
        (
            "store f0 8 8;load f0 0 16;expect written", "fsync f0",
            "\"expect written\": the script itself does not store all of it before"
        ),
        (
            "meet 1;meet 2", "meet 2;meet 1",
            "scripts wait for each other for ever: race at \"meet 2\", show at \"meet 1\""
        ),
        ("meet 1;repeat 2;meet 2", "meet 1;meet 2", "scripts wait for each other for ever: "),
    ])
    func stepsThatDoNotGoTogetherAreNamed(_ show: String, _ race: String, _ complaint: String) {
        func steps(_ text: String) -> String {
            "role = \"script\"\nsteps = ["
                + text.split(separator: ";").map { "\"\($0)\"" }.joined(separator: ", ") + "]\n"
        }
        let text =
            "format = 1\n[run]\nepoch = \"2s\"\n[actor.show]\n\(steps(show))"
            + "[actor.race]\n\(steps(race))"
        #expect {
            try resolved(text)
        } throws: { error in
            let at = "\(error)".contains("for ever") ? "9: actor.race" : "6: actor.show"
            return "\(error)".hasPrefix("t.toml:\(at).steps: \(complaint)")
        }
    }

    /// Those of one table meet each other, too, and who meets in turns need not come to the end together.
    @Test func scriptsMayMeet() throws {
        let steps = "actor.s.steps=store f0 0 64;meet 3;repeat 2;load f0 0 64"
        #expect(throws: (any Error).self) {
            try resolved("format = 1", set: ["actor.s.role=script", steps])
        }
        for count in [2, 3] {
            _ = try resolved(
                "format = 1", set: ["actor.s.role=script", "actor.s.count=\(count)", steps])
        }
        _ = try resolved(
            "format = 1",
            set: [
                "actor.a.role=script", "actor.a.steps=meet 1; meet 2; meet 1",
                "actor.b.role=script",
                "actor.b.steps=meet 1", "actor.c.role=script", "actor.c.steps=meet 2; after a 3",
            ])
    }

    @Test func whatScriptsExpectIsRead() throws {
        let steps =
            "truncate f0 8KiB; insert f0 0 4KiB; pwrite f0 8 8; expect ok; store f0 0 8; "
            + "load f0 0 16; expect ok; expect written; "
            + "clone f0 0 f0 8 8; expect EINVAL; fault-load f0 0 8; expect SIGBUS; repeat 2"
        let config = try resolved(
            "format = 1", set: ["actor.s.role=script", "actor.s.steps=\(steps)"])
        #expect(try resolved(config.text(schema: .daxtorture)) == config)
    }

    @Test func noOtherRoleHasSteps() {
        #expect {
            try resolved("format = 1\n[actor.w]\nrole = \"writer\"\nsteps = [\"fsync f0\"]")
        } throws: { "\($0)".contains("no other role has any") }
    }
}
