import DaxModel
import DaxText
import Testing

@Suite struct JSONTests {
    @Test func writesOneStableForm() {
        let value = JSON.object([
            .init("b", .array([.number(1), .string("x"), .null])), .init("a", .object([])),
            .init("list", .array([.object([.init("k", .bool(true))])])), .init("none", .array([])),
        ])
        #expect(
            value.text == """
                {
                  "b": [1, "x", null],
                  "a": {},
                  "list": [
                    {
                      "k": true
                    }
                  ],
                  "none": []
                }

                """)
    }

    @Test func keepsIntegersExact() throws {
        for text in ["18446744073709551615", "-9223372036854775808", "9007199254740993", "0"] {
            #expect(try JSON(text).text == text + "\n")
        }
        #expect(try JSON("18446744073709551615") == .number(.max))
        #expect(throws: JSONError.self) { try JSON("18446744073709551616") }
        #expect(throws: JSONError.self) { try JSON("-9223372036854775809") }
    }

    @Test(arguments: [
        (0.1, "0.1"), (20.0, "20.0"), (1e-5, "1e-05"), (1e22, "1e+22"), (-0.0, "-0.0"),
        (Double.leastNonzeroMagnitude, "5e-324"), (1.0 / 3, "0.3333333333333333"),
    ])
    func writesDoublesShortest(_ value: Double, _ text: String) throws {
        #expect(JSON.double(value).text == text + "\n")
        #expect(try JSON(text) == .double(value))
    }

    @Test func escapesWhatHasToBe() throws {
        let string = "\"\\/\u{8}\u{c}\n\r\t\u{0}\u{1f}\u{7f}\u{2028}é🙂"
        let text = JSON.string(string).text
        #expect(text == "\"\\\"\\\\/\\u0008\\u000c\\n\\r\\t\\u0000\\u001f\\u007f\\u2028é🙂\"\n")
        #expect(try JSON(text) == .string(string))
        // What is not seen, or turns the direction of writing, on both sides of U+FFFF.
        let unseen = "\u{9b}\u{ad}\u{202e}\u{e0001}"
        #expect(JSON.string(unseen).text == "\"\\u009b\\u00ad\\u202e\\udb40\\udc01\"\n")
        #expect(try JSON(JSON.string(unseen).text) == .string(unseen))
        #expect(try JSON(#""\ud83d\ude42\u00e9\/\b\f""#) == .string("🙂é/\u{8}\u{c}"))
    }

    @Test func survivesTheRoundTrip() throws {
        var random = Random(seed: 3)
        for _ in 0..<500 {
            let value = randomValue(&random, depth: 0)
            let text = value.text
            let back = try JSON(text)
            #expect(back == value)
            #expect(back.text == text)
        }
    }

    @Test(arguments: [
        ("", "line 1, column 1: the text ends where a value should be"),
        ("[1,]", "line 1, column 4: no value begins like this"),
        ("[1 2]", "line 1, column 4: expected , or ]"),
        ("{\"a\":1,}", "line 1, column 8: expected a name in quotes"),
        ("{\"a\" 1}", "line 1, column 6: expected :"),
        ("{\"a\":1 \"b\":2}", "line 1, column 8: expected , or }"),
        ("{\n  \"a\": 1,\n  \"a\": 2\n}", "line 3, column 6: the name \"a\" twice"),
        ("{a: 1}", "line 1, column 2: expected a name in quotes"),
        ("nul", "line 1, column 1: no value begins like this"),
        ("NaN", "line 1, column 1: no value begins like this"),
        ("+1", "line 1, column 1: no value begins like this"),
        (".5", "line 1, column 1: no value begins like this"),
        ("01", "line 1, column 2: a number with a leading zero"),
        ("1.", "line 1, column 3: expected a digit"),
        ("1e", "line 1, column 3: expected a digit"),
        ("-", "line 1, column 2: expected a digit"),
        ("1e999", "line 1, column 6: a number beyond a double"),
        ("1 2", "line 1, column 3: text after the value"),
        ("truefalse", "line 1, column 5: text after the value"),
        ("\"a", "line 1, column 3: the text ends within a string"),
        ("\"\\", "line 1, column 3: the text ends within a string"),
        ("\"a\nb\"", "line 1, column 3: a control character in a string"),
        ("\"\\x\"", "line 1, column 3: an escape that JSON does not have"),
        ("\"\\u12g4\"", "line 1, column 6: expected four hexadecimal digits"),
        ("\"\\ud800\"", "line 1, column 8: half a surrogate pair"),
        ("\"\\ud800\\u0041\"", "line 1, column 14: half a surrogate pair"),
        ("\"\\udc00\"", "line 1, column 8: half a surrogate pair"),
        ("'a'", "line 1, column 1: no value begins like this"),
        ("[1] // no", "line 1, column 5: text after the value"),
        ("\u{feff}1", "line 1, column 1: no value begins like this"),
    ])
    func refuses(_ text: String, _ message: String) {
        #expect { try JSON(text) } throws: { "\($0)" == message }
    }

    @Test func refusesWhatIsNotUTF8() {
        #expect(throws: JSONError.self) { try JSON([0x22, 0xff, 0x22]) }
        #expect(throws: JSONError.self) { try JSON([0x22, 0xed, 0xa0, 0x80, 0x22]) }
    }

    @Test func refusesBottomlessNesting() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try JSON(nested(JSON.deepest))
        #expect(throws: JSONError.self) { try JSON(nested(JSON.deepest + 1)) }
        #expect(throws: JSONError.self) { try JSON(String(repeating: "[", count: 1_000_000)) }
    }

    /// Every text cut short, or with one byte changed, is read or refused, and never traps.
    @Test func survivesDamage() throws {
        let text = Array(try JSON(#"{"a": [1, -2.5e3, "x\u00e9\n"], "b": {"c": null}}"#).text.utf8)
        for length in 0..<text.count - 1 {
            #expect(throws: JSONError.self) { try JSON(text[..<length]) }
        }
        var random = Random(seed: 4)
        for _ in 0..<3000 {
            var damaged = text
            damaged[random.below(damaged.count)] = UInt8(truncatingIfNeeded: random.next())
            if let value = try? JSON(damaged) { #expect(try JSON(value.text) == value) }
        }
    }
}

private func randomValue(_ random: inout Random, depth: Int) -> JSON {
    switch random.below((depth < 4 ? 7 : 5) as Int) {
    case 0: return .null
    case 1: return .bool(random.chance(1, in: 2))
    case 2:
        return random.chance(1, in: 2)
            ? .number(random.next()) : .integer(Int128(Int64(bitPattern: random.next())))
    case 3:
        let value = Double(bitPattern: random.next())
        return .double(value.isFinite ? value : 0.5)
    case 4: return .string(randomString(&random))
    case 5:
        return .array(
            (0..<random.below(4 as Int)).map { _ in randomValue(&random, depth: depth + 1) })
    default:
        return .object(
            (0..<random.below(4 as Int)).map {
                .init(randomString(&random) + "\($0)", randomValue(&random, depth: depth + 1))
            })
    }
}

private func randomString(_ random: inout Random) -> String {
    var scalars = String.UnicodeScalarView()
    for _ in 0..<random.below(8 as Int) {
        if let scalar = Unicode.Scalar(UInt32(random.below(0x11_0000) >> random.below(21))) {
            scalars.append(scalar)
        }
    }
    return String(scalars)
}
