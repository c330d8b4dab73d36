import DaxHost
import DaxReport
import DaxText
import Testing

@testable import DaxNightly

/// New, still, unseen, fixed, known, flaky.
@Suite struct ComparisonTests {
    private let zero = "R3 | zero | load | punch"

    /// A night in which the runs named in `bad` show a signature.
    private func night(
        _ name: String, _ bad: [String: [String]], before: [NightFinding] = [],
        run: (PlannedRun) -> Bool = { _ in true }, tries: (Int, of: Int)? = nil,
        known: String? = nil
    ) -> NightResults {
        let plan = filled(plan())
        var outcomes: [String: RunOutcome] = [:]
        for one in plan.runs where run(one) {
            var outcome = outcome(one, bad[one.id] ?? [])
            if !outcome.signatures.isEmpty {
                outcome.knownFailure = known
                if let tries {
                    outcome.repeats = [
                        RunOutcome.Repeats(
                            kernel: one.kernel, runs: tries.of, shown: ["R3 | zero": tries.0])
                    ]
                }
            }
            outcomes[one.id] = outcome
        }
        return NightResults(plan, outcomes, night: name, before: before)
    }

    private func open(_ results: NightResults) -> [NightFinding] {
        results.findings.filter(\.state.isOpen)
    }

    private let bad = "k2_xfs-dax_plain_default_1"

    @Test func newThenStillThenFixed() throws {
        let first = night("n1", [bad: [zero]], tries: (3, of: 3))
        #expect(first.findings.map(\.state) == [.new])
        #expect(first.status(strict: false) == .violation)
        let finding = try #require(first.findings.first)
        #expect(finding.head == "R3 | zero" && finding.kernel == "k2" && finding.count == 3)
        let seed = filled(plan()).runs.first { $0.id == bad }?.seed
        #expect(finding.origin?.seed == seed && finding.runs == [bad] && !finding.isFlaky)
        // By another observer it is the same still.
        let second = night("n2", [bad: ["R3 | zero | read"]], before: open(first))
        #expect(second.findings.map(\.state) == [.still] && second.findings[0].first == "n1")
        #expect(second.status(strict: false) == .clean && second.status(strict: true) == .violation)
        let third = night("n3", [:], before: open(second))
        #expect(third.findings.map(\.state) == [.fixed] && third.findings[0].last == "n2")
        #expect(third.status(strict: true) == .clean && open(third).isEmpty)
        // What comes back is new.
        #expect(night("n4", [bad: [zero]], before: open(third)).findings[0].state == .new)
    }

    @Test func anotherKernelOrFilesystemIsAnotherFailure() {
        let first = night("n1", [bad: [zero]])
        let both = night(
            "n2", [bad: [zero], "k1_xfs-dax_plain_default_1": [zero]], before: open(first))
        let states = both.findings.map { "\($0.kernel) \($0.state)" }
        #expect(states.sorted() == ["k1 new", "k2 still"])
        #expect(both.status(strict: false) == .violation)
    }

    /// Nothing is fixed by a night that did not look, or looked in vain for what shows now and then.
    @Test func whatWasNotLookedForIsOpen() {
        let first = night("n1", [bad: [zero]], tries: (3, of: 3))
        let second = night("n2", [:], before: open(first), run: { $0.id != bad })
        #expect(second.findings.map(\.state) == [.unseen] && second.findings[0].without == 0)
        #expect(second.status(strict: false) == .untested)
        let third = night("n3", [bad: [zero]], before: open(second))
        #expect(third.findings.map(\.state) == [.still] && third.findings[0].first == "n1")
    }

    @Test func whatShowsNowAndThenIsFlaky() {
        let first = night("n1", [bad: [zero]], tries: (1, of: 3))
        #expect(first.findings[0].isFlaky && first.findings[0].title == "new, flaky")
        // At 2 in 5: 0.6 to the sixth is less than a twentieth.
        #expect(first.findings[0].needed == 6)
        var last = first
        for number in 2...6 {
            last = night("n\(number)", [:], before: open(last))
            #expect(last.findings.map(\.state) == [.unseen], "\(number)")
        }
        last = night("n7", [:], before: open(last))
        #expect(last.findings.map(\.state) == [.fixed] && last.findings[0].without == 6)
        #expect(night("n1", [bad: [zero]], tries: (0, of: 3)).findings[0].needed == 14)
        #expect(night("n1", [bad: [zero]]).findings[0].needed == 3)
    }

    @Test func whatAConfigIsKnownToFailIsKnown() {
        let results = night("n1", [bad: [zero]], known: "a fix")
        #expect(results.findings.map(\.state) == [.known] && open(results).isEmpty)
        #expect(results.count(.known) == 1 && results.status(strict: false) == .clean)
        #expect(results.status(strict: true) == .violation)
    }

    @Test func theBaselineIsTold() {
        let plan = filled(plan(baseline: "k1"))
        let run = plan.runs.first { $0.id == bad }!
        var one = outcome(run, [zero, "R4 | older"])
        one.repeats = [
            RunOutcome.Repeats(kernel: "k2", runs: 3, shown: ["R3 | zero": 2, "R4 | older": 3]),
            RunOutcome.Repeats(kernel: "k1", runs: 3, shown: ["R3 | zero": 3]),
        ]
        let findings = NightResults(plan, [bad: one], night: "n").findings
        #expect(
            findings.map(\.tries?.shown) == [2, 3] && findings.map(\.baseline?.shown) == [3, 0])
        #expect(
            findings[0].line
                == "new, flaky: R3 | zero on xfs-dax, k2; again in 2 of 3; on the baseline kernel in 3 of 3"
        )
    }

    @Test func untestedIsNoPass() {
        let plan = filled(plan())
        var outcomes = plan.runs.reduce(into: [:]) { $0[$1.id] = outcome($1) }
        #expect(NightResults(plan, outcomes, night: "n").status(strict: true) == .clean)
        outcomes[bad]?.verdict = .untested
        #expect(NightResults(plan, outcomes, night: "n").status(strict: false) == .untested)
        outcomes[bad] = nil
        let results = NightResults(plan, outcomes, night: "n")
        #expect(results.status(strict: false) == .untested && results.count(.notRun) == 1)
        #expect(NightResults(filled(plan0), [:], night: "n").status(strict: false) == .untested)
    }

    private var plan0: NightPlan {
        var plan = plan()
        plan.kernels = []
        return plan
    }

    @Test func findingsAndOutcomesAreReadBack() throws {
        var finding = night("n1", [bad: [zero]], tries: (1, of: 3)).findings[0]
        finding.baseline = NightFinding.Tries(0, of: 3)
        finding.reason = "why"
        finding.without = 4
        #expect(try NightFinding(json: JSON(finding.json.text)) == finding)
        var one = outcome(filled(plan()).runs[0], [zero])
        one.known = [RunOutcome.Known("a", signature: "R1", count: 0)]
        one.repeats = [RunOutcome.Repeats(kernel: "k", runs: 2, shown: ["R3 | zero": 1], wall: 3)]
        (one.knownFailure, one.hasPage, one.faults, one.words) = ("x", true, 5, 6)
        (one.report, one.lost) = ("y", 2)
        #expect(try RunOutcome(json: JSON(one.json.text)) == one)
        let tally = night("n1", [bad: [zero]]).tally
        #expect(try NightTally(json: JSON(tally.json.text)).json == tally.json)
    }
}
