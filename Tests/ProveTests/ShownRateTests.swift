import DaxModel
import DaxProve
import Testing

/// How many runs make a kernel a good one.
@Suite struct ShownRateTests {
    @Test func isReadAsItIsWritten() {
        #expect(ShownRate("8/27") == ShownRate(hits: 8, of: 27))
        #expect(ShownRate(hits: 8, of: 27).description == "8/27")
        for text in ["", "8", "8/", "0/3", "4/3", "8/27/1", "-1/2", "8/9999999"] {
            #expect(ShownRate(text) == nil, "\(text)")
        }
    }

    /// All the hits among the first runs: (runs over hits) / (runs + n over hits), here in whole numbers.
    @Test func theRunsAreFishersExactly() {
        func ways(_ all: Int, _ chosen: Int) -> Double {
            Double((0..<chosen).reduce(1) { $0 * (all - $1) / ($1 + 1) })
        }
        for (hits, runs) in [(1, 1), (1, 9), (3, 3), (4, 20), (8, 27)] {
            let rate = ShownRate(hits: hits, of: runs)
            for risk in [0.3, 0.1, 0.01] {
                let count = rate.runsWithout(risk: risk)
                func chance(_ count: Int) -> Double { ways(runs, hits) / ways(runs + count, hits) }
                // What is a tenth exactly may be a little more to a Double.
                let few = chance(count - 1) > risk * (1 - 1e-9)
                #expect(chance(count) <= risk && few, "\(rate) \(risk)")
            }
        }
    }

    /// Whatever the rate is, and nobody is told: as many bad kernels as stated pass for good, and no more.
    @Test(arguments: [0.05, 0.3, 0.7, 1]) func aBadKernelPassesAsSeldomAsStated(_ chance: Double) {
        var random = Random(seed: 7, stream: UInt64(chance * 100))
        let (risk, trials) = (0.1, 4000)
        func shows() -> Bool { Double(random.below(1_000_000)) < chance * 1_000_000 }
        var passed = 0
        for _ in 0..<trials {
            var (hits, runs) = (0, 0)
            while hits < 4 {
                runs += 1
                if shows() { hits += 1 }
            }
            let count = ShownRate(hits: hits, of: runs).runsWithout(risk: risk)
            if (0..<count).allSatisfy({ _ in !shows() }) { passed += 1 }
        }
        // Four standard deviations.
        #expect(Double(passed) <= risk * Double(trials) + 4 * 19)
        // It wastes no runs either: with so few hits a run more or less is a tenth of it.
        if chance < 0.5 { #expect(Double(passed) > 0.6 * risk * Double(trials)) }
    }

    @Test func theSharesOfARiskAreNeverMoreThanTheWhole() {
        var random = Random(seed: 1)
        for _ in 0..<200 {
            var budget = RiskBudget(confidence: 0.95)
            var sum = 0.0
            for _ in 0..<random.below(30) {
                let share = budget.share(of: 1 + random.below(12))
                #expect(share > 0)
                sum += share
            }
            #expect(sum <= 0.05 + 1e-12)
        }
        var budget = RiskBudget(confidence: 0.9)
        let shares = [4, 3, 2, 1].map { budget.share(of: $0) }
        #expect(shares.allSatisfy { abs($0 - 0.02) < 1e-12 })
    }
}
