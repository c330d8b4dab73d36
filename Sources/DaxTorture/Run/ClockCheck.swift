import DaxReport
import DaxSystem

/// Whether the order of timestamps is real time on this machine, and within which slack
/// (docs/clock.md).
struct ClockCheck {
    private let source: String
    private let skew: ClockSkew
    private let isEmulated: Bool
    private let ticksPerSecond: Double

    /// Under TCG a guest's LFENCE is no host's: the host may read its counter while an earlier store of
    /// the guest still waits in the store buffer, for as long as a few hundred instructions take. In
    /// nanoseconds.
    private static let emulatedSlack: UInt64 = 1000

    /// Where the kernel says by which clock it tells time.
    private static let sourcePath =
        "/sys/devices/system/clocksource/clocksource0/current_clocksource"

    /// Measures how far the CPUs' counters are apart, unless `skew` says it.
    ///
    /// Throws `RunError.untested` where the kernel does not trust them. A machine that is translated
    /// (`isEmulated`) has one counter, which is the host's, for all its CPUs, and the kernel in it
    /// may have measured it by timers that come late: there its word is not asked for.
    init(
        sourcePath: String = ClockCheck.sourcePath, isEmulated: Bool = Processors.areEmulated,
        skew: ClockSkew? = nil
    ) throws(RunError) {
        let text = (try? Files.text(sourcePath)) ?? "unknown"
        source = String(text.prefix { $0 != "\n" })
        self.isEmulated = isEmulated
        guard isEmulated || ClockCheck.isTrusted(source) else {
            throw .untested(
                "the kernel does not trust the time-stamp counter: its clock source is \(source), "
                    + "neither tsc nor kvm-clock")
        }
        do {
            self.skew = try skew ?? ClockSkew.measure()
        } catch {
            throw .untested("the CPUs' time-stamp counters cannot be compared: \(error)")
        }
        if let cpu = self.skew.moved(until: self.skew) { throw .untested(ClockCheck.moving(cpu)) }
        ticksPerSecond = Clock.measureTicksPerSecond()
    }

    private static func isTrusted(_ source: String) -> Bool {
        source == "tsc" || source == "kvm-clock"
    }

    /// By how many nanoseconds an operation may have taken effect outside its timestamps, as another
    /// CPU's counter gives them.
    var slack: UInt64 {
        let measured = nanoseconds(skew.bound)
        return isEmulated ? max(measured, ClockCheck.emulatedSlack) : measured
    }

    /// What the report says before the run is over.
    var facts: ClockFacts {
        ClockFacts(
            source: source, cpus: UInt64(skew.ahead.count + 1), before: nanoseconds(skew.bound),
            after: nil, slack: slack)
    }

    /// Looks once more, now that the run is over; where the counters did not keep their distance, or
    /// the kernel gave them up meanwhile, nothing that rests on their order stands.
    func conclude(
        _ report: inout Report, sourcePath: String = ClockCheck.sourcePath,
        skew later: ClockSkew? = nil
    ) {
        let after = try? (later ?? ClockSkew.measure())
        report.clock = facts
        report.clock?.after = after.map { nanoseconds($0.bound) }
        let source = ((try? Files.text(sourcePath)) ?? "unknown").prefix { $0 != "\n" }
        if !isEmulated && !ClockCheck.isTrusted(String(source)) {
            report.distrustClock(
                "the kernel gave the time-stamp counter up while the run lasted: its clock source "
                    + "is \(source) now")
        } else if let after {
            if let cpu = skew.moved(until: after) { report.distrustClock(ClockCheck.moving(cpu)) }
        } else {
            report.distrustClock(
                "the CPUs' time-stamp counters could not be compared again after the run")
        }
    }

    private static func moving(_ cpu: Int) -> String {
        "the time-stamp counter of CPU \(cpu) moves against that of the first one"
    }

    private func nanoseconds(_ ticks: UInt64) -> UInt64 {
        UInt64((Double(ticks) * 1e9 / ticksPerSecond).rounded(.up))
    }
}
