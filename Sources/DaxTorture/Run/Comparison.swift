import DaxConfig
import DaxReport

/// The price of checking: one torture with its checks and without, by turns, on one mounted
/// filesystem, so that machine, kernel and neighbours are the same for both.
struct Comparison {
    let config: Config
    /// Makes a torture of a config, whose stamps do not pass for those of an earlier one, whose blocks
    /// it inherits.
    let make: (_ config: Config) -> Torture

    /// Runs all of them. The report is that of the last run with checks, or of the first that found
    /// something, and tells of the paces in its notes; without a violation it is untested.
    func run() throws -> Report {
        var paces = PaceComparison()
        var report: Report?
        for round in 0..<config.oracle.compare {
            // Whatever grows or shrinks with time must not favour one of them.
            for isChecked in round % 2 == 0 ? [true, false] : [false, true] {
                var config = config
                (config.oracle.check, config.oracle.compare) = (isChecked, 0)
                let torture = make(config)
                let found = try torture.run()
                if torture.isLost || found.violationsTotal > 0 { return concluded(found, paces) }
                torture.removeFiles()
                paces.add(torture.pace, isChecked: isChecked)
                if isChecked || report == nil { report = found }
            }
        }
        return concluded(report!, paces)
    }

    private func concluded(_ found: Report, _ paces: PaceComparison) -> Report {
        var report = found
        report.notes += paces.lines
        if let conclusion = paces.conclusion { report.notes.append(conclusion) }
        report.vacuity.append("it was a benchmark, half of which was not checked")
        report.conclude()
        return report
    }
}
