import DaxModel
package import DaxText

/// A proof as others read it: KTAP for a test runner, JSON for programs, a table for people.
extension Proof {
    /// `ok 3 6.1.0-56-amd64 ext4-stale-punch # found 10/10 by R3, median 2.1 s, worst 4.0 s`
    package func ktap(_ number: Int) -> String {
        if let equivalent {
            return "ok \(number) \(kernel.release) \(subject.name) # SKIP equivalent: \(equivalent)"
        }
        return
            "\(isProved ? "ok" : "not ok") \(number) \(kernel.release) \(subject.name) # \(account)"
    }

    private var account: String {
        var text =
            subject.mutant == nil
            ? "\(Figures.count(found, "alarm")) in \(Figures.count(seeds, "run"))"
            : "found \(found)/\(seeds)"
        if !rules.isEmpty {
            text += " by \(rules.map { "\($0.rule) (\($0.count))" }.joined(separator: ", "))"
        }
        if let (median, worst) = times {
            text += ", median \(Figures.seconds(median)), worst \(Figures.seconds(worst))"
        }
        if foundByOwn > 0 { text += "; \(foundByOwn) more by its own config" }
        let reasons = reasons
        if let first = reasons.first {
            let own = reasons.count - untested
            text += "; \(untested) untested\(own > 0 ? ", \(own) by its own config" : "")"
            text += ": \(Layout.shortened(first, to: 160))"
        }
        return text
    }

    /// Median and worst seconds to the first violation; nil where there was none.
    package var times: (median: Double, worst: Double)? {
        let all = discoveries
        guard let last = all.last else { return nil }
        return (all[all.count / 2].seconds, last.seconds)
    }

    /// A row of the table.
    var row: [String] {
        if equivalent != nil {
            return [subject.name, kernel.release, "-", "equivalent", "-", "-", "-"]
        }
        let times = times
        return [
            subject.name, kernel.release, "\(found)/\(seeds)",
            rules.map(\.rule.description).joined(separator: " "),
            times.map { Figures.seconds($0.median) } ?? "-",
            times.map { Figures.seconds($0.worst) } ?? "-",
            byOwn.isEmpty ? "-" : "\(foundByOwn)/\(byOwn.count)",
        ]
    }

    /// The proof as an object of the report's `proofs`.
    package var json: JSON {
        [
            "subject": .string(subject.name), "kernel": .string(kernel.release),
            "fs": .string(subject.filesystem), "control": .bool(subject.mutant == nil),
            "equivalent": .optional(equivalent.map { .string($0) }), "proved": .bool(isProved),
            "seeds": .number(UInt64(seeds)),
            "found": .number(UInt64(found)), "untested": .number(UInt64(untested)),
            "found_by_own_config": .number(UInt64(foundByOwn)),
            "median_s": .optional(times.map { .double($0.median) }),
            "worst_s": .optional(times.map { .double($0.worst) }),
            "trials": .array(
                byDefault.sorted { $0.key < $1.key }.map { Proof.json($0, $1, "default") }
                    + byOwn.sorted { $0.key < $1.key }.map { Proof.json($0, $1, "own") }),
        ]
    }

    private static func json(_ seed: UInt64, _ outcome: Outcome, _ workload: String) -> JSON {
        let discovery = outcome.discovery
        let reason: String? = if case .untested(let reason) = outcome { reason } else { nil }
        return [
            "seed": .number(seed), "workload": .string(workload),
            "outcome": .string(
                discovery != nil ? "violation" : reason != nil ? "untested" : "clean"),
            "rules": .strings(discovery?.rules.map(\.description) ?? []),
            "time_to_first_violation_s": .optional(discovery.map { .double($0.seconds) }),
            "operations": .optional(discovery.map { .number($0.operations) }),
            "first": .optional((discovery?.sentence ?? reason).map { .string($0) }),
        ]
    }
}

extension Score {
    /// The name and version of the JSON form.
    package static let schema = "daxtorture-prove-1"

    package var json: JSON {
        [
            "schema": .string(Score.schema), "verdict": .string(verdict),
            "proved": .bool(isProved), "proofs": .array(proofs.map(\.json)),
        ]
    }

    /// The table for people, and the verdict below it.
    package var text: String {
        Layout.table(
            ["mutant", "kernel", "found", "rules", "median", "worst", "own config"],
            proofs.map(\.row), left: [0, 1, 3]) + verdict + "\n"
    }
}
