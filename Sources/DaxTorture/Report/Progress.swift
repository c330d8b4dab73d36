internal import DaxText

/// How a run is going.
package struct Progress: Hashable, Sendable {
    /// Seconds until the actors stop.
    package var secondsLeft: Double
    package var operationsPerSecond: UInt64
    package var faultsPerSecond: UInt64
    /// So far.
    package var overlaps: UInt64
    /// So far.
    package var violations: UInt64
    /// How many signatures they have.
    package var distinct: Int
    /// Seconds until the first quiet point, before which overlaps and violations are not counted; nil
    /// when it is over.
    package var firstQuietPoint: Double?

    package init(
        secondsLeft: Double, operationsPerSecond: UInt64, faultsPerSecond: UInt64,
        overlaps: UInt64, violations: UInt64, distinct: Int = 0, firstQuietPoint: Double? = nil
    ) {
        self.secondsLeft = secondsLeft
        self.operationsPerSecond = operationsPerSecond
        self.faultsPerSecond = faultsPerSecond
        self.overlaps = overlaps
        (self.violations, self.distinct) = (violations, distinct)
        self.firstQuietPoint = firstQuietPoint
    }

    package var line: String {
        func whole(_ seconds: Double) -> UInt64 { UInt64(max(0, seconds).rounded(.up)) }
        let found =
            firstQuietPoint.map { "first quiet point in \(whole($0)) s" }
            ?? "\(overlaps.grouped) overlaps, \(Figures.count(violations, "violation"))"
            + (violations > 1 && distinct > 0 ? ", \(distinct) distinct" : "")
        return "\(clock(whole(secondsLeft))) left, \(operationsPerSecond.grouped) operations/s, "
            + "\(faultsPerSecond.grouped) faults/s, \(found)"
    }

    /// `0:07`, `12:34`, `26:00:00`.
    private func clock(_ seconds: UInt64) -> String {
        func two(_ value: UInt64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let (minutes, rest) = (seconds / 60, seconds % 60)
        if minutes < 60 { return "\(minutes):\(two(rest))" }
        return "\(minutes / 60):\(two(minutes % 60)):\(two(rest))"
    }
}

/// Shows a run's progress: one line that is written over on a terminal, and a plain line now and
/// then elsewhere, so that a log stays readable.
package struct ProgressPrinter {
    private let isTerminal: Bool
    private let width: Int
    private let interval: UInt64
    private let write: (String) -> Void
    private var last: UInt64?
    private var live = ""

    /// - Parameters:
    ///   - width: The terminal's, in columns; a live line is cut to it, since one that wraps
    ///     cannot be written over.
    ///   - interval: Nanoseconds between plain lines.
    ///   - write: Takes text for the terminal or log, at once.
    package init(
        isTerminal: Bool, width: Int = 80, interval: UInt64 = 5_000_000_000,
        write: @escaping (String) -> Void
    ) {
        self.isTerminal = isTerminal
        self.width = width
        self.interval = interval
        self.write = write
    }

    /// Shows `line` as the state of things at `now`, in nanoseconds of any clock that only grows. It
    /// comes from a guest, whose kernel may be broken: a terminal is not to obey it.
    package mutating func show(_ line: String, now: UInt64) {
        let line = Layout.printable(line)
        if isTerminal {
            live = String(line.prefix(width - 1))
            write("\r\(live)\u{1b}[K")
        } else if last.map({ now >= $0 && now - $0 >= interval }) ?? true {
            last = now
            write(line + "\n")
        }
    }

    /// Prints a line that stays.
    package func note(_ line: String) {
        let line = Layout.printable(line)
        write(live.isEmpty ? line + "\n" : "\r\u{1b}[K\(line)\n\(live)")
    }

    /// Clears the live line: what follows is written from the first column on.
    package mutating func finish() {
        if !live.isEmpty { write("\r\u{1b}[K") }
        live = ""
    }
}
