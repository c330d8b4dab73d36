import DaxOracle
import DaxReport

/// What the oracle could have seen, and how it decided.
extension ReportBuilder {
    mutating func add(_ power: Power, _ decided: Decided) {
        for (sort, count) in [
            (.zeroForStamp, power.zeroForStamp), (.stampBefore, power.stampBefore),
            (.stampForZero, power.stampForZero), (.sigbusForSuccess, power.sigbusForSuccess),
            (.successForSigbus, power.successForSigbus),
        ] as [(PowerFacts.Sort, Power.Count)] {
            report.power[sort] += PowerFacts.Count(
                tried: UInt64(count.tried), refused: UInt64(count.refused))
        }
        report.decided.racing += DecidedFacts.Words(decided.racing)
        report.decided.audits += DecidedFacts.Words(decided.audits)
    }
}

extension DecidedFacts.Words {
    fileprivate init(_ counts: Decided.Words) {
        self.init()
        (words, exact) = (UInt64(counts.words), UInt64(counts.exact))
        (oneSided, byCopy) = (UInt64(counts.oneSided), UInt64(counts.byCopy))
        (torn, undecided) = (UInt64(counts.torn), UInt64(counts.undecided))
    }
}
