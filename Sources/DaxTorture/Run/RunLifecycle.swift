import DaxConfig
import DaxReport
import DaxText

/// A run on a mounted filesystem, from its first file to its report: torture, umount, fsck, mount, audit,
/// the space that is free, the clock.
///
/// A run on this machine and one in a machine that was booted for it go through the same steps. What they
/// have not in common is given to it, and each property says why.
struct RunLifecycle {
    let config: ResolvedConfig
    /// An empty directory of the filesystem under test, which is mounted.
    let directory: String
    /// The filesystem, where it was made for this run alone. One that was there before has other users,
    /// who would not like it unmounted, and who allocate and free as they please.
    var volume: Volume?
    /// What its device was filled with before that.
    var fill: DeviceFill?
    /// Whether the filesystem outlives the run, and is to be left without files of ours. A machine is
    /// switched off.
    let outlivesRun: Bool
    /// Nil in a deterministic machine, where one counter counts instructions, of one CPU at a time.
    let clock: ClockCheck?
    /// The stamps' nonce of the torture `number` of this run. A machine's device is blank at each boot,
    /// and two runs from one seed must be the same there; on this machine blocks hold stamps of runs
    /// before, and the nonce tells them apart.
    let nonce: (_ number: UInt64) -> UInt64
    /// How long an operation may take before it counts as hung, in nanoseconds.
    var deadline = Torture.ordinaryDeadline
    /// The power of the machine, where it can be cut.
    var power: PowerSupply?
    /// Whom to tell while the run goes on. `known` gets the report after each step, too, where the kernel
    /// under test may take the run down with it, such as in umount.
    let listener: Torture.Listener
    /// Adds what only the place of the run knows. Signals to the process and the kernel's log are read
    /// there on this machine; of a booted one the host has both.
    let complete: (inout Report) -> Void

    /// What came of it.
    struct Outcome {
        let report: Report
        /// Whether an actor hangs in the filesystem, or its process is gone: then umount would hang, too,
        /// or what it finds means nothing.
        let isLost: Bool
    }

    func run() throws -> Outcome {
        var last: Torture?
        // While the filesystem is well.
        let volumeFacts = volume?.facts
        var number: UInt64 = 0
        func make(_ config: Config) -> Torture {
            let torture = Torture(
                config, seed: self.config.seed.value, nonce: nonce(number),
                slack: clock?.slack ?? 0, directory: directory, listener: listener)
            torture.deadline = deadline
            torture.power = power
            if let clock { torture.note(clock.facts) }
            if let volumeFacts { torture.note(volumeFacts) }
            number += 1
            last = torture
            return torture
        }
        defer { if outlivesRun, let last, !last.isLost { last.removeFiles() } }
        var report =
            config.oracle.compare > 0
            ? try Comparison(config: config.config, make: make).run()
            : try run(make(config.config))
        clock?.conclude(&report)
        complete(&report)
        report.conclude()
        return Outcome(report: report, isLost: last?.isLost ?? false)
    }

    /// A kernel may well die of one of the steps behind the first, and what was found before must not be
    /// lost with it.
    private func run(_ torture: Torture) throws -> Report {
        func kept(_ report: Report) -> Report {
            listener.known?(report)
            return report
        }
        if let fill { torture.note(fill) }
        let free = try volume?.freeBytes()
        let report = kept(try torture.run())
        guard let volume, let free, !torture.isLost else { return report }
        try volume.unmount()
        _ = kept(torture.check(volume))
        try volume.mount()
        _ = kept(try torture.auditAfterRemount())
        return torture.compareSpace(volume, baseline: free)
    }
}
