package import DaxText

/// A night in a few figures: what trends are drawn of.
package struct NightTally: Hashable, Sendable {
    package var night: String
    /// When it began, in seconds since 1970 (UTC).
    package var started: UInt64
    /// How many runs there were of each result.
    package var results: [RunResult.Word: UInt64] = [:]
    /// How many findings there were of each state.
    package var states: [NightFinding.State: UInt64] = [:]
    package var operations: UInt64 = 0
    /// Seconds during which actors worked, in all runs together.
    package var duration = 0.0
    /// What it took in all, in seconds.
    package var spent = 0.0

    package init(night: String, started: UInt64) {
        (self.night, self.started) = (night, started)
    }

    package var json: JSON {
        [
            "night": .string(night), "started_unix_s": .number(started),
            "runs": .object(
                RunResult.Word.allCases.map {
                    JSON.Member($0.rawValue, .number(results[$0] ?? 0))
                }),
            "findings": .object(
                NightFinding.State.allCases.map {
                    JSON.Member($0.rawValue, .number(states[$0] ?? 0))
                }),
            "operations": .number(operations), "duration_s": .double(duration),
            "spent_s": .double(spent),
        ]
    }

    package init(json: JSON) throws(NightError) {
        night = try json.member("night", \.string)
        started = try json.member("started_unix_s", \.count)
        for word in RunResult.Word.allCases {
            results[word] = json["runs"]?[word.rawValue]?.count ?? 0
        }
        for state in NightFinding.State.allCases {
            states[state] = json["findings"]?[state.rawValue]?.count ?? 0
        }
        operations = json["operations"]?.count ?? 0
        duration = json["duration_s"]?.number ?? 0
        spent = json["spent_s"]?.number ?? 0
    }
}
