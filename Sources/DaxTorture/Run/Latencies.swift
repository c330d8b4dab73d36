import DaxModel
import DaxOperations
import Histogram

/// How long operations took, by kind, in ticks of the clock.
struct Latencies {
    private var histograms: [OperationKind: Histogram<UInt32>] = [:]

    mutating func add(_ log: Log) {
        for record in log.records {
            let ticks = record.interval.returned.ticks - record.interval.invoked.ticks
            histograms[
                record.kind,
                default: Histogram(
                    highestTrackableValue: 1 << 42, numberOfSignificantValueDigits: .two)
            ].record(ticks)
        }
    }

    /// p50, p90, p99 and maximum, in ticks.
    func percentiles(of kind: OperationKind) -> [UInt64]? {
        guard let histogram = histograms[kind] else { return nil }
        return [50, 90, 99, 100].map { histogram.valueAtPercentile($0) }
    }
}
