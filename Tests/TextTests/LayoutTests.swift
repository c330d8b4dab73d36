import DaxText
import Testing

@Suite struct FiguresTests {
    @Test(
        arguments: [
            (0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567"),
            (.max, "18,446,744,073,709,551,615"),
        ] as [(UInt64, String)])
    func groups(_ value: UInt64, _ text: String) { #expect(value.grouped == text) }

    @Test(
        arguments: [
            (0, "0 ns"), (999, "999 ns"), (1000, "1.00 us"), (1009, "1.00 us"), (1234, "1.23 us"),
            (12_345, "12.3 us"), (123_456, "123 us"), (999_999, "999 us"), (1_000_000, "1.00 ms"),
            (60_050_000_000, "60.0 s"), (.max, "18446744073 s"),
        ] as [(UInt64, String)])
    func abbreviatesTimes(_ nanoseconds: UInt64, _ text: String) {
        #expect(Figures.time(nanoseconds) == text)
    }

    @Test func countsInSingularAndPlural() {
        #expect(
            [0, 1, 2, 1000].map { Figures.count($0, "alarm") }
                == ["0 alarms", "1 alarm", "2 alarms", "1,000 alarms"])
    }

    @Test func roundsSeconds() {
        #expect(Figures.seconds(0) == "0.0 s")
        #expect(Figures.seconds(19.96) == "20.0 s")
    }
}

@Suite struct LayoutTests {
    @Test func alignsColumns() {
        #expect(
            Layout.table(
                ["name", "n", "what"], [["a", "1000", "x"], ["longer", "2", ""]], left: [0, 2])
                    == """
                      name        n   what
                      a        1000   x
                      longer      2

                    """)
        #expect(Layout.table(["name"], []) == "")
    }

    @Test func wrapsWords() {
        #expect(
            Layout.wrapped("one two  three\nincomprehensible", first: "- ", rest: "  ", width: 9)
                == """
                - one two
                  three
                  incomprehensible

                """)
        #expect(Layout.wrapped("", first: "  x  ", rest: "") == "  x\n")
    }

    @Test func makesOneLine() {
        #expect(Layout.oneLine(" a\r\n\tb  c ") == "a b c")
        #expect(Layout.oneLine("a\u{1b}b") == "a\\x1bb")
    }

    @Test func showsWhatATerminalWouldObey() {
        #expect(Layout.printable("a\n\u{0}\u{ad}é 한") == "a\\x0a\\x00\\xadé 한")
        #expect(Layout.printable("a\n\tb\u{2028}", keepingLines: true) == "a\n\tb\\u{2028}")
    }

    @Test func shortensAtAWord() {
        #expect(Layout.shortened("one two three", to: 13) == "one two three")
        #expect(Layout.shortened("one two three", to: 12) == "one two...")
        #expect(Layout.shortened("one two three", to: 10) == "one two...")
        #expect(Layout.shortened("one two three", to: 9) == "one...")
        #expect(Layout.shortened("incomprehensible", to: 9) == "incomp...")
        #expect(Layout.shortened("one", to: 2).count <= 3)
    }
}
