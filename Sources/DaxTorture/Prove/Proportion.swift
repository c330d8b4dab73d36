import Glibc

/// How often something showed, and what that says of how often it does: k of n.
package struct Proportion: Hashable, Sendable, CustomStringConvertible {
    package let hits: UInt64
    package let trials: UInt64

    /// `hits` of `trials`, which are not fewer.
    package init(_ hits: UInt64, of trials: UInt64) {
        precondition(hits <= trials, "more hits than trials")
        (self.hits, self.trials) = (hits, trials)
    }

    /// The rates, from 0 to 1, that do not make so many hits, or as few, less likely than 2.5 % each: the
    /// interval of Clopper and Pearson (1934) for 95 %, which is exact, and rather too wide.
    package var interval: ClosedRange<Double> {
        guard trials > 0 else { return 0...1 }
        let low = hits == 0 ? 0 : solve { 1 - below(hits, at: $0) - 0.025 }
        let high = hits == trials ? 1 : solve { 0.025 - below(hits + 1, at: $0) }
        return low...max(low, high)
    }

    /// The probability of less than `count` hits at the rate `rate`.
    private func below(_ count: UInt64, at rate: Double) -> Double {
        if rate <= 0 { return 1 }
        if rate >= 1 { return 0 }
        let n = Double(trials)
        var sum = 0.0
        var logarithm = n * log(1 - rate)
        for k in 0..<count {
            sum += exp(logarithm)
            logarithm += log((n - Double(k)) / Double(k + 1) * rate / (1 - rate))
        }
        return min(1, sum)
    }

    /// Where a function that grows with the rate crosses zero.
    private func solve(_ function: (Double) -> Double) -> Double {
        var (low, high) = (0.0, 1.0)
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if function(middle) < 0 { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    package var description: String {
        func percent(_ rate: Double) -> String {
            let tenths = Int((rate * 1000).rounded())
            return "\(tenths / 10).\(tenths % 10)"
        }
        return "\(hits) of \(trials) (95 % interval \(percent(interval.lowerBound)) to "
            + "\(percent(interval.upperBound)) %)"
    }
}
