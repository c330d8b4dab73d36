import DaxHost
import DaxPicture
import DaxText

/// A night as one page of HTML: it needs nothing else, and no script. Its links lead to the reports beside
/// it, and to the nights before.
package struct NightPage {
    private let results: NightResults

    package init(of results: NightResults) { self.results = results }

    /// index.html. It is XML, too.
    package var html: String {
        HTMLPage.html(
            "daxtorture \(results.plan.matrix), \(results.night)",
            style: [Markup(style: NightStyle.all)], sections)
    }

    private var sections: [Markup] {
        let plan = results.plan
        return [
            heading,
            list("Problems", results.problems),
            findings,
            section(
                "Runs",
                Markup(
                    "p", ["class": "note"],
                    "A mark for each run, which leads to its report. "
                        + "\u{2713} passed, \u{2717} failed, \u{25cb} known, ? untested, \u{2013} not run; "
                        + "\u{21ba} what failed the night before, from its seed.")
                    + NightGrid(runs: results.runs, kernels: plan.kernels.map(\.name)).markup),
            trends,
            list(
                "Known issues",
                results.known.map { issue in
                    let seen = issue.count == 0 ? "not seen" : "\(issue.count.grouped) times"
                    return "\(issue.name): \(seen) in \(Figures.count(issue.runs, "run")): "
                        + issue.signature
                }),
            details("No room in the budget tonight", plan.leftOut),
            details(
                "What a config's own rules refuse",
                plan.unsuited.map { "\($0.combination): \($0.reason)" }),
        ]
    }

    private var heading: Markup {
        let plan = results.plan
        let tally = results.tally
        let state =
            !results.findings(.new).isEmpty
            ? "new" : results.status(strict: false) == .clean ? "clean" : "untested"
        var facts = [
            ("matrix", plan.matrix), ("began", Nights.timestamp(plan.started) + " UTC"),
            ("runs took", Figures.seconds(tally.spent)),
        ]
        if let budget = plan.budget { facts.append(("budget", Figures.seconds(budget))) }
        facts.append(("operations", tally.operations.grouped))
        for kernel in plan.kernels {
            let release = results.runs.first {
                $0.run.kernel == kernel.name && $0.outcome?.kernel != nil
            }?.outcome?.kernel
            let mutant = kernel.mutant.map { ", \($0.name)" } ?? ""
            facts.append((kernel.name, (release ?? kernel.problem ?? "never came up") + mutant))
        }
        let files = [
            "results.ktap", "junit.xml", "events.jsonl", "results.json", "metrics.prom",
            "summary.md", "plan.json",
        ]
        return Markup(
            "header", [:],
            [
                Markup("h1", [:], "daxtorture, night \(results.night)"),
                Markup("p", ["class": "verdict \(state)"], results.verdict),
                Markup(
                    "dl", [:],
                    facts.map {
                        Markup("div", [:], [Markup("dt", [:], $0.0), Markup("dd", [:], $0.1)])
                    }),
                Markup(
                    "p", ["class": "files"],
                    files.map { Markup("a", ["href": $0], $0) + Markup(text: " ") }),
            ])
    }

    private var findings: Markup {
        if results.findings.isEmpty { return Markup() }
        func tries(_ tries: NightFinding.Tries?) -> String {
            tries.map { "\($0.shown) of \($0.runs)" } ?? "\u{2013}"
        }
        let rows = results.findings.map { finding in
            var runs = Markup()
            for id in finding.runs.prefix(8) {
                runs += link(results.runs.first { $0.run.id == id }, "\u{2717}") + Markup(text: " ")
            }
            return Markup(
                "tr", ["class": finding.state.rawValue],
                [
                    Markup("td", ["class": "state"], finding.title),
                    Markup("td", [:], finding.filesystem), Markup("td", [:], finding.kernel),
                    Markup(
                        "td", [:],
                        [
                            Markup("code", [:], finding.head),
                            Markup(
                                "div", ["class": "note"],
                                finding.reason ?? finding.sentence),
                        ]),
                    Markup("td", ["class": "number"], finding.count.grouped),
                    Markup("td", ["class": "number"], tries(finding.tries)),
                    Markup("td", ["class": "number"], tries(finding.baseline)),
                    Markup("td", ["class": "number"], finding.first), Markup("td", [:], [runs]),
                ])
        }
        let head = [
            "failure", "filesystem", "kernel", "signature", "violations", "again", "baseline",
            "since", "runs",
        ]
        return section("Failures", NightPage.table(head, rows))
    }

    private var trends: Markup {
        let nights = results.history + [results.tally]
        return section(
            "Trends",
            Markup(
                "p", ["class": "note"],
                "Runs by result, and failures that are open, a column for each night; the line is "
                    + "operations per second of actors' time.")
                + NightPage.scrolling(TrendChart(nights: nights, now: results.night).markup))
    }

    private func link(_ result: RunResult?, _ text: String) -> Markup {
        guard let result else { return Markup(text: text) }
        return NightGrid.mark(result, text: text)
    }

    private func list(_ title: String, _ lines: [String]) -> Markup {
        if lines.isEmpty { return Markup() }
        return section(title, Markup("ul", [:], lines.map { Markup("li", [:], $0) }))
    }

    private func details(_ title: String, _ lines: [String]) -> Markup {
        if lines.isEmpty { return Markup() }
        return Markup(
            "details", [:],
            [
                Markup("summary", [:], "\(title) (\(lines.count))"),
                Markup("ul", [:], lines.map { Markup("li", [:], $0) }),
            ])
    }

    private func section(_ title: String, _ content: Markup) -> Markup {
        Markup("section", [:], [Markup("h2", [:], title), content])
    }

    static func table(_ head: [String], _ rows: [Markup]) -> Markup {
        scrolling(
            Markup(
                "table", [:],
                [
                    Markup(
                        "thead", [:],
                        [
                            Markup(
                                "tr", [:], head.map { Markup("th", ["scope": "col"], $0) })
                        ]),
                    Markup("tbody", [:], rows),
                ]))
    }

    static func scrolling(_ content: Markup) -> Markup {
        Markup("div", ["class": "scrolling", "tabindex": 0], [content])
    }
}
