internal import DaxModel

extension Teller {
    private struct Line {
        var interval: Interval
        var operation: Operation
        var text: String
        var isEvidence: Bool
    }

    /// How many lines are told besides those of the evidence.
    private static let limit = 24

    /// The history of the word, or of the size, around the violation.
    func around() -> [String] {
        var all =
            switch violation.observed {
            case .value: ofWord()
            case .sigbus, .noSigbus, .size: ofSize()
            }
        // What the record of the word does not show: a culprit that wrote elsewhere, the observer.
        for one in violation.evidence
        where !all.contains(where: { $0.operation == one.operation && $0.interval == one.interval })
        {
            let text = one.value.map { "\(one.role) of \(tell($0))" } ?? "\(one.role)"
            all.append(
                Line(
                    interval: one.interval, operation: one.operation, text: text,
                    isEvidence: true))
        }
        all.sort { $0.interval.invoked < $1.interval.invoked }
        let kept = nearest(all)
        let gap = all.count - kept.count
        let header = gap > 0 ? ["(\(gap) operations further away are left out)"] : []
        return header + kept.map(tell)
    }

    /// The evidence, and of the rest what is nearest to the violation.
    private func nearest(_ lines: [Line]) -> [Line] {
        let rest = lines.indices.filter { !lines[$0].isEvidence }
            .sorted { distance(lines[$0].interval) < distance(lines[$1].interval) }
        let kept = Set(rest.prefix(Teller.limit))
        return lines.indices.filter { lines[$0].isEvidence || kept.contains($0) }
            .map { lines[$0] }
    }

    private func distance(_ interval: Interval) -> UInt64 {
        let middle = violation.interval
        if interval.precedes(middle) { return middle.invoked.ticks - interval.returned.ticks }
        if middle.precedes(interval) { return interval.invoked.ticks - middle.returned.ticks }
        return 0
    }

    private func tell(_ line: Line) -> String {
        let from = names.nanoseconds(line.interval.invoked)
        let to = names.nanoseconds(line.interval.returned)
        return "\(line.isEvidence ? "*" : " ") [\(from), \(to)] ns  "
            + "\(names.deed(line.operation)) (#\(line.operation.index)): \(line.text)"
    }

    private func line(_ interval: Interval, _ operation: Operation, _ text: String) -> Line {
        Line(
            interval: interval, operation: operation, text: text,
            isEvidence: violation.evidence.contains {
                $0.operation == operation && $0.interval == interval
            })
    }

    private func ofWord() -> [Line] {
        var lines: [Line] = []
        for write in history.writes where write.words.contains(word) {
            let stamp = key.stamp(
                actor: write.operation.actor, sequence: write.sequence, file: history.file,
                word: word)
            let sure = write.certainty == .definite ? "wrote" : "may have written"
            lines.append(
                line(write.interval, write.operation, "\(sure) \(tell(stamp.rawValue))"))
        }
        for zeroing in history.zeroings where zeroing.words.contains(word) {
            let sure = zeroing.certainty == .definite ? "zeroed it" : "may have zeroed it"
            lines.append(line(zeroing.interval, zeroing.operation, sure))
        }
        for read in history.reads where read.words.contains(word) {
            let value = history.values[Int(read.values) + Int(word - read.first)]
            lines.append(line(read.interval, read.operation, "read \(tell(value))"))
        }
        return lines
    }

    private func ofSize() -> [Line] {
        history.resizes.map { resize in
            let sure = resize.certainty == .definite ? "" : "perhaps "
            let verb = resize.grows ? "extended to" : "resized to"
            return line(
                resize.interval, resize.operation, "\(sure)\(verb) \(resize.size) bytes")
        }
    }
}
