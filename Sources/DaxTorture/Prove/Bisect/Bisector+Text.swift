import DaxText

extension Bisector {
    /// What a judgement says, in a line.
    package func line(_ judgement: Judgement) -> String {
        let (runs, bug) = (judgement.runs, sought?.description ?? "a violation")
        let hits = sought.map(runs.hits) ?? 0
        let tested = sought.map(runs.tested) ?? runs.findings.count
        var line = "\(runs.kernel): \(judgement.verdict.rawValue): "
        switch judgement.verdict {
        case .good: line += "\(Figures.count(tested, "run")) without \(bug)"
        // The end that was measured, and no one that showed it once.
        case .bad where judgement.needed == 0:
            line += "\(bug) in runs: \(Proportion(UInt64(hits), of: UInt64(tested)))"
        case .bad: line += "\(bug) in \(hits) of \(Figures.count(tested, "run"))"
        case .untestable: line += Layout.oneLine(runs.untestable(sought) ?? "")
        }
        let others = sought.map(runs.others) ?? []
        if !others.isEmpty {
            let told = others.map { "\($0.bug) in \($0.runs)" }.joined(separator: ", ")
            line += "; another bug: \(told)"
        }
        return line
    }

    /// A table of the kernels, in the order in which they were judged.
    package var table: String {
        let rows = judgements.map { judgement in
            let runs = judgement.runs
            return [
                runs.kernel, judgement.verdict.rawValue, "\(sought.map(runs.tested) ?? 0)",
                "\(sought.map(runs.hits) ?? 0)",
                "\(judgement.needed == 0 ? "-" : "\(judgement.needed)")",
                "\(runs.findings.count - (sought.map(runs.tested) ?? 0))",
                sought.map(runs.others).flatMap { $0.first?.bug.description } ?? "-",
            ]
        }
        return Layout.table(
            ["kernel", "verdict", "runs", "with it", "needed", "no test", "other"], rows,
            left: [0, 1, 6])
    }

    /// What it came to, in a line or two, of which the first is the answer.
    package func text(_ conclusion: Conclusion) -> String {
        let bug = sought?.description ?? "a violation"
        switch conclusion {
        case .found(let suspects):
            let answer =
                suspects.count == 1
                ? "the first bad one is \(suspects[0])"
                : "the first bad one is among \(suspects.joined(separator: ", ")): "
                    + "the others could not be tested"
            return answer
                + "\nthat is right with a probability of \(terms.confidence) at least, if "
                + "\(bug) shows on every bad one as often as at the bad end; if it is wrong, an earlier "
                + "one is"
        case .goodEndIsBad: return "the good end shows \(bug), too"
        case .badEndIsGood(let runs):
            return "the bad end did not show \(bug) \(terms.hits) times in "
                + Figures.count(runs, "run")
        case .endUntestable(let kernel, let reason):
            return "\(kernel), an end, could not be tested: \(Layout.oneLine(reason))"
        case .interrupted: return "stopped; the same command goes on from here"
        }
    }

    /// The run that showed the bug on the first bad kernel, where there is one alone.
    package func proof(_ conclusion: Conclusion) -> (kernel: String, number: Int)? {
        guard case .found(let suspects) = conclusion, suspects.count == 1, let sought,
            let runs = judgements.first(where: { $0.runs.kernel == suspects[0] })?.runs,
            let index = runs.findings.firstIndex(where: { $0.shows(sought) })
        else { return nil }
        return (suspects[0], index + 1)
    }
}
