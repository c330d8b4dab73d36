internal import DaxText

extension Report {
    /// The verdict in one sentence: the last line of a run on stdout.
    public var verdictLine: String {
        let sentence =
            switch verdict {
            case .clean:
                "clean: \(operations.values.reduce(0, &+).grouped) operations on \(place) in "
                    + "\(Figures.seconds(duration)), \(checks.words.grouped) words checked, "
                    + "no violation\(weakness) (seed \(seed))"
            case .violation: violationSentence
            case .untested:
                "untested: \(vacuity.first ?? "no reason given") "
                    + "(\(more(vacuity.count - 1, "reason"))\(place), seed \(seed))"
            }
        return Layout.oneLine(sentence) + "."
    }

    /// What a clean verdict is worth where it is worth little.
    private var weakness: String {
        let count = power[.zeroForStamp]
        guard power.isWeak else { return "" }
        return ", but of \(count.tried.grouped) stamps that were made zero to try it only "
            + "\(count.refused.grouped) would have been seen"
    }

    private var place: String { isWithoutDAX ? "\(fs) without DAX" : fs }

    private var violationSentence: String {
        guard let first = violations.first else {
            return
                "violation: \(violationsTotal.grouped) found, none listed (\(place), seed \(seed))"
        }
        let rest = Int(clamping: violationsTotal) - 1
        return "violation: \(first.rule)\(first.place.map { ", \($0)" } ?? ""): \(first.sentence) "
            + "(\(more(rest, "violation"))\(place), seed \(seed))"
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
