import DaxPicture
import DaxText

/// The runs of a night as a table: a row for each filesystem, set of options and config, a column for each
/// kernel.
struct NightGrid {
    let runs: [RunResult]
    let kernels: [String]

    var markup: Markup {
        var rows: [(key: String, run: PlannedRun, cells: [String: [RunResult]])] = []
        for result in runs {
            let run = result.run
            let key = [run.filesystem, run.options, run.config].joined(separator: "_")
            let index =
                rows.firstIndex { $0.key == key }
                ?? {
                    rows.append((key, run, [:]))
                    return rows.count - 1
                }()
            rows[index].cells[run.kernel, default: []].append(result)
        }
        rows.sort { $0.key < $1.key }
        let body = rows.map { row in
            Markup(
                "tr", [:],
                [
                    Markup("th", ["scope": "row"], row.run.filesystem),
                    Markup("td", [:], row.run.options), Markup("td", [:], row.run.config),
                ] + kernels.map { cell(row.cells[$0] ?? []) })
        }
        return NightPage.table(["filesystem", "options", "config"] + kernels, body)
    }

    private func cell(_ results: [RunResult]) -> Markup {
        let worst = results.min { $0.word.weight < $1.word.weight }
        let marks = results.map { NightGrid.mark($0) + Markup(text: " ") }
        return Markup(
            "td", ["class": "cell \(NightGrid.style(worst?.word))"],
            marks.isEmpty ? [Markup(text: "")] : marks)
    }

    /// A run's mark, which leads to its report.
    static func mark(_ result: RunResult, text: String? = nil) -> Markup {
        let sign = text ?? (result.run.isRepeated ? "\u{21ba}" : "") + sign(result.word)
        let title = "\(result.run.id): \(result.word.rawValue): \(result.sentence)"
        // Without a kernel there may be no report; its outcome is there.
        let place: String? =
            switch result.outcome {
            case nil: nil
            case .some(let outcome) where outcome.hasPage: "runs/\(outcome.report)/report.html"
            case .some(let outcome) where outcome.kernel != nil:
                "runs/\(outcome.report)/report.json"
            case .some: "runs/\(result.run.id).json"
            }
        guard let place else { return Markup("span", ["title": title], sign) }
        return Markup("a", ["href": place, "title": title], sign)
    }

    private static func sign(_ word: RunResult.Word) -> String {
        switch word {
        case .passed: "\u{2713}"
        case .failed: "\u{2717}"
        case .known: "\u{25cb}"
        case .untested: "?"
        case .notRun: "\u{2013}"
        }
    }

    static func style(_ word: RunResult.Word?) -> String {
        switch word {
        case .passed: "passed"
        case .failed: "failed"
        case .known: "known"
        case .untested: "untested"
        case .notRun: "notrun"
        case nil: "none"
        }
    }
}
