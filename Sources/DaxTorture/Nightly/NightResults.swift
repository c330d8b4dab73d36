package import DaxHost
import DaxReport
package import DaxText

/// A planned run and what it came to: there is one for each, whatever became of it.
package struct RunResult: Hashable, Sendable {
    /// What a format says of a run.
    package enum Word: String, CaseIterable, Hashable, Sendable {
        /// Clean, but for known issues.
        case passed
        case failed
        /// It failed, as its config is known to on this kernel.
        case known
        case untested
        case notRun = "not run"
    }

    package var run: PlannedRun
    package var outcome: RunOutcome?

    package init(_ run: PlannedRun, _ outcome: RunOutcome?) {
        (self.run, self.outcome) = (run, outcome)
    }

    package var word: Word {
        guard let outcome else { return .notRun }
        switch outcome.verdict {
        case .clean: return .passed
        case .untested: return .untested
        case .violation: return outcome.knownFailure == nil ? .failed : .known
        }
    }

    /// One line that says why.
    package var sentence: String {
        outcome?.sentence ?? "not run: the night ended before it"
    }

    /// The seed that it ran from, or was to.
    package var seed: String { "\(outcome?.seed ?? run.seed)" }
}

/// A known issue of `--known`, and how often the night saw it.
package struct KnownTally: Hashable, Sendable {
    package var name: String
    package var signature: String
    /// Violations.
    package var count: UInt64
    /// Runs whose kernel and filesystem it is about.
    package var runs: Int
}

/// All that a night has to say: every format is written from it.
package struct NightResults: Sendable {
    /// The name and version of the JSON form.
    package static let schema = "daxtorture-night-1"

    package let night: String
    package let plan: NightPlan
    /// In the order of the plan, every run.
    package let runs: [RunResult]
    package let findings: [NightFinding]
    package let known: [KnownTally]
    /// What earlier nights came to, the oldest first.
    package let history: [NightTally]
    /// What kept the night from being one: a line each.
    package var problems: [String] = []

    /// What the runs of `plan` came to; `before` is what the nights before left open.
    package init(
        _ plan: NightPlan, _ outcomes: [String: RunOutcome], night: String,
        before: [NightFinding] = [], history: [NightTally] = []
    ) {
        (self.night, self.plan, self.history) = (night, plan, history)
        runs = plan.runs.map { RunResult($0, outcomes[$0.id]) }
        findings = NightComparison(plan, outcomes, night: night).findings(before: before)
        var known: [KnownTally] = []
        for one in runs.compactMap(\.outcome).flatMap(\.known) {
            if let index = known.firstIndex(where: { $0.name == one.name }) {
                known[index].count += one.count
                known[index].runs += 1
            } else {
                known.append(
                    KnownTally(
                        name: one.name, signature: one.signature, count: one.count, runs: 1))
            }
        }
        self.known = known
    }

    /// Whether the night goes no further: all ran, or there was no time for more.
    package var isFinished: Bool { isComplete || hasEnded }

    /// Whether it was carried out to its end.
    package var hasEnded = false

    /// Whether each run has an outcome.
    package var isComplete: Bool { runs.allSatisfy { $0.outcome != nil } }

    package func findings(_ state: NightFinding.State) -> [NightFinding] {
        findings.filter { $0.state == state }
    }

    package func count(_ word: RunResult.Word) -> Int { runs.count { $0.word == word } }

    /// How the program ends: 1 for what is new, with `strict` for whatever failed; else 125 where a run is
    /// missing.
    package func status(strict: Bool) -> ExitStatus {
        let isBad =
            !findings(.new).isEmpty
            || strict && runs.contains { $0.word == .failed || $0.word == .known }
        if isBad { return .violation }
        let isWhole = runs.allSatisfy { $0.word != .untested && $0.word != .notRun }
        return isWhole && !runs.isEmpty && problems.isEmpty ? .clean : .untested
    }

    package var tally: NightTally {
        var tally = NightTally(night: night, started: plan.started)
        for run in runs {
            tally.results[run.word, default: 0] += 1
            guard let outcome = run.outcome else { continue }
            tally.operations &+= outcome.operations
            tally.duration += outcome.duration
            tally.spent += outcome.wallInAll
        }
        for finding in findings { tally.states[finding.state, default: 0] += 1 }
        return tally
    }

    /// The night in one sentence.
    package var verdict: String {
        let words = RunResult.Word.allCases.filter { count($0) > 0 }
            .map { "\(count($0)) \($0.rawValue)" }
        let states = NightFinding.State.allCases.filter { !findings($0).isEmpty }
            .map { "\(findings($0).count) \($0.rawValue)" }
        return "\(Figures.count(runs.count, "run")): \(words.joined(separator: ", "))"
            + (states.isEmpty ? "; no failure" : "; failures: \(states.joined(separator: ", "))")
    }

    /// The final document: results.json.
    package var json: JSON {
        [
            "schema": .string(NightResults.schema), "night": .string(night),
            "matrix": .string(plan.matrix), "verdict": .string(verdict),
            "complete": .bool(isComplete), "finished": .bool(isFinished),
            "exit": .number(UInt64(status(strict: false).rawValue)),
            "tally": tally.json,
            "budget_s": .optional(plan.budget.map { .double($0) }),
            "baseline": .optional(plan.baseline.map { .string($0) }),
            "runs": .array(runs.map(\.json)), "findings": .array(findings.map(\.json)),
            "known_issues": .array(
                known.map {
                    [
                        "name": .string($0.name), "signature": .string($0.signature),
                        "count": .number($0.count), "runs": .number(UInt64($0.runs)),
                    ]
                }),
            "left_out": .strings(plan.leftOut), "problems": .strings(problems),
        ]
    }
}

extension RunResult {
    var json: JSON {
        [
            "id": .string(run.id), "result": .string(word.rawValue),
            "kernel": .string(run.kernel), "fs": .string(run.filesystem),
            "options": .string(run.options), "config": .string(run.config), "seed": .string(seed),
            "repeated": .bool(run.isRepeated),
            "release": .optional(outcome?.kernel.map { .string($0) }),
            "sentence": .string(sentence), "wall_s": .double(outcome?.wall ?? 0),
            "duration_s": .double(outcome?.duration ?? 0),
            "operations": .number(outcome?.operations ?? 0),
            "signatures": .strings(outcome?.signatures.map(\.signature) ?? []),
        ]
    }
}
