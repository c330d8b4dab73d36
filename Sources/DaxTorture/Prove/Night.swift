package import DaxConfig
import DaxHost
import DaxModel
import DaxMutants
package import DaxReport
import DaxSystem
import DaxText

/// One run of a night (ci/nightly): what was asked for, and how it ended.
package struct NightRun: Sendable {
    package var filesystem: String
    /// What the run's config is called.
    package var config: String
    package var seed: String
    /// The exit status; nil where it never began.
    package var status: Int32?
    package var report: Report?
    package var knownFailure: KnownFailure?
    /// Whether the config may refuse what the night asks of all: the default may not.
    package var mayRefuse: Bool

    package init(
        filesystem: String, config: String, seed: String, status: Int32?, report: Report?,
        knownFailure: KnownFailure?, mayRefuse: Bool
    ) {
        (self.filesystem, self.config, self.seed) = (filesystem, config, seed)
        (self.status, self.report, self.knownFailure) = (status, report, knownFailure)
        self.mayRefuse = mayRefuse
    }

    /// Whether the run found what its config is known to find on that kernel.
    private var isKnown: Bool {
        guard status == ExitStatus.violation.rawValue,
            let knownFailure, knownFailure.concerns(filesystem),
            let last = knownFailure.until.flatMap({ KernelVersion(release: $0) }),
            let kernel = report?.kernel.flatMap({ KernelVersion(release: $0) })
        else { return false }
        return kernel <= last
    }

    private var isRefused: Bool {
        report == nil && mayRefuse && status == ExitStatus.usage.rawValue
    }

    /// What the run adds to the verdict on the night.
    package var verdict: Verdict {
        switch status.flatMap(ExitStatus.init(rawValue:)) {
        // Without a report it was no run, whatever it says of itself: such as --version.
        case .clean: report == nil ? .untested : .clean
        case .violation: isKnown ? .clean : .violation
        case .usage: isRefused ? .clean : .untested
        case .untested, .abort, nil: .untested
        }
    }

    private var told: String {
        guard status != nil else { return "never run" }
        guard let report else { return isRefused ? "refused" : "no report" }
        return report.verdict.rawValue + (report.interruption == nil ? "" : " (interrupted)")
            + (isKnown ? " (known)" : "")
    }

    fileprivate var row: [String] {
        var row = [filesystem, config, report?.kernel ?? "-", status == nil ? "-" : seed, told]
        for path in ["operations", "faults", "violations_total", "words_checked"] {
            row.append(report?.field(path) ?? "-")
        }
        return row
    }

    fileprivate var remark: String? {
        guard isKnown, let knownFailure else { return nil }
        return "\(config) on \(filesystem) is known to fail up to Linux "
            + "\(knownFailure.until ?? "-"): \(knownFailure.reason ?? "-")\n"
    }
}

/// The runs of a night together.
package struct Night: Sendable {
    package var runs: [NightRun]

    package init(_ runs: [NightRun]) { self.runs = runs }

    /// The verdict on the night: that of the worst run.
    package var verdict: Verdict { Verdict.merged(runs.map(\.verdict)) }

    /// A table of the runs, and what is known of their failures.
    package var text: String {
        let header = [
            "filesystem", "config", "kernel", "seed", "verdict", "operations", "faults",
            "violations", "words",
        ]
        let remarks = runs.compactMap(\.remark)
        return Layout.table(header, runs.map(\.row), left: [0, 1, 2, 3, 4])
            + (remarks.isEmpty ? "" : "\n" + remarks.joined())
    }
}
