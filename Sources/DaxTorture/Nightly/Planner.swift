package import DaxText

/// Makes a night's plan of what there is to run, what runs cost, and what failed before.
package struct Planner {
    /// What is left of the budget for failures that are tried again, and for runs that take longer.
    static let share = 0.85

    private let costs: RunCosts
    private let jobs: Int
    private let seed: () -> Seed

    /// `seed` draws a seed for each run.
    package init(costs: RunCosts, jobs: Int, seed: @escaping () -> Seed) {
        (self.costs, self.jobs, self.seed) = (costs, jobs, seed)
    }

    /// A combination of a matrix, as it would run.
    package struct Candidate: Hashable, Sendable {
        package var kernel: String
        package var filesystem: String
        package var options: String
        package var config: String

        var name: String { [kernel, filesystem, options, config].joined(separator: "_") }
    }

    /// All of a matrix that a config's own rules do not refuse; `refusal` says why one is refused, `isLeft`
    /// whether it is to be left out without a word.
    package static func candidates(
        of plan: inout NightPlan, filesystems: [String], isLeft: (Candidate) -> Bool,
        refusal: ([String]) -> String?
    ) -> [Candidate] {
        var found: [Candidate] = []
        for kernel in plan.kernels {
            for filesystem in filesystems {
                for options in plan.options {
                    for config in plan.configs where options.suit(filesystem, config.name) {
                        let one = Candidate(
                            kernel: kernel.name, filesystem: filesystem, options: options.name,
                            config: config.name)
                        if isLeft(one) { continue }
                        let run = PlannedRun(one, "1", Seed(1), .seconds(1))
                        if let reason = refusal(plan.arguments(run)) {
                            plan.unsuited.append(NightPlan.Unsuited(one.name, reason))
                        } else {
                            found.append(one)
                        }
                    }
                }
            }
        }
        return found
    }

    /// Puts the runs into `plan`: those that failed before first, then `seeds` of each candidate, as many as
    /// the budget has room for at the shortest duration, longer where it has more.
    package func fill(
        _ plan: inout NightPlan, _ candidates: [Candidate], seeds: Int, duration: TimeSpan,
        failed: [NightFinding]
    ) {
        var runs = again(failed, candidates, duration)
        for number in 1...max(1, seeds) {
            for one in rotated(candidates) {
                runs.append(PlannedRun(one, "\(number)", seed(), duration))
            }
        }
        if let budget = plan.budget {
            let room = BudgetFit(
                runs.map { costs.cost($0) }, seconds: budget * Planner.share, jobs: jobs)
            plan.leftOut = runs.dropFirst(max(room.count, 1)).map(\.id)
            runs = Array(runs.prefix(max(room.count, 1)))
            let fit = BudgetFit(runs.map { costs.cost($0) }, seconds: budget, jobs: jobs)
            for index in runs.indices {
                runs[index].duration = .milliseconds(UInt64(fit.duration * 10) * 100)
            }
        }
        for index in runs.indices {
            runs[index].cost = costs.cost(runs[index]).seconds(runs[index].duration.inSeconds)
        }
        plan.runs = runs
    }

    /// What failed, from the seed from which it did, each once.
    private func again(
        _ failed: [NightFinding], _ candidates: [Candidate], _ duration: TimeSpan
    ) -> [PlannedRun] {
        var runs: [PlannedRun] = []
        for finding in failed {
            guard let origin = finding.origin,
                let one = candidates.first(where: { $0.name == origin.combination }),
                !runs.contains(where: { $0.combination == one.name && $0.seed == origin.seed })
            else { continue }
            let number = runs.count { $0.combination == one.name } + 1
            var run = PlannedRun(one, "again\(number)", origin.seed, duration)
            run.isRepeated = true
            runs.append(run)
        }
        return runs
    }

    /// The candidates in the order in which they are due: what ran longest ago in front, and of equals the
    /// one that has the most of what those before it have least of, so that a night that has no room for all
    /// has something of each kernel, filesystem, set of options and config.
    func rotated(_ candidates: [Candidate]) -> [Candidate] {
        var uses: [String: Int] = [:]
        func names(_ one: Candidate) -> [String] {
            [
                "k" + one.kernel, "f" + one.filesystem, "o" + one.options, "c" + one.config,
                "kf" + one.kernel + "_" + one.filesystem,
            ]
        }
        var left = candidates.map { one in
            (one, names(one), costs.latest(one.name) ?? 0)
        }
        var order: [Candidate] = []
        while !left.isEmpty {
            let due = left.map(\.2).min()!
            var best = -1
            var bestScore = Int.max
            for (index, (_, names, latest)) in left.enumerated() where latest == due {
                let score = names.reduce(0) { $0 + uses[$1, default: 0] }
                if score < bestScore { (best, bestScore) = (index, score) }
            }
            let (one, names, _) = left.remove(at: best)
            for name in names { uses[name, default: 0] += 1 }
            order.append(one)
        }
        return order
    }
}

extension PlannedRun {
    fileprivate init(
        _ one: Planner.Candidate, _ number: String, _ seed: Seed, _ duration: TimeSpan
    ) {
        self.init(
            kernel: one.kernel, filesystem: one.filesystem, options: one.options,
            config: one.config, number: number, seed: seed, duration: duration)
    }
}
