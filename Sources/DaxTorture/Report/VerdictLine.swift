internal import DaxText

extension Report {
    /// The verdict in one sentence of at most ``verdictLength`` characters: the last line of a run on
    /// stdout. What does not fit is in the report.
    public var verdictLine: String {
        let sentence =
            switch verdict {
            case .clean:
                "clean: \(operations.values.reduce(0, &+).grouped) operations on \(place) in "
                    + "\(Figures.seconds(duration)), \(checks.words.grouped) words checked, "
                    + "no violation (seed \(seed))"
            case .violation: violationSentence
            case .untested:
                fitted(
                    "untested: ", vacuity.first ?? "no reason given",
                    " (\(more(vacuity.count - 1, "reason"))\(place), seed \(seed))")
            }
        return Layout.shortened(Layout.oneLine(sentence), to: Report.verdictLength - 1) + "."
    }

    /// What a line of a log, of a mail or of `git bisect` has room for.
    static let verdictLength = 200

    /// All three, of which the one in the middle is shortened where they are too long together.
    private func fitted(_ head: String, _ sentence: String, _ tail: String) -> String {
        let room = Report.verdictLength - 1 - head.count - tail.count
        return head + Layout.shortened(Layout.oneLine(sentence), to: max(room, 0)) + tail
    }

    private var place: String { isWithoutDAX ? "\(fs) without DAX" : fs }

    private var violationSentence: String {
        guard let first = violations.first else {
            return
                "violation: \(violationsTotal.grouped) found, none listed (\(place), seed \(seed))"
        }
        let rest = Int(clamping: violationsTotal) - 1
        let rule = RuleName.of(first.rule)
        return fitted(
            "violation: \(rule)\(first.place.map { ", \($0)" } ?? ""): ", first.sentence,
            " (\(more(rest, "violation"))\(place), seed \(seed))")
    }

    private func more(_ count: Int, _ noun: String) -> String {
        count <= 0
            ? "" : "and \(UInt64(count).grouped) more \(noun)\(count == 1 ? "" : "s"); "
    }
}

extension Violation {
    /// The story's first sentence, without its full stop.
    var sentence: String {
        let line = story.split(separator: "\n").first.map(String.init) ?? ""
        var sentence: Substring = line[...]
        var at = line.startIndex
        // A full stop ends the sentence where a blank follows; in a kernel release none does.
        while let stop = line[at...].firstIndex(of: ".") {
            let next = line.index(after: stop)
            if next == line.endIndex || line[next] == " " {
                sentence = line[..<stop]
                break
            }
            at = next
        }
        return sentence.isEmpty ? "expected \(expected), observed \(observed)" : String(sentence)
    }

    /// Where it was; nil where the rule is about no file.
    var place: String? {
        file.isEmpty ? nil : "\(file) at 0x\(String(offset, radix: 16))"
    }
}
