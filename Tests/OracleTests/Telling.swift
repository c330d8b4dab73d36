import DaxModel
import DaxOracle

extension History {
    /// The records that bear on some words, one a line in order of invocation, for a failing test.
    func told(_ words: Range<UInt64>) -> String {
        var lines: [(at: Timestamp, text: String)] = []
        func tell(_ interval: Interval, _ operation: Operation, _ text: String) {
            lines.append((interval.invoked, "\(interval.told) actor \(operation.actor) \(text)"))
        }
        for write in writes where write.words.overlaps(words) {
            tell(
                write.interval, write.operation,
                "wrote \(write.words) #\(write.sequence) \(write.certainty)"
                    + (write.torn ? " torn" : ""))
        }
        for zeroing in zeroings where zeroing.words.overlaps(words) {
            tell(
                zeroing.interval, zeroing.operation,
                "zeroed \(zeroing.words) \(zeroing.certainty)" + (zeroing.torn ? " torn" : ""))
        }
        for copy in copies where copy.words.overlaps(words) {
            tell(
                copy.interval, copy.operation,
                "copied \(copy.words) from \(copy.from) of \(copy.source) \(copy.certainty)")
        }
        for resize in resizes {
            tell(
                resize.interval, resize.operation,
                (resize.change.map { "resized by \($0)" }
                    ?? "\(resize.grows ? "extended" : "resized") to \(resize.size)")
                    + " \(resize.certainty)" + (resize.gradual ? " gradually" : ""))
        }
        for read in reads where read.words.overlaps(words) {
            let seen = read.words.clamped(to: words)
            let from = Int(read.values) + Int(seen.lowerBound - read.first)
            tell(
                read.interval, read.operation,
                "read \(seen): "
                    + values[from..<from + seen.count].map { String($0, radix: 16) }
                    .joined(separator: " ") + (read.torn ? " torn" : ""))
        }
        for seen in sizeObservations {
            tell(
                seen.interval, seen.operation,
                "saw size \(seen.atLeast)...\(seen.atMost) (\(seen.sort))")
        }
        let initial = words.clamped(to: 0..<UInt64(initialWords.count))
            .map { String(initialWords[Int($0)], radix: 16) }
        return
            (["size \(initialSize), words \(words): \(initial)"]
            + lines.sorted { $0.at < $1.at }.map(\.text)).joined(separator: "\n")
    }

    /// What a failing test shows of a history and the first of its violations.
    func told(with judgement: Judgement) -> String {
        guard let violation = judgement.violations.first else { return "no violation" }
        let word = violation.offset / 8
        return told(word..<word + 1) + "\n\(violation)"
    }
}

extension Interval {
    var told: String { "[\(invoked.ticks), \(returned.ticks)]" }
}
