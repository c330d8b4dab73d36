import DaxModel
import DaxProve
import Testing

/// Bisections of made-up histories, from seeds.
@Suite struct BisectorTests {
    private static let bug = "R3 freshness | zero | load | punch"

    private func names(_ count: Int) -> [String] { (1...count).map { "k\($0)" } }

    private func terms(_ confidence: Double, hits: Int = 5) -> Bisector.Terms {
        var terms = Bisector.Terms()
        (terms.sought, terms.confidence, terms.hits) = (SoughtSignature("R3"), confidence, hits)
        return terms
    }

    /// A run that shows the bug, and one that does not.
    private let hit = Bisector.Answer.run(RunFindings(signatures: [bug]))
    private let miss = Bisector.Answer.run(RunFindings())

    private func number(_ kernel: String) -> Int { Int(kernel.dropFirst())! }

    /// The bug shows in 3 runs of 10 from some kernel on: the answer is right as often as stated, and where
    /// it is wrong it is too late.
    @Test(arguments: [0.8, 0.9, 0.99]) func theAnswerIsRightAsOftenAsStated(_ confidence: Double)
        throws
    {
        var wrong = 0
        let bisections = 1000
        for seed in 0..<bisections {
            var random = Random(seed: UInt64(seed))
            let count = 2 + random.below(60)
            let first = 2 + random.below(count - 1)
            var bisector = Bisector(terms(confidence)) { kernel, _ in
                number(kernel) >= first && random.chance(3, in: 10) ? hit : miss
            }
            var row = KernelRow(names(count))
            guard case .found(let suspects) = try bisector.bisect(&row) else {
                Issue.record("no answer from seed \(seed)")
                continue
            }
            #expect(suspects.count == 1 && number(suspects[0]) >= first)
            if number(suspects[0]) != first { wrong += 1 }
        }
        #expect(Double(wrong) <= (1 - confidence) * Double(bisections), "\(wrong) wrong")
    }

    /// What is not between the ends is not found there: nine of ten are seen at the first look.
    @Test func aGoodEndThatIsBadIsSeen() throws {
        var (seen, early) = (0, 0)
        for seed in 0..<300 {
            var random = Random(seed: UInt64(seed))
            var bisector = Bisector(terms(0.95)) { _, _ in random.chance(3, in: 10) ? hit : miss }
            var row = KernelRow(names(16))
            let conclusion = try bisector.bisect(&row)
            if conclusion == .goodEndIsBad { seen += 1 }
            if conclusion == .goodEndIsBad && bisector.judgements.count == 2 { early += 1 }
        }
        #expect(seen >= 285 && early >= 260, "\(seen) \(early)")
    }

    @Test func aBadEndThatIsGoodIsSeen() throws {
        var terms = terms(0.9)
        terms.most = 40
        var bisector = Bisector(terms) { _, _ in miss }
        var row = KernelRow(names(4))
        #expect(try bisector.bisect(&row) == .badEndIsGood(runs: 40))
    }

    /// A sure bug takes few runs: as often as it is to show at the bad end, a few of a good one, one of a
    /// bad one.
    @Test func aSureBugTakesFewRuns() throws {
        var runs = 0
        var bisector = Bisector(terms(0.99)) { kernel, _ in
            runs += 1
            return number(kernel) >= 700 ? hit : miss
        }
        var row = KernelRow(names(1024))
        #expect(try bisector.bisect(&row) == .found(["k700"]))
        #expect(runs < 5 + 10 * 8, "\(runs)")
        #expect(bisector.rate == ShownRate(hits: 5, of: 5))
    }

    // MARK: what is no hit

    /// Another bug from k2 on, in each run: told, and no reason to call a kernel bad.
    @Test func anotherBugIsToldAndIsNotBad() throws {
        var bisector = Bisector(terms(0.99)) { kernel, _ in
            let found =
                number(kernel) < 2
                ? []
                : number(kernel) < 6
                    ? ["R30", "R10 kernel | a BUG"] : ["R10 kernel | a BUG", "R3"]
            return .run(RunFindings(signatures: found))
        }
        var row = KernelRow(names(9))
        #expect(try bisector.bisect(&row) == .found(["k6"]))
        #expect(bisector.table.contains("R10 kernel | a BUG"))
    }

    /// A run that another bug ended early is no run without this one.
    @Test func whatIsNoTestIsNoMiss() throws {
        var bisector = Bisector(terms(0.99)) { kernel, run in
            if number(kernel) == 5 {
                return .run(RunFindings(signatures: ["R10"], excuse: "early"))
            }
            if run % 2 == 0 { return .run(RunFindings(excuse: "empty")) }
            return number(kernel) >= 6 ? hit : miss
        }
        var row = KernelRow(names(9))
        #expect(try bisector.bisect(&row) == .found(["k5", "k6"]))
        let untestable = try #require(bisector.judgements.first { $0.runs.kernel == "k5" })
        #expect(untestable.verdict == .untestable && untestable.runs.findings.count == 3)
        #expect(bisector.line(untestable) == "k5: untestable: early; another bug: R10 in 3")
        for judged in bisector.judgements where judged.verdict == .good {
            #expect(judged.runs.findings.count { $0.excuse == nil } == judged.needed)
        }
    }

    /// What cannot be built or booted is passed over; an end must be testable.
    @Test func whatCannotBeRunIsSkipped() throws {
        for broken in 2...8 {
            var bisector = Bisector(terms(0.99)) { kernel, _ in
                if number(kernel) == broken { return .obstacle("not built") }
                return number(kernel) >= 4 ? hit : miss
            }
            var row = KernelRow(names(9))
            let suspects = broken == 3 ? ["k3", "k4"] : broken == 4 ? ["k4", "k5"] : ["k4"]
            #expect(try bisector.bisect(&row) == .found(suspects), "\(broken)")
        }
        for end in ["k1", "k9"] {
            var bisector = Bisector(terms(0.99)) { kernel, _ in
                kernel == end ? .obstacle("not built") : number(kernel) >= 4 ? hit : miss
            }
            var row = KernelRow(names(9))
            #expect(try bisector.bisect(&row) == .endUntestable(end, reason: "not built"))
        }
    }

    @Test func theBadEndSaysWhatIsSought() throws {
        var terms = terms(0.99)
        terms.sought = nil
        var bisector = Bisector(terms) { kernel, run in
            guard number(kernel) >= 3 else {
                return run % 2 == 0 ? miss : .run(RunFindings(signatures: ["R10"]))
            }
            return .run(
                RunFindings(signatures: run % 3 == 0 ? ["R10"] : ["R5 SIGBUS | none", "R12"]))
        }
        var row = KernelRow(names(4))
        #expect(try bisector.bisect(&row) == .found(["k3"]))
        #expect(bisector.sought == SoughtSignature("R12") && bisector.rate == ShownRate("5/7"))
    }

    @Test func aStopEndsIt() throws {
        for last in 0..<30 {
            var left = last
            var bisector = Bisector(terms(0.9)) { kernel, _ in
                left -= 1
                return left < 0 ? .interrupted : number(kernel) >= 4 ? hit : miss
            }
            var row = KernelRow(names(9))
            let conclusion = try bisector.bisect(&row)
            #expect(left >= 0 || conclusion == .interrupted)
        }
    }

    // MARK: parts

    @Test func signaturesAreComparedByAllPartsThatAreKnown() {
        let whole = "R3 freshness | zero | load | punch, truncate"
        for text in ["R3", "R3 freshness", "R3 | zero", "R3 freshness | zero | load", whole] {
            #expect(SoughtSignature(text).matches(whole), "\(text)")
        }
        for text in [
            "", "R", "R30", "R1", "R3 fresh", "R3 | an old stamp", "R3 | zero | load | punch",
            whole + " | more",
        ] {
            #expect(!SoughtSignature(text).matches(whole), "\(text)")
        }
        #expect(SoughtSignature(like: whole).description == "R3 freshness | zero")
        #expect(SoughtSignature("R3").matches("R3"))
    }

    /// The verdicts that are left are never more than was said.
    @Test func aRowIsHalved() {
        for count in 2...40 {
            for first in 2...count {
                var row = KernelRow(names(count))
                var most = row.verdictsLeft
                while let kernel = row.next() {
                    row.take(number(kernel) >= first ? .bad : .good, of: kernel)
                    #expect(row.verdictsLeft < most)
                    most = row.verdictsLeft
                }
                #expect(most == 0 && row.suspects == ["k\(first)"])
            }
        }
    }
}
