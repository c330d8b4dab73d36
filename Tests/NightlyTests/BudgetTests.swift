import DaxReport
import DaxText
import Testing

@testable import DaxNightly

/// A night takes as long as it may, whatever its runs cost.
@Suite struct BudgetTests {
    @Test func durationsFillTheRoom() {
        let cost = RunCosts.Cost(fixed: 20, ratio: 1.5)
        var fit = BudgetFit([cost, cost], seconds: 100, jobs: 1)
        #expect(fit.count == 2 && fit.duration == 20)
        fit = BudgetFit([cost, cost], seconds: 100, jobs: 2)
        #expect(fit.count == 2 && abs(fit.duration - 160 / 3) < 0.01)
        fit = BudgetFit([cost, cost], seconds: 60, jobs: 1)
        #expect(fit.count == 1 && abs(fit.duration - 40 / 1.5) < 0.01)
        fit = BudgetFit([cost, cost], seconds: 30, jobs: 1)
        #expect(fit.count == 0 && fit.duration == BudgetFit.least)
        #expect(BudgetFit([], seconds: 30, jobs: 1).count == 0)
    }

    @Test func costsAreLearnt() throws {
        let plan = filled(plan())
        var costs = RunCosts()
        let run = plan.runs[0]
        #expect(costs.cost(run) == RunCosts.unknown)
        func note(_ wall: Double, _ start: Double, _ duration: Double, at time: UInt64) {
            var one = outcome(run, wall: wall)
            (one.start, one.duration, one.asked) = (start, duration, 20)
            costs.note(run, one, at: time)
        }
        note(44, 12, 26, at: 5)
        #expect(costs.cost(run) == RunCosts.Cost(fixed: 12, ratio: 1.6))
        // Others are like it until more is known of them.
        #expect(plan.runs.allSatisfy { costs.cost($0) == costs.cost(run) })
        note(50, 16, 20, at: 3)
        #expect(abs(costs.cost(run).fixed - 14) < 0.01 && costs.latest(run.combination) == 5)
        // What never came up says nothing.
        note(3, 0, 0, at: 9)
        #expect(abs(costs.cost(run).ratio - 1.65) < 0.01)
        // What ended early took as long as it worked.
        note(19, 14, 2.5, at: 9)
        #expect(abs(costs.cost(run).ratio - 1.825) < 0.01)
        #expect(abs(costs.cost(run).fixed - 14) < 0.01 && costs.latest(run.combination) == 9)
        #expect(RunCosts(json: try JSON(costs.json.text)) == costs)
        #expect(RunCosts(json: ["schema": .string("other")]) == RunCosts())
    }

    /// Runs that cost twice or half of what was expected, failures that are tried again: within 3 %.
    @Test(arguments: [(8.0, 1.1), (15.0, 1.4), (30.0, 2.0)], [600.0, 3600])
    func aNightTakesItsBudget(_ cost: (fixed: Double, ratio: Double), _ budget: Double) throws {
        let plan = filled(
            plan(
                options: ["a", "b", "c", "d", "e"], configs: ["x", "y", "z"], budget: budget,
                baseline: "k1"))
        let machine = FakeMachine()
        let outcomes = try carryOut(plan, on: machine) { request in
            let isBad = request.run.kernel == "k2" && request.run.options == "b"
            return (
                isBad ? ["R3 | zero | load"] : [], cost.fixed + cost.ratio * duration(request)
            )
        }
        #expect(abs(machine.now - budget) <= budget * 0.05, "\(machine.now) of \(budget)")
        // For one, or a tenth of all, there may be no time where all cost more than was known.
        #expect(outcomes.count >= plan.runs.count - max(1, plan.runs.count / 10))
        #expect(machine.requests.allSatisfy { duration($0) >= BudgetFit.least })
    }

    /// What an earlier part of the night took is gone.
    @Test func aResumedNightHasLess() throws {
        let plan = filled(plan(options: ["a", "b"], budget: 600))
        let machine = FakeMachine()
        let earlier = [plan.runs[0].id: outcome(plan.runs[0], wall: 300)]
        let outcomes = try carryOut(plan, on: machine, earlier: earlier, spent: 300) {
            ([], 10 + duration($0))
        }
        #expect(outcomes.count == 8 && machine.requests.count == 7)
        #expect(abs(machine.now - 300) < 15, "\(machine.now)")
    }

    @Test func withoutABudgetTheMatrixSays() throws {
        let plan = filled(plan(), duration: .seconds(33))
        let machine = FakeMachine()
        _ = try carryOut(plan, on: machine) { _ in ([], 1) }
        #expect(machine.requests.map(duration) == [33, 33, 33, 33])
    }
}
