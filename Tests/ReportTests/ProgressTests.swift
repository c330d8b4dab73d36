import DaxReport
import Testing

private final class Screen {
    var text = ""
}

@Suite struct ProgressTests {
    private let progress = Progress(
        secondsLeft: 12.3, operationsPerSecond: 51_234, faultsPerSecond: 1234, overlaps: 99,
        violations: 0)

    @Test func fitsOneLine() {
        #expect(
            progress.line
                == "0:13 left, 51,234 operations/s, 1,234 faults/s, 99 overlaps, 0 violations")
        var long = progress
        long.secondsLeft = 93_784
        #expect(long.line.hasPrefix("26:03:04 left"))
        long.violations = 1
        #expect(long.line.hasSuffix(", 1 violation"))
        long.secondsLeft = -1
        #expect(long.line.hasPrefix("0:00 left"))
    }

    /// Nothing is counted before it, so that a 0 would say nothing.
    @Test func saysWhenTheFirstQuietPointComes() {
        var first = progress
        first.firstQuietPoint = 1.2
        #expect(
            first.line
                == "0:13 left, 51,234 operations/s, 1,234 faults/s, first quiet point in 2 s")
    }

    @Test func writesOverItselfOnATerminal() {
        let screen = Screen()
        var printer = ProgressPrinter(isTerminal: true, width: 10) { screen.text += $0 }
        printer.show("one", now: 0)
        printer.show("a line that is too long", now: 1)
        printer.note("kept")
        printer.finish()
        printer.finish()
        #expect(
            screen.text == "\rone\u{1b}[K\ra line th\u{1b}[K\r\u{1b}[Kkept\na line th\r\u{1b}[K")
    }

    @Test func whatAGuestSendsCommandsNoTerminal() {
        let screen = Screen()
        for isTerminal in [true, false] {
            var printer = ProgressPrinter(isTerminal: isTerminal) { screen.text += $0 }
            printer.show("a\u{1b}[2Jb\n", now: 0)
        }
        let noted = Screen()
        ProgressPrinter(isTerminal: false) { noted.text += $0 }.note("\u{1b}c")
        #expect(noted.text == "\\x1bc\n")
        #expect(screen.text == "\ra\\x1b[2Jb\\x0a\u{1b}[Ka\\x1b[2Jb\\x0a\n")
    }

    @Test func writesALineNowAndThenElsewhere() {
        let screen = Screen()
        var printer = ProgressPrinter(isTerminal: false, interval: 5) { screen.text += $0 }
        for now in 0...11 as ClosedRange<UInt64> { printer.show("at \(now)", now: now) }
        printer.note("kept")
        printer.finish()
        #expect(screen.text == "at 0\nat 5\nat 10\nkept\n")
    }
}
