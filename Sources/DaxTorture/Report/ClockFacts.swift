internal import DaxModel

/// How the CPUs' time-stamp counters were compared, in nanoseconds.
package struct ClockFacts: Hashable, Sendable {
    /// The clock source of the kernel that the run was on: `tsc`, `kvm-clock`; under TCG others, too.
    package var source: String
    /// How many CPUs the run may use.
    package var cpus: UInt64
    /// By how much the counters of any two CPUs were apart at most, before the run.
    package var before: UInt64
    /// By how much the counters of any two CPUs were apart at most, after the run; nil where it did
    /// not come to its end, or they could not be compared again.
    package var after: UInt64?
    /// By how much each interval was widened, on both sides.
    package var slack: UInt64

    package init(source: String, cpus: UInt64, before: UInt64, after: UInt64?, slack: UInt64) {
        self.source = source
        self.cpus = cpus
        self.before = before
        self.after = after
        self.slack = slack
    }
}

extension Report {
    /// The rules that ask nothing of the order of timestamps.
    private static let timeless: Set<Rule> = [.audit, .bystanders, .kernel, .physical]

    /// The clock was none: what it accused becomes a note, and the run cannot be clean.
    package mutating func distrustClock(_ reason: String) {
        vacuity.append(reason)
        let dropped = remove(untold: true) { !Report.timeless.contains($0.rule) }
        if dropped > 0 {
            notes.append(
                "violations of rules that rest on the order of timestamps do not count: \(dropped)")
        }
    }
}
