internal import DaxHost
internal import DaxSystem

/// The share of the CPU time that a machine wanted which its host gave it, at the worst.
///
/// The guest's watchdogs go by a clock that runs on while its CPUs wait for one of the host's: a soft
/// lockup is 20 s, a hung task 30 s, an RCU stall 21 s of that clock. What they say of a guest that had
/// next to nothing of those seconds is no fault of its kernel.
package struct HostShare: Sendable {
    /// The smallest share of any window so far, 0 to 1; 1 where nothing was kept waiting.
    package private(set) var worst = 1.0
    /// How many CPUs' time it had in the latest window; nil where nobody knows. One that says nothing, and
    /// had two all the time, spins; one that had none waits for something that does not come.
    package private(set) var latest: Double?

    /// As long as the most impatient watchdog, nanoseconds.
    static let window: UInt64 = 20_000_000_000
    /// How far samples are apart at the least, nanoseconds.
    static let step: UInt64 = 1_000_000_000

    private var samples: [(at: UInt64, time: ProcessorTime)] = []

    package init() {}

    /// Whether it is time for another sample at `now`, nanoseconds of any clock that only grows.
    func isDue(at now: UInt64) -> Bool { samples.last.map { now >= $0.at + Self.step } ?? true }

    /// Takes the sample `time` of `now`; nil, where the host cannot tell, says nothing.
    mutating func add(_ time: ProcessorTime?, at now: UInt64) {
        guard let time else { return }
        samples.append((now, time))
        // The last one that is a whole window old stays: the window reaches back to it.
        while samples.count > 1, samples[1].at + Self.window <= now { samples.removeFirst() }
        guard let first = samples.first, first.at + Self.window <= now else { return }
        // A thread that ended takes its sums along.
        guard time.ran >= first.time.ran, time.waited >= first.time.waited else { return }
        let ran = Double(time.ran - first.time.ran)
        latest = ran / Double(now - first.at)
        let wanted = ran + Double(time.waited - first.time.waited)
        // A guest that slept all the time was not kept from anything.
        guard wanted >= Double(Self.window) / 10 else { return }
        worst = min(worst, ran / wanted)
    }
}
