package import DaxModel
package import DaxOracle
import DaxText

/// Tells a violation: one sentence first, then what happened around it, in order of time.
package struct Story {
    package let violation: Violation
    private let actors: [ActorNumber: String]
    private let logs: [ActorLog]
    private let begin: UInt64
    private let ticksPerSecond: Double

    /// The story of `violation`, which calls actors by their names, with times counted from the instant
    /// `begin`, in ticks. The logs of the epoch tell which calls failed, and how.
    package init(
        of violation: Violation, actors: [ActorNumber: String], logs: [ActorLog] = [],
        begin: UInt64, ticksPerSecond: Double
    ) {
        self.violation = violation
        self.actors = actors
        self.logs = logs
        self.begin = begin
        self.ticksPerSecond = ticksPerSecond
    }

    /// The sentence, and a line for each operation around it. Lines end with a newline but for
    /// the last; those of the evidence begin with a star.
    package var text: String {
        var lines = [sentence + "."]
        guard let surroundings = violation.surroundings else { return lines[0] }
        let what =
            violation.isAboutSize
            ? "The file's size" : "The word at offset \(hex(violation.offset))"
        let initial =
            violation.isAboutSize
            ? "\(hex(surroundings.initial)) bytes" : value(surroundings.initial, isGenuine: true)
        lines.append("\(what), \(initial) when the epoch began:")
        if surroundings.omitted > 0 { lines.append("(\(surroundings.omitted) more before)") }
        let evidence = Set(violation.operations)
        for event in surroundings.events {
            lines.append((evidence.contains(event.operation.id) ? "* " : "  ") + line(event))
        }
        return lines.joined(separator: "\n")
    }

    /// A line for each operation that proves the violation, in order of invocation.
    package var operations: [String] {
        let evidence = Set(violation.operations)
        return (violation.surroundings?.events ?? [])
            .filter { evidence.contains($0.operation.id) }.map(line)
    }

    // MARK: - Both sides

    /// What a legal history would have shown: "SIGBUS", "0", "0x06..: write 2's stamp 239".
    package var expected: String {
        switch violation.expected {
        case .values([]): "a value that was written there"
        case .values(let values):
            values.prefix(3).map { value($0, isGenuine: true) }.joined(separator: " or ")
                + (values.count > 3 ? " or \(values.count - 3) others" : "")
        case .sigbus: "SIGBUS"
        case .noSigbus: "no SIGBUS"
        case .size(let bounds): size(bounds)
        }
    }

    /// What was seen instead.
    package var observed: String {
        switch violation.observed {
        case .value(let seen): value(seen, isGenuine: violation.rule != .provenance)
        case .sigbus: "SIGBUS"
        case .noSigbus: "no SIGBUS"
        case .size(let bounds): size(bounds)
        }
    }

    // MARK: - Lines

    private func line(_ event: Surroundings.Event) -> String {
        let interval = event.interval
        var text = "[\(microseconds(interval.invoked)), \(microseconds(interval.returned))] us "
        text += whose(event.operation)
        if let words = event.words { text += " " + range(words) }
        if let call = FailedCall(event.operation, in: logs) { text += call.told(event.words) }
        return text + ": " + event.details.map(told).joined(separator: ", ")
    }

    private func range(_ words: Range<UInt64>) -> String {
        words.upperBound == .max
            ? "from \(hex(8 * words.lowerBound)) on"
            : "at \(hex(8 * words.lowerBound)), \(8 * words.count) bytes"
    }

    private func told(_ detail: Surroundings.Detail) -> String {
        switch detail {
        case .wrote(let stamp, let certainty):
            "\(perhaps(certainty))wrote \(value(stamp, isGenuine: true))"
        case .zeroed(let certainty): "\(perhaps(certainty))zeroed it"
        case .copied(let file, let offset, let certainty):
            "\(perhaps(certainty))copied offset \(hex(offset)) of file \(file) there"
        case .shifted(let change, let certainty):
            "\(perhaps(certainty))made the file \(hex(change.magnitude)) bytes "
                + (change < 0 ? "shorter" : "longer")
        case .resized(let size, _, let least?, let certainty):
            "\(perhaps(certainty))made the file \(hex(least)) to \(hex(size)) bytes long"
        case .resized(let size, let grows, nil, let certainty):
            "\(perhaps(certainty))made the file \(grows ? "at least " : "")\(hex(size)) bytes long"
        case .found(let seen, let isGenuine): "found \(value(seen, isGenuine: isGenuine))"
        case .sawSize(let bounds): "saw \(size(bounds))"
        case .beside: "was on the same page"
        case .touched(.succeeded): "no SIGBUS"
        case .touched(.sigbus): "SIGBUS"
        case .touched(.poisoned): "SIGBUS, the page is poisoned"
        case .touched(.noSpace): "SIGBUS, the filesystem may have been full"
        case .touched(.elsewhere): "a signal that no page fault gives"
        }
    }

    private func perhaps(_ certainty: Certainty) -> String {
        certainty == .definite ? "" : "perhaps "
    }

    private func microseconds(_ instant: Timestamp) -> String {
        let isBefore = instant.ticks < begin
        let time = nanoseconds(isBefore ? begin - instant.ticks : instant.ticks - begin)
        let fraction = String(time % 1000)
        let zeros = String(repeating: "0", count: 3 - fraction.count)
        return "\(isBefore ? "-" : "")\(time / 1000).\(zeros)\(fraction)"
    }

    // MARK: - Words

    private func nanoseconds(_ ticks: UInt64) -> UInt64 {
        UInt64((Double(ticks) / ticksPerSecond * 1e9).rounded())
    }

    /// How long after the end of `a` an interval began: "1.25 ms after".
    func after(_ a: Interval, _ b: Interval) -> String {
        Figures.time(nanoseconds(b.invoked.ticks - min(a.returned.ticks, b.invoked.ticks)))
            + " after"
    }

    func actor(_ actor: ActorNumber) -> String { actors[actor] ?? "actor \(actor)" }

    /// "truncate 1's truncate".
    func whose(_ operation: Operation) -> String {
        "\(actor(operation.actor))'s \(operation.told)"
    }

    /// A stamp by its writer and number; in full in a report's two sides.
    func value(_ raw: UInt64, isGenuine: Bool) -> String {
        guard raw != 0 else { return "0" }
        return isGenuine ? "\(DaxModel.hex(raw)): \(stamp(raw))" : DaxModel.hex(raw)
    }

    /// "write 2's stamp 239".
    func stamp(_ raw: UInt64) -> String {
        let stamp = Stamp(rawValue: raw)
        return "\(actor(stamp.actor))'s stamp \(stamp.sequence)"
    }

    func size(_ bounds: ClosedRange<UInt64>) -> String {
        let (least, most) = (bounds.lowerBound, bounds.upperBound)
        if least == most { return "\(hex(least)) bytes" }
        if most == .max { return "at least \(hex(least)) bytes" }
        if least == 0 { return "at most \(hex(most)) bytes" }
        return "\(hex(least)) to \(hex(most)) bytes"
    }

    func hex(_ number: UInt64) -> String {
        number == 0 ? "0" : "0x" + String(number, radix: 16)
    }
}
