internal import DaxModel
internal import DaxText

extension Report {
    /// The verdict in one sentence of at most ``verdictLength`` characters: the last line of a run on
    /// stdout. What does not fit is in the report.
    package var verdictLine: String {
        let sentence =
            switch verdict {
            case .clean: cleanSentence
            case .violation: violationSentence
            case .untested:
                fitted(
                    "untested: ", vacuity.first ?? "no reason given", more: vacuity.count - 1,
                    more(vacuity.count - 1, "reason"), of: untestedPlace)
            }
        return Layout.shortened(Layout.oneLine(sentence), to: Report.verdictLength - 1) + "."
    }

    /// What a line of a log, of a mail or of `git bisect` has room for.
    static let verdictLength = 200

    /// The head, the sentence, and behind them that there are `count` more, in the words of `more`, and of
    /// what run. Where that is too long, the number stands alone; where it still is, the sentence is
    /// shortened.
    private func fitted(
        _ head: String, _ sentence: String, more count: Int, _ more: String, of place: String
    ) -> String {
        let sentence = Layout.oneLine(sentence)
        func tail(_ more: String) -> String { " (\(more)\(place), \(seeds))" }
        let whole = head + sentence + tail(more)
        if whole.count < Report.verdictLength { return whole }
        let end = tail(count > 0 ? "+\(UInt64(count).grouped); " : "")
        let room = Report.verdictLength - 1 - head.count - end.count
        return head + Layout.shortened(sentence, to: max(room, 0)) + end
    }

    /// The sentence of a clean verdict. Where it is too long, how many words were checked is left
    /// to the report.
    private var cleanSentence: String {
        let begin =
            "clean\(knownSentence): \(operations.values.reduce(0, &+).grouped) operations on \(place) in "
            + Figures.seconds(duration)
        let end =
            ", no \(knownTotal > 0 ? "other " : "")violation\(weakness)\(interruptionSentence.map { ", \($0)" } ?? "") (\(seeds))"
        let whole = begin + ", \(checks.words.grouped) words checked" + end
        return whole.count < Report.verdictLength ? whole : begin + end
    }

    /// " but for 3 known violations"; empty where nothing known was seen.
    private var knownSentence: String {
        knownTotal > 0 ? " but for \(Figures.count(knownTotal, "known violation"))" : ""
    }

    /// What a clean verdict is worth where it is worth little.
    private var weakness: String {
        let count = power[.zeroForStamp]
        guard power.isWeak else { return "" }
        return
            ", but it would have seen only \(count.refused.grouped) of \(count.tried.grouped) lost "
            + "stores that were put in to try it"
    }

    /// The seed, and that of the interleaving where it is another.
    private var seeds: String {
        guard let other = machine?.seed, other != seed else { return "seed \(seed)" }
        return "seed \(seed), vm.seed \(other)"
    }

    private var place: String { isWithoutDAX ? "\(fs) without DAX" : fs }

    /// Where the run was, and that it was cut short, if it was.
    private var cutPlace: String {
        interruptionSentence.map { "\(place), \($0)" } ?? place
    }

    /// Where the run was, and that it was cut short, unless the first reason has said so.
    private var untestedPlace: String {
        vacuity.first?.hasPrefix("interrupted") == true ? place : cutPlace
    }

    private var violationSentence: String {
        guard let first = violations.first else {
            return
                "violation: \(violationsTotal.grouped) found, none listed (\(cutPlace), \(seeds))"
        }
        let rest = Int(clamping: violationsTotal) - 1
        return fitted(
            "violation: \(first.rule.name)\(first.place.map { ", \($0)" } ?? ""): ", first.sentence,
            more: rest,
            rest > 0 || knownTotal > 0 ? "\(tally); " : "", of: cutPlace)
    }

    private func more(_ count: Int, _ noun: String) -> String {
        count <= 0
            ? "" : "and \(UInt64(count).grouped) more \(noun)\(count == 1 ? "" : "s"); "
    }
}

extension Finding {
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

    /// Where the finding was; nil where the rule is about no file.
    var place: String? {
        file.isEmpty ? nil : "\(file) at 0x\(String(offset, radix: 16))"
    }
}
