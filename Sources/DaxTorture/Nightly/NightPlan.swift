package import DaxText

/// What a night runs: written once, before anything runs, and all that a run needs to know.
package struct NightPlan: Hashable, Sendable {
    /// The name and version of the JSON form.
    package static let schema = "daxtorture-plan-1"

    /// What the matrix is called: nights of one name are compared with each other.
    package var matrix: String
    /// Of the matrix's bytes: a plan belongs to what it was made from.
    package var digest: String
    /// When it was made, in seconds since 1970 (UTC).
    package var started: UInt64
    /// What the night may take, in seconds; nil: as long as it takes.
    package var budget: Double?
    package var kernels: [NightKernel]
    package var options: [NightOptions]
    package var configs: [NightConfig]
    package var baseline: String?
    /// Files for `--known`.
    package var known: [String]
    package var repeats: UInt64
    package var keep: UInt64
    package var runs: [PlannedRun]
    /// Combinations for which the budget has no room tonight.
    package var leftOut: [String]
    /// Combinations that a config's own rules refuse, and why.
    package var unsuited: [Unsuited]

    package struct Unsuited: Hashable, Sendable {
        package var combination: String
        package var reason: String

        package init(_ combination: String, _ reason: String) {
            (self.combination, self.reason) = (combination, reason)
        }
    }

    /// A plan without runs.
    package init(
        matrix: String, digest: String, started: UInt64, budget: Double?, kernels: [NightKernel],
        options: [NightOptions], configs: [NightConfig], baseline: String? = nil,
        known: [String] = [], repeats: UInt64 = 3, keep: UInt64 = 14
    ) {
        (self.matrix, self.digest, self.started) = (matrix, digest, started)
        (self.budget, self.kernels, self.options) = (budget, kernels, options)
        (self.configs, self.baseline, self.known) = (configs, baseline, known)
        (self.repeats, self.keep) = (repeats, keep)
        (runs, leftOut, unsuited) = ([], [], [])
    }

    /// What all of it is expected to take, in seconds.
    package var cost: Double { runs.reduce(0) { $0 + $1.cost } }

    func kernel(_ name: String) -> NightKernel? { kernels.first { $0.name == name } }

    func config(_ name: String) -> NightConfig? { configs.first { $0.name == name } }

    /// The arguments of a run but for its report, duration and seed; the first is the subcommand.
    package func arguments(_ run: PlannedRun, on kernel: String? = nil) -> [String] {
        var arguments = ["run", "--fs", run.filesystem]
        if let config = config(run.config) { arguments += ["--config", config.path] }
        arguments += self.kernel(kernel ?? run.kernel)?.arguments(run.filesystem) ?? []
        arguments += known.flatMap { ["--known", $0] }
        let set = options.first { $0.name == run.options }?.set ?? []
        return arguments + set.flatMap { ["--set", $0] }
    }

    /// The runs of shard `index` of `count`, from 1: the costliest first, each to the shard that has least
    /// to do by then, so that it follows from the plan alone.
    package func shard(_ index: Int, of count: Int) -> [PlannedRun] {
        precondition((1...count).contains(index), "no such shard")
        var loads = [Double](repeating: 0, count: count)
        var mine: Set<String> = []
        for run in runs.sorted(by: { ($1.cost, $0.id) < ($0.cost, $1.id) }) {
            let least = loads.indices.min { loads[$0] < loads[$1] }!
            loads[least] += max(run.cost, 0.001)
            if least == index - 1 { mine.insert(run.id) }
        }
        return runs.filter { mine.contains($0.id) }
    }
}

extension NightPlan {
    package var json: JSON {
        [
            "schema": .string(NightPlan.schema), "matrix": .string(matrix),
            "digest": .string(digest), "started_unix_s": .number(started),
            "budget_s": .optional(budget.map { .double($0) }), "cost_s": .double(cost),
            "kernels": .array(kernels.map(\.json)), "options": .array(options.map(\.json)),
            "configs": .array(configs.map(\.json)),
            "baseline": .optional(baseline.map { .string($0) }), "known": .strings(known),
            "repeats": .number(repeats), "keep": .number(keep), "runs": .array(runs.map(\.json)),
            "left_out": .strings(leftOut),
            "unsuited": .array(
                unsuited.map {
                    ["combination": .string($0.combination), "reason": .string($0.reason)]
                }),
        ]
    }

    package init(json: JSON) throws(NightError) {
        guard json["schema"]?.string == NightPlan.schema else {
            throw NightError("no plan of this version (\(NightPlan.schema))")
        }
        func all<Value>(
            _ name: String, _ read: (JSON) throws(NightError) -> Value
        ) throws(NightError) -> [Value] {
            var found: [Value] = []
            for value in json[name]?.values ?? [] { found.append(try read(value)) }
            return found
        }
        matrix = try json.member("matrix", \.string)
        digest = try json.member("digest", \.string)
        started = try json.member("started_unix_s", \.count)
        budget = json["budget_s"]?.number
        kernels = try all("kernels", NightKernel.init(json:))
        options = try all("options", NightOptions.init(json:))
        configs = try all("configs", NightConfig.init(json:))
        (baseline, known) = (json["baseline"]?.string, json["known"]?.strings ?? [])
        repeats = try json.member("repeats", \.count)
        keep = try json.member("keep", \.count)
        runs = try all("runs", PlannedRun.init(json:))
        guard Set(runs.map(\.id)).count == runs.count else {
            throw NightError("two runs of one id")
        }
        leftOut = json["left_out"]?.strings ?? []
        unsuited = (json["unsuited"]?.values ?? []).compactMap {
            guard let combination = $0["combination"]?.string, let reason = $0["reason"]?.string
            else { return nil }
            return Unsuited(combination, reason)
        }
    }
}
