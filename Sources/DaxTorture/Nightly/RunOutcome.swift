import DaxModel
package import DaxReport
package import DaxText

/// What a run of a night came to: what of its report the night needs, so that a night of thousands of runs
/// takes little memory.
package struct RunOutcome: Hashable, Sendable {
    /// The name and version of the JSON form.
    package static let schema = "daxtorture-outcome-1"

    package var id: String
    package var verdict: Verdict
    /// The verdict in a sentence, or why there is no report.
    package var sentence: String
    package var seed: Seed
    /// The release; nil where no kernel came up.
    package var kernel: String?
    /// When it began, in seconds since 1970 (UTC).
    package var began: UInt64
    /// What it took in all, in seconds, without what was tried again after it.
    package var wall: Double
    /// Up to its first operation, in seconds; 0 where there was none.
    package var start = 0.0
    /// How long its actors were to work, in seconds.
    package var asked = 0.0
    /// How long its actors worked, in seconds.
    package var duration = 0.0
    package var operations: UInt64 = 0
    package var faults: UInt64 = 0
    package var words: UInt64 = 0
    /// Violations by signature, those of known issues left out.
    package var signatures: [Seen] = []
    /// Known issues that fit the run, seen or not.
    package var known: [Known] = []
    /// Why its config fails on this kernel as it is shipped; nil where it is to come out clean.
    package var knownFailure: String?
    /// What the directory of its report is called: the id, but where a second attempt counts.
    package var report: String
    /// What an attempt before it took that was too empty to mean anything, in seconds.
    package var lost = 0.0
    /// Whether the report is a page, too.
    package var hasPage = false
    /// What came of trying it again.
    package var repeats: [Repeats] = []

    /// A signature that was seen.
    package struct Seen: Hashable, Sendable {
        package var signature: String
        package var count: UInt64
        /// The first sentence of its first story.
        package var sentence: String

        package init(_ signature: String, count: UInt64, sentence: String) {
            (self.signature, self.count, self.sentence) = (signature, count, sentence)
        }
    }

    /// A known issue.
    package struct Known: Hashable, Sendable {
        package var name: String
        package var signature: String
        package var count: UInt64

        package init(_ name: String, signature: String, count: UInt64) {
            (self.name, self.signature, self.count) = (name, signature, count)
        }
    }

    /// Runs from the same seed.
    package struct Repeats: Hashable, Sendable {
        package var kernel: String
        /// How many were a test.
        package var runs: Int
        /// In how many a signature of that head was seen.
        package var shown: [String: Int]
        /// What they took, in seconds.
        package var wall: Double

        package init(kernel: String, runs: Int = 0, shown: [String: Int] = [:], wall: Double = 0) {
            (self.kernel, self.runs, self.shown, self.wall) = (kernel, runs, shown, wall)
        }
    }

    package init(
        id: String, verdict: Verdict, sentence: String, seed: Seed, began: UInt64 = 0,
        wall: Double = 0
    ) {
        (self.id, self.verdict, self.sentence) = (id, verdict, sentence)
        (self.seed, self.began, self.wall, report) = (seed, began, wall, id)
    }

    /// What a report says.
    package init(_ report: Report, of run: PlannedRun, began: UInt64, wall: Double) {
        self.init(
            id: run.id, verdict: report.verdict, sentence: report.verdictLine, seed: report.seed,
            began: began, wall: wall)
        kernel = report.kernel
        duration = report.duration
        operations = report.operations.values.reduce(0, &+)
        faults = report.faults.pte &+ report.faults.pmd
        words = report.checks.words
        signatures = report.signatures.map { one in
            let first = one.first.flatMap { Int(exactly: $0) }.map { report.violations[$0] }
            let line = first?.story.split(separator: "\n").first.map(String.init) ?? ""
            return Seen(
                one.signature, count: one.count, sentence: Layout.shortened(line, to: 300))
        }
        known = report.known.map {
            Known($0.issue.name, signature: $0.issue.signature, count: $0.count)
        }
    }

    /// All that it took, what was tried before and again included.
    package var wallInAll: Double { repeats.reduce(wall + lost) { $0 + $1.wall } }

    /// Whether a kernel came up and actors worked, and it was too little for a verdict.
    var isTooEmpty: Bool { verdict == .untested && kernel != nil && duration > 0 }
}

extension RunOutcome {
    package var json: JSON {
        [
            "schema": .string(RunOutcome.schema), "id": .string(id),
            "verdict": .string(verdict.rawValue), "sentence": .string(sentence),
            "seed": .string(seed.description), "kernel": .optional(kernel.map { .string($0) }),
            "began_unix_s": .number(began), "wall_s": .double(wall), "start_s": .double(start),
            "asked_s": .double(asked),
            "duration_s": .double(duration), "operations": .number(operations),
            "faults": .number(faults), "words": .number(words),
            "signatures": .array(
                signatures.map {
                    [
                        "signature": .string($0.signature), "count": .number($0.count),
                        "sentence": .string($0.sentence),
                    ]
                }),
            "known": .array(
                known.map {
                    [
                        "name": .string($0.name), "signature": .string($0.signature),
                        "count": .number($0.count),
                    ]
                }),
            "known_failure": .optional(knownFailure.map { .string($0) }),
            "report": .string(report), "lost_s": .double(lost), "page": .bool(hasPage),
            "repeats": .array(
                repeats.map {
                    [
                        "kernel": .string($0.kernel), "runs": .number(UInt64($0.runs)),
                        "shown": .counters($0.shown.mapValues { UInt64($0) }),
                        "wall_s": .double($0.wall),
                    ]
                }),
        ]
    }

    package init(json: JSON) throws(NightError) {
        guard json["schema"]?.string == RunOutcome.schema else {
            throw NightError("no outcome of this version (\(RunOutcome.schema))")
        }
        id = try json.member("id", \.string)
        verdict = try json.member("verdict") { $0.string.flatMap { Verdict(rawValue: $0) } }
        sentence = try json.member("sentence", \.string)
        seed = try json.member("seed") { $0.string.flatMap { Seed($0) } }
        kernel = json["kernel"]?.string
        began = try json.member("began_unix_s", \.count)
        wall = try json.member("wall_s", \.number)
        start = json["start_s"]?.number ?? 0
        asked = json["asked_s"]?.number ?? 0
        duration = json["duration_s"]?.number ?? 0
        operations = json["operations"]?.count ?? 0
        faults = json["faults"]?.count ?? 0
        words = json["words"]?.count ?? 0
        signatures = (json["signatures"]?.values ?? []).compactMap {
            guard let signature = $0["signature"]?.string, let count = $0["count"]?.count else {
                return nil
            }
            return Seen(signature, count: count, sentence: $0["sentence"]?.string ?? "")
        }
        known = (json["known"]?.values ?? []).compactMap {
            guard let name = $0["name"]?.string, let count = $0["count"]?.count else { return nil }
            return Known(name, signature: $0["signature"]?.string ?? "", count: count)
        }
        knownFailure = json["known_failure"]?.string
        report = json["report"]?.string ?? id
        guard PlannedRun.isName(report) else { throw NightError("a report is no name") }
        lost = json["lost_s"]?.number ?? 0
        hasPage = json["page"]?.flag ?? false
        repeats = (json["repeats"]?.values ?? []).compactMap {
            guard let kernel = $0["kernel"]?.string, let runs = $0["runs"]?.count else {
                return nil
            }
            var shown: [String: Int] = [:]
            for member in $0["shown"]?.members ?? [] {
                shown[member.name] = member.value.count.map { Int(clamping: $0) }
            }
            return Repeats(
                kernel: kernel, runs: Int(clamping: runs), shown: shown,
                wall: $0["wall_s"]?.number ?? 0)
        }
    }
}
