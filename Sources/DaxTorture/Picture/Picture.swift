import DaxModel
package import DaxReport
import DaxText

/// A report with its episodes as one page of HTML: it needs nothing else, and no script.
package struct Picture {
    private let report: Report
    private let episodes: [Episode]

    package init(of report: Report, episodes: [Episode]) {
        (self.report, self.episodes) = (report, episodes)
    }

    /// What every such page begins with, of whatever version: what does not is somebody else's.
    package static let mark = "<!DOCTYPE html>\n<!-- daxtorture-picture-"

    /// The page, as a file. It is XML, too.
    package var html: String {
        HTMLPage.html(
            "daxtorture: \(report.verdict.rawValue), \(report.fs)", mark: Picture.mark + "1 -->\n",
            sections)
    }

    private var sections: [Markup] {
        var sections = [heading]
        for (index, episode) in episodes.enumerated() {
            sections.append(EpisodeSection(episode, number: index + 1).markup)
        }
        sections.append(others)
        sections.append(
            list(report.verdict == .untested ? "Untested because" : "Not exercised", report.vacuity)
        )
        sections.append(
            section(
                "Coverage",
                Markup(
                    "p", ["class": "note"],
                    "How often operations of two roles overlapped on a page, by what they faulted in. "
                        + "A framed 0 is a meeting that never came about.")
                    + CoverageTable(coverage: report.coverage).markup))
        sections.append(
            section(
                "Latencies",
                Markup(
                    "p", ["class": "note"],
                    "Invocation to return, by the clock of the kernel under test: \u{25cf} p50, \u{25cb} p90, | p99, \u{2715} the longest."
                )
                    + Picture.scrolling(LatencyChart(latency: report.latency).markup)))
        sections.append(list("Notes", report.notes))
        sections.append(
            Markup(
                "details", [:],
                [Markup("summary", [:], "All of it as text"), Markup("pre", [:], report.summary())])
        )
        return sections
    }

    private var heading: Markup {
        let facts: [(String, String)] = [
            ("filesystem", report.fs), ("kernel", report.kernel ?? "none came up"),
            ("seed", report.seed.description), ("duration", Figures.seconds(report.duration)),
            ("violations", report.violationsTotal.grouped),
            (
                "machine",
                report.machine.map { "\($0.acceleration), QEMU \($0.qemuVersion), \($0.cpus) CPUs" }
                    ?? "this one"
            ),
            ("actors", report.actors.map { "\($0.count) \($0.role)" }.joined(separator: ", ")),
        ]
        return Markup(
            "header", [:],
            [
                Markup("h1", [:], "daxtorture"),
                Markup("p", ["class": "verdict \(report.verdict.rawValue)"], report.verdictLine),
                Markup(
                    "dl", [:],
                    facts.map {
                        Markup("div", [:], [Markup("dt", [:], $0.0), Markup("dd", [:], $0.1)])
                    }),
                Markup(
                    "p", [:],
                    [
                        Markup(text: "To repeat the run, in this directory: "),
                        Markup("code", [:], "daxtorture replay ."),
                    ]),
            ])
    }

    /// Violations that have no episode of their own.
    private var others: Markup {
        let shown = Set(episodes.map(\.violation))
        let rest = report.violations.filter { !shown.contains($0) }
        if rest.isEmpty { return Markup() }
        let unlisted =
            report.violationsTotal - min(UInt64(report.violations.count), report.violationsTotal)
        // Most are the same again: one line for each signature, in the order of the first.
        var signatures: [String] = []
        for violation in rest where !signatures.contains(violation.signature) {
            signatures.append(violation.signature)
        }
        let groups: [Markup] = signatures.map { signature in
            let all = rest.filter { $0.signature == signature }
            let told: [Markup] = all.flatMap { violation in
                [
                    Markup("h3", [:], EpisodeSection.title(violation)),
                    Markup("pre", [:], violation.story),
                ]
            }
            let summary = Markup("summary", [:], "\(all.count) x \(signature)")
            return Markup("details", [:], [summary] + told)
        }
        let more = Markup("p", ["class": "note"], "\(unlisted.grouped) more are not listed.")
        return section(
            episodes.isEmpty ? "Violations" : "More violations",
            Markup(groups) + (unlisted == 0 ? Markup() : more))
    }

    private func list(_ title: String, _ lines: [String]) -> Markup {
        if lines.isEmpty { return Markup() }
        return section(title, Markup("ul", [:], lines.map { Markup("li", [:], $0) }))
    }

    private func section(_ title: String, _ content: Markup) -> Markup {
        Markup("section", [:], [Markup("h2", [:], title), content])
    }

    /// A drawing that keeps its size on a small screen, and is moved there.
    static func scrolling(_ drawing: Markup) -> Markup {
        Markup("div", ["class": "scrolling", "tabindex": 0], [drawing])
    }
}
