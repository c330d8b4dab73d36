import DaxText

/// KTAP 1, as the kernel's documentation has it (Documentation/dev-tools/ktap.rst); TAP parsers read it,
/// too.
extension NightResults {
    /// All runs in the order of the plan: results.ktap.
    package var ktap: String {
        "KTAP version 1\n1..\(runs.count)\n"
            + runs.enumerated().map { ktap($1, number: $0 + 1) }.joined()
    }

    /// The lines of one run, the `number`th.
    package func ktap(_ result: RunResult, number: Int) -> String {
        NightResults.ktap(result, number: number, notes: notes(result))
    }

    /// The lines of one run of which no more is known than what it came to.
    package static func ktap(_ result: RunResult, number: Int, notes: [String] = []) -> String {
        // No line end, and no # that begins a directive.
        func plain(_ text: String) -> String {
            Layout.oneLine(text).replacing("#", with: "")
        }
        var lines = notes.map { "# \(plain($0))" }
        let word: String
        switch result.word {
        case .passed: word = ""
        case .failed, .untested, .notRun: word = " # \(plain(result.sentence))"
        // A TODO that fails fails no suite; what is behind it must be fixed all the same.
        case .known: word = " # TODO known: \(plain(result.outcome?.knownFailure ?? "-"))"
        }
        let isGood = result.word == .passed
        lines.append("\(isGood ? "ok" : "not ok") \(number) \(result.run.id)\(word)")
        return lines.map { $0 + "\n" }.joined()
    }

    /// What there is to say of a run's failures: a line each.
    func notes(_ result: RunResult) -> [String] {
        findings.filter { $0.runs.contains(result.run.id) }.map(\.line)
    }
}

extension NightFinding {
    /// In one line: `new: R3 | zero on ext4-dax, 6.1-cloud; 3 of 3 again; baseline 0 of 3`.
    package var line: String {
        var line = "\(title): \(head) on \(filesystem), \(kernel)"
        if let tries { line += "; again in \(tries.shown) of \(tries.runs)" }
        if let baseline {
            line += "; on the baseline kernel in \(baseline.shown) of \(baseline.runs)"
        }
        switch state {
        case .new: break
        case .still: line += "; since \(first)"
        case .unseen: line += "; not in \(without) of \(needed) runs that would say that it is gone"
        case .fixed: line += "; last seen \(last), not in \(Figures.count(without, "run")) since"
        case .known: line += "; \(reason ?? "-")"
        }
        return line
    }

    /// `new`, or `new, flaky`.
    package var title: String { state.rawValue + (isFlaky ? ", flaky" : "") }
}
