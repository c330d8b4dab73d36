import DaxText

/// OpenMetrics 1.0, for a node exporter's textfile collector or a push gateway.
extension NightResults {
    /// metrics.prom.
    package var metrics: String {
        var text = ""
        func family(
            _ name: String, _ unit: String? = nil, _ help: String,
            _ samples: [(labels: [(String, String)], value: String)]
        ) {
            let name = "daxtorture_night_\(name)" + (unit.map { "_\($0)" } ?? "")
            text += "# TYPE \(name) gauge\n"
            if let unit { text += "# UNIT \(name) \(unit)\n" }
            text += "# HELP \(name) \(help)\n"
            for sample in samples {
                let labels = ([("matrix", plan.matrix)] + sample.labels).map {
                    "\($0)=\"\(NightResults.escaped($1))\""
                }
                text += "\(name){\(labels.joined(separator: ","))} \(sample.value)\n"
            }
        }
        let tally = tally
        family(
            "started", "seconds", "When the night began, since 1970.", [([], "\(plan.started)")])
        family(
            "spent", "seconds", "What its runs took, those that were tried again included.",
            [([], Nights.decimal(tally.spent))])
        family(
            "runs", nil, "Planned runs by result.",
            RunResult.Word.allCases.map { ([("result", $0.rawValue)], "\(count($0))") })
        family(
            "findings", nil, "Failures by state.",
            NightFinding.State.allCases.map {
                ([("state", $0.rawValue)], "\(findings($0).count)")
            })
        family(
            "run_result", nil, "1 for each planned run, with its result.",
            runs.map { result in
                (labels(result) + [("result", result.word.rawValue)], "1")
            })
        family(
            "run_wall", "seconds", "What a run took.",
            runs.compactMap { result in
                result.outcome.map { (labels(result), Nights.decimal($0.wall)) }
            })
        family(
            "run_operations", nil, "Operations of a run.",
            runs.compactMap { result in
                result.outcome.map { (labels(result), "\($0.operations)") }
            })
        family(
            "violations", nil, "Violations of the night by what they have in common.",
            findings.map { finding in
                (
                    [
                        ("kernel", finding.kernel), ("fs", finding.filesystem),
                        ("signature", finding.head), ("state", finding.state.rawValue),
                        ("flaky", finding.isFlaky ? "1" : "0"),
                    ], "\(finding.count)"
                )
            })
        family(
            "rate", nil, "In which share of the runs that were made again a failure showed.",
            findings.compactMap { finding in
                guard let tries = finding.tries, tries.runs > 0 else { return nil }
                return (
                    [
                        ("kernel", finding.kernel), ("fs", finding.filesystem),
                        ("signature", finding.head),
                    ], Nights.decimal(Double(tries.shown) / Double(tries.runs))
                )
            })
        return text + "# EOF\n"
    }

    private func labels(_ result: RunResult) -> [(String, String)] {
        let run = result.run
        return [
            ("run", run.id), ("kernel", run.kernel), ("fs", run.filesystem),
            ("options", run.options), ("config", run.config),
        ]
    }

    private static func escaped(_ text: String) -> String {
        Layout.oneLine(text).replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    }
}
