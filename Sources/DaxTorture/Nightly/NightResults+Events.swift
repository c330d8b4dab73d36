import DaxHost
import DaxText

/// JSON Lines: what happened, one event a line, in the order in which it did.
extension NightResults {
    /// events.jsonl.
    package var events: String {
        var events: [JSON] = [
            [
                "event": .string("night"), "schema": .string(NightResults.schema),
                "night": .string(night), "matrix": .string(plan.matrix),
                "time_unix_s": .number(plan.started), "runs": .number(UInt64(runs.count)),
                "budget_s": .optional(plan.budget.map { .double($0) }),
            ]
        ]
        // A run that never began has no time, and stands behind all that did.
        let order = runs.enumerated().sorted {
            ($0.element.outcome?.began ?? .max, $0.offset)
                < ($1.element.outcome?.began ?? .max, $1.offset)
        }
        for (_, result) in order {
            events.append(
                .object(
                    [JSON.Member("event", .string("run"))]
                        + [
                            JSON.Member(
                                "time_unix_s", .optional(result.outcome.map { .number($0.began) }))
                        ] + (result.json.members ?? [])))
            for series in result.outcome?.repeats ?? [] {
                events.append([
                    "event": .string("repeats"), "id": .string(result.run.id),
                    "kernel": .string(series.kernel), "runs": .number(UInt64(series.runs)),
                    "shown": .counters(series.shown.mapValues { UInt64($0) }),
                ])
            }
        }
        for finding in findings {
            events.append(
                .object(
                    [JSON.Member("event", .string("finding"))] + (finding.json.members ?? [])))
        }
        events.append([
            "event": .string("end"), "complete": .bool(isComplete), "verdict": .string(verdict),
            "exit": .number(UInt64(status(strict: false).rawValue)), "tally": tally.json,
        ])
        return events.map { $0.line + "\n" }.joined()
    }
}
