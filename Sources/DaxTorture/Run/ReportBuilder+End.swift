import DaxActors
import DaxModel
import DaxOperations
import DaxReport

/// What a report gets at a run's end, and what is known of it meanwhile.
extension ReportBuilder {
    /// The report as it would be if the run ended here.
    func reportSoFar(elapsed: UInt64, faults: (pte: UInt64, pmd: UInt64)) -> Report {
        var soFar = self
        soFar.end(elapsed: elapsed, faults: faults)
        soFar.report.conclude()
        return soFar.report
    }

    mutating func end(elapsed: UInt64, faults: (pte: UInt64, pmd: UInt64)) {
        report.duration = Double(elapsed / 1_000_000) / 1e3
        (report.faults.pte, report.faults.pmd) = (faults.pte, faults.pmd)
        if report.processes.overlaps != nil {
            report.processes.overlaps = overlaps.betweenProcesses
        }
        for (pair, counts) in overlaps.counts where pair.a != pair.b {
            report.overlaps[
                Report.pair(roles[pair.a].rawValue, roles[pair.b].rawValue)] = counts.sum
        }
        report.coverage = cells.pairs.map { pair in
            let counts = overlaps.counts[pair] ?? Overlaps.Counts()
            let faults = cells.canFault(pair)
            return Coverage(
                roles[pair.a].rawValue, roles[pair.b].rawValue, none: counts.none,
                pte: faults ? counts.pte : nil, pmd: faults ? counts.pmd : nil)
        }.sorted { ($0.a, $0.b) < ($1.a, $1.b) }
        for kind in OperationKind.allCases {
            guard let ticks = latencies.percentiles(of: kind) else { continue }
            let ns = ticks.map { UInt64(Double($0) * 1e9 / ticksPerSecond) }
            report.latency[kind.name] = Latency(p50: ns[0], p90: ns[1], p99: ns[2], max: ns[3])
        }
    }

    /// The live line. `elapsed` is in nanoseconds.
    mutating func progress(
        elapsed: UInt64, steps: UInt64, faults: (pte: UInt64, pmd: UInt64)
    ) -> String {
        let span = max(0.001, Double(elapsed - min(lastElapsed, elapsed)) / 1e9)
        let handled = faults.pte + faults.pmd
        defer { (lastElapsed, lastSteps, lastFaults) = (elapsed, steps, handled) }
        return Progress(
            secondsLeft: Double(duration - min(duration, elapsed)) / 1e9,
            operationsPerSecond: UInt64(Double(steps - lastSteps) / span),
            faultsPerSecond: UInt64(Double(handled - lastFaults) / span),
            overlaps: overlaps.counts.reduce(0) { $0 + ($1.key.a != $1.key.b ? $1.value.sum : 0) },
            violations: report.violationsTotal, distinct: report.distinct,
            firstQuietPoint: report.checks.epochs > 0
                ? nil : Double(epoch - min(epoch, elapsed)) / 1e9
        ).line
    }
}
