import DaxConfig
import DaxText
import Testing

private let noTable = "the name of a table is missing; it is made of letters, digits, - and _"
private let noKey = "the name of a key is missing; it is made of letters, digits, - and _"
private let noValue = "a: a value is a string in quotes, a whole number, true or false"
private let noEscape =
    "a: an escape that TOML does not have; a backslash is \\\\, or stands in 'quotes'"

/// What is no TOML, or more of it than a config needs, is refused by its line.
@Suite struct GrammarTests {
    @Test(arguments: [
        // tables
        ("[", noTable), ("[!", noTable), ("[.run]", noTable), ("[run.]", noTable), ("[]", noTable),
        ("[run", "a table's header ends with ], as in [run] or [actor.NAME]"),
        ("[run] x", "nothing but a comment may follow a table's header"),
        ("[[actor]]", "an array of tables, which no config has; write [TABLE]"),
        ("[a.b.c.d.e.f.g.h.i]", "a table has at most 8 parts"),
        // keys
        ("duration", "expected KEY = VALUE or [TABLE]"),
        ("a b = 1", "expected KEY = VALUE or [TABLE]"),
        ("= 1", noKey), ("]", noKey), (". = 1", noKey),
        ("\"\"\"a\"\"\" = 1", "a string of several lines; each stands on one"),
        // values
        ("a =", noValue), ("a = 45s", noValue), ("a = 01", noValue), ("a = 1__0", noValue),
        ("a = +0x1", noValue), ("a = tru", noValue), ("a = --1", noValue), ("a = 0x", noValue),
        ("a = 1 2", "nothing but a comment may follow a value"),
        ("a = \"b\" c", "nothing but a comment may follow a value"),
        ("a = \"b", "a: a string without its closing quote"),
        ("a = 'b", "a: a string without its closing quote"),
        ("a = \"\"\"b", "a: a string of several lines; each stands on one"),
        ("a = \"\\q\"", noEscape), ("a = \"\\ud800\"", noEscape), ("a = \"\\u-001\"", noEscape),
        ("a = {}", "a: an inline table; write a [TABLE] and its keys below"),
        (
            "a = 9223372036854775808",
            "a: a number beyond 64 bits; a seed as large as that is a string, \"0x7\""
        ),
        // control characters
        ("a = \"\u{0}\"", "control character U+0000"),
        ("\u{0}[nonsense", "control character U+0000"),
        ("# \u{1b}[2J", "control character U+001B"),
        ("[run]\rduration", "control character U+000D"),
        ("[run]\r", "control character U+000D"),
    ])
    func refuses(_ line: String, _ message: String) {
        #expect(complaint(line) == "t.toml:2: \(message)")
    }

    /// TOML lets nothing be made twice.
    @Test(arguments: [
        ("[run]\n[fs]\n[run]", "t.toml:4: run: stands on line 2 already"),
        (
            "[run]\nepoch = \"1s\"\nepoch = \"1s\"",
            "t.toml:4: run.epoch: stands on line 3 already"
        ),
        ("run.epoch = \"1s\"\n[run]", "t.toml:3: run: stands on line 2 already"),
        (
            "[actor.w]\nrole = \"writer\"\n[actor]\nw.count = 2",
            "t.toml:5: actor.w: stands on line 2 already"
        ),
        ("run = 1\n[run]", "t.toml:3: run: stands on line 2 already"),
        ("run = 1\nrun.epoch = 1", "t.toml:3: run: stands on line 2 already"),
        ("a.\"b c\" = 1\na.\"b c\" = 2", "t.toml:3: a.\"b c\": stands on line 2 already"),
    ])
    func refusesWhatStandsThereAlready(_ text: String, _ line: String) {
        #expect(complaint(text) == line)
    }

    @Test(arguments: [
        "[actor.w]\nrole = \"writer\"\n[actor]\n", "run.epoch = '1s' # \"\nrun.duration = \"2s\"",
        "\"run\" . 'epoch' = \"1\\u0073\"\r\n\r\n", "\t[ \"run\" ]\t# [\n\tseed = 0xff_ff",
        "fs.reflink = false\n[run]\nseed = -0\n[vm]\ncpus = +4", "",
    ])
    func accepts(_ text: String) { #expect(complaint(text) == "nothing wrong") }

    @Test func aByteOrderMarkIsNoText() throws {
        var resolver = Resolver()
        try resolver.read([0xef, 0xbb, 0xbf] + Array("format = 1".utf8), name: "t.toml")
    }

    @Test func wantsUTF8() {
        var resolver = Resolver()
        #expect {
            try resolver.read(Array("format = 1\n# ".utf8) + [0xff], name: "t.toml")
        } throws: {
            "\($0)" == "t.toml:2: not UTF-8"
        }
    }

    /// A path that the kernel cuts off at a NUL is another path.
    @Test(arguments: ["\u{0}", "\n", "\u{7f}", "\u{85}"] as [Unicode.Scalar])
    func noPathHasControlCharacters(_ control: Unicode.Scalar) {
        let digits = String(control.value, radix: 16, uppercase: true)
        let code = String(repeating: "0", count: 4 - digits.count) + digits
        let escape = control == "\n" ? "\\n" : "\\u" + code.lowercased()
        let message = "\"/x\(escape)/y\" holds U+\(code); no path here has control characters"
        #expect(
            complaint("[fs]\nmount = \"/x\\u\(code)/y\"") == "t.toml:3: fs.mount: \(message)")
        #expect(complaint("", set: ["fs.mount=/x\(control)/y"]) == "--set: fs.mount: \(message)")
        var resolver = Resolver()
        #expect {
            try resolver.set(flag: "--mount", "fs.mount", "/x\(control)/y")
        } throws: {
            "\($0)" == "--mount: \(message)"
        }
    }

    /// Each of these took minutes, or the process.
    @Test func boundsWhatItReads() {
        let dotted = String(repeating: "a.", count: 20_000) + "a = 1"
        #expect(complaint(dotted) == "t.toml:2: a key has at most 8 parts")
        let long = String(repeating: "a", count: 500_000)
        #expect(complaint("\(long) = 1") == "t.toml:2: a key's name has at most 128 bytes")
        #expect(complaint("[run]\nduration = \"\(long)\"").utf8.count < 300)
        let actors = (0..<20_000).map { "[actor.a\($0)]\nrole = \"writer\"\n" }.joined()
        #expect(
            complaint(actors)
                == "t.toml:510: actor.a254: a config has at most 254 tables of actors")
        #expect(
            complaint(String(repeating: "\n", count: 1 << 20))
                == "t.toml: a config has at most 1MiB")
        let nested = "a = " + String(repeating: "[", count: 100_000)
        #expect(
            complaint(nested) == "t.toml:2: a: an array of anything but strings, which no key takes"
        )
    }
}
