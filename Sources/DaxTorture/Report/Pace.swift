internal import DaxText

/// How many operations a run did, and in what time.
package struct Pace: Hashable, Sendable {
    package var operations: UInt64
    /// From the first epoch's start to the last quiet point's end, quiet points included.
    package var nanoseconds: UInt64

    package init(operations: UInt64, nanoseconds: UInt64) {
        self.operations = operations
        self.nanoseconds = nanoseconds
    }

    /// Operations per second; 0 for no time at all.
    package var perSecond: Double {
        nanoseconds == 0 ? 0 : Double(operations) * 1e9 / Double(nanoseconds)
    }
}

/// The paces of one torture that was run with its checks and without, by turns.
package struct PaceComparison: Hashable, Sendable {
    package var checked: [Pace] = []
    package var unchecked: [Pace] = []
    /// A line on each run, in their order.
    package private(set) var lines: [String] = []

    package init() {}

    /// Adds the next run.
    package mutating func add(_ pace: Pace, isChecked: Bool) {
        if isChecked { checked.append(pace) } else { unchecked.append(pace) }
        lines.append(
            "\(isChecked ? "with" : "without") checks: \(pace.operations.grouped) operations in "
                + "\(Figures.seconds(Double(pace.nanoseconds) / 1e9)), "
                + "\(UInt64(pace.perSecond.rounded()).grouped) operations/s")
    }

    /// The median of operations per second with checks, divided by that without; nil where one of
    /// them is absent or 0.
    package var ratio: Double? {
        guard let with = PaceComparison.median(checked), with > 0,
            let without = PaceComparison.median(unchecked), without > 0
        else { return nil }
        return with / without
    }

    /// Both medians and their ratio in a line; nil where there is no ratio.
    package var conclusion: String? {
        guard let ratio, let with = PaceComparison.median(checked),
            let without = PaceComparison.median(unchecked)
        else { return nil }
        let hundredths = UInt64((ratio * 100).rounded())
        return "medians: \(UInt64(with.rounded()).grouped) operations/s with checks, "
            + "\(UInt64(without.rounded()).grouped) without; ratio "
            + "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    }

    private static func median(_ paces: [Pace]) -> Double? {
        let sorted = paces.map(\.perSecond).sorted()
        if sorted.isEmpty { return nil }
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }
}
