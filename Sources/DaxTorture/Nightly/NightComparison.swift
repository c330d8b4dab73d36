import DaxModel
import DaxReport

/// Tonight's violations compared with what was open before.
package struct NightComparison {
    private let plan: NightPlan
    private let outcomes: [String: RunOutcome]
    private let night: String

    /// What the runs of `plan` came to, by their ids, in the night called so.
    package init(_ plan: NightPlan, _ outcomes: [String: RunOutcome], night: String) {
        (self.plan, self.outcomes, self.night) = (plan, outcomes, night)
    }

    /// What there is to say: what was seen in the order of the plan, then what was not; `before` is what the
    /// nights before left open.
    package func findings(before: [NightFinding]) -> [NightFinding] {
        var found = seen()
        for index in found.indices {
            guard let earlier = before.first(where: { $0.isSame(as: found[index]) }) else {
                continue
            }
            found[index].first = earlier.first
            found[index].combinations += earlier.combinations.filter {
                !found[index].combinations.contains($0)
            }
            if found[index].tries == nil { found[index].tries = earlier.tries }
            if found[index].baseline == nil { found[index].baseline = earlier.baseline }
            if found[index].state == .new { found[index].state = .still }
        }
        let gone = before.filter { old in !found.contains { $0.isSame(as: old) } }
        return found + gone.map(unseen)
    }

    private func seen() -> [NightFinding] {
        var found: [NightFinding] = []
        for run in plan.runs {
            guard let outcome = outcomes[run.id] else { continue }
            for one in outcome.signatures {
                var finding = NightFinding(
                    kernel: run.kernel, filesystem: run.filesystem,
                    head: Signature.head(one.signature), state: .new, first: night, last: night)
                // Where each run that shows it is known to fail, it is known.
                if let reason = outcome.knownFailure {
                    (finding.state, finding.reason) = (.known, reason)
                }
                if let index = found.firstIndex(where: { $0.isSame(as: finding) }) {
                    if finding.state == .new && found[index].state == .known {
                        (found[index].state, found[index].reason) = (.new, nil)
                        found[index].origin = nil
                    }
                    add(one, run, outcome, to: &found[index])
                } else {
                    add(one, run, outcome, to: &finding)
                    found.append(finding)
                }
            }
        }
        return found
    }

    private func add(
        _ one: RunOutcome.Seen, _ run: PlannedRun, _ outcome: RunOutcome,
        to finding: inout NightFinding
    ) {
        finding.count += one.count
        if finding.sentence.isEmpty { finding.sentence = one.sentence }
        if !finding.signatures.contains(one.signature) { finding.signatures.append(one.signature) }
        if finding.runs.last != run.id { finding.runs.append(run.id) }
        if !finding.combinations.contains(run.combination) {
            finding.combinations.append(run.combination)
        }
        if finding.origin == nil {
            finding.origin = NightFinding.Origin(
                run: run.id, combination: run.combination, seed: outcome.seed)
        }
        for series in outcome.repeats where series.runs > 0 {
            let tries = NightFinding.Tries(
                series.shown[finding.head] ?? 0, of: series.runs)
            if series.kernel == run.kernel {
                if finding.tries == nil { finding.tries = tries }
            } else if finding.baseline == nil {
                finding.baseline = tries
            }
        }
    }

    /// What was open and was not seen.
    private func unseen(_ old: NightFinding) -> NightFinding {
        var finding = old
        (finding.count, finding.runs) = (0, [])
        let tried = plan.runs.filter { run in
            guard let outcome = outcomes[run.id] else { return false }
            return outcome.verdict != .untested && old.combinations.contains(run.combination)
        }
        finding.without += tried.count
        let isGone = !tried.isEmpty && finding.without >= finding.needed
        finding.state = isGone ? .fixed : .unseen
        return finding
    }
}
