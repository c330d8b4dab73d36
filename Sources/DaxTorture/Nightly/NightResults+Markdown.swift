import DaxText

/// What GitHub shows of a job: a summary in its dialect of Markdown, and annotations.
extension NightResults {
    /// How many runs the summary lists: GitHub takes 1 MiB of a step.
    private static let listed = 500

    /// summary.md.
    package var markdown: String {
        var text = "## daxtorture \(cell(plan.matrix)): \(cell(verdict))\n\n"
        for problem in problems { text += "**\(cell(problem))**\n\n" }
        let told = findings
        if !told.isEmpty {
            text += "| failure | filesystem | kernel | signature | again | baseline | since |\n"
            text += "|---|---|---|---|---|---|---|\n"
            for finding in told {
                func tries(_ tries: NightFinding.Tries?) -> String {
                    tries.map { "\($0.shown) of \($0.runs)" } ?? "-"
                }
                let row = [
                    finding.title, finding.filesystem, finding.kernel, finding.head,
                    tries(finding.tries), tries(finding.baseline), finding.first,
                ]
                text += "| \(row.map(cell).joined(separator: " | ")) |\n"
            }
            text += "\n"
        }
        for issue in known {
            let seen = issue.count == 0 ? "not seen" : "\(issue.count.grouped) times"
            text +=
                "- known issue \(cell(issue.name)): \(seen) in \(Figures.count(issue.runs, "run"))\n"
        }
        if !known.isEmpty { text += "\n" }
        text += "| result | run | release | seed | operations |\n|---|---|---|---|---|\n"
        // What failed first, since a reader may see no more.
        let order = runs.enumerated().sorted {
            ($0.element.word.weight, $0.offset) < ($1.element.word.weight, $1.offset)
        }.map(\.element)
        for result in order.prefix(NightResults.listed) {
            let row = [
                result.word.rawValue, result.run.id, result.outcome?.kernel ?? "-", result.seed,
                result.outcome?.operations.grouped ?? "-",
            ]
            text += "| \(row.map(cell).joined(separator: " | ")) |\n"
        }
        if order.count > NightResults.listed {
            text += "\n\(order.count - NightResults.listed) more runs are in results.json.\n"
        }
        if !plan.leftOut.isEmpty {
            text += "\n\(plan.leftOut.count) runs had no room in the budget; their turn comes.\n"
        }
        return text
    }

    /// Workflow commands, at most one for each signature: errors for what is new, warnings for the rest that
    /// failed.
    package var annotations: [String] {
        var seen: Set<String> = []
        var lines: [String] = []
        let order: [NightFinding.State] = [.new, .still]
        for state in order {
            for finding in findings(state) where seen.insert(finding.head).inserted {
                let others = findings.filter { $0.head == finding.head && $0.state.isOpen }
                let places = others.map { "\($0.filesystem) on \($0.kernel)" }
                let message =
                    "\(finding.line)\n\(places.joined(separator: "; "))\n\(finding.sentence)"
                lines.append(
                    "::\(state == .new ? "error" : "warning") "
                        + "title=\(property("\(finding.title): \(finding.head)"))::\(data(message))"
                )
            }
        }
        return lines
    }

    /// Text in a cell of a table, where nothing of it is markup.
    private func cell(_ text: String) -> String {
        var result = ""
        for scalar in Layout.oneLine(text).unicodeScalars {
            switch scalar {
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "&": result += "&amp;"
            case "|", "*", "`", "[", "]", "\\", "~", "#", "@":
                result += "&#\(scalar.value);"
            // Within a word it is none in GitHub's dialect, but at its beginning.
            case "_": result += "&#95;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private func data(_ text: String) -> String {
        text.replacing("%", with: "%25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
    }

    private func property(_ text: String) -> String {
        data(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
    }
}

extension RunResult.Word {
    /// What weighs more stands in front.
    var weight: Int {
        switch self {
        case .failed: 0
        case .untested: 1
        case .notRun: 2
        case .known: 3
        case .passed: 4
        }
    }
}
