import DaxConfig
import DaxDevices
import DaxHost
import DaxMachine
import DaxMinimise
import DaxModel
import DaxReport
import DaxSystem
import DaxText

/// Makes a config's scripts smaller within one machine: each witness is tried in a few rounds, on the
/// filesystem that stays mounted as long as nothing was found.
struct Minimisation {
    let config: ResolvedConfig
    let volume: Volume
    let slack: UInt64
    let guest: Guest
    private let kernelLog = try? KernelLog()

    init(config: ResolvedConfig, volume: Volume, slack: UInt64, guest: Guest) {
        (self.config, self.volume, self.slack, self.guest) = (config, volume, slack, guest)
    }

    /// How a minimised config is called in the report directory.
    static let file = "minimised.toml"
    /// Rounds in which a witness is tried at first, before its rate is known, and at the most.
    private static let firstRounds: UInt64 = 12
    private static let mostRounds: UInt64 = 60
    /// Which part of the budget a witness may take that has not shown anything yet, as a divisor.
    private static let shareUnshown: UInt64 = 3

    /// What the minimised config says of itself.
    private struct Result {
        var witness: Witness
        var trial = Trial()
        var tried = 0
    }

    /// What some rounds of a witness came to.
    private struct Trial {
        var rounds = RoundFacts(done: 0, violated: 0)
        /// The signatures that it is to show and did.
        var shown: Set<String> = []
        /// Whether the kernel's log alone showed it: a warning comes once, however many rounds there are.
        var isByLogAlone = false
    }

    func run() throws {
        let clock = Stopwatch()
        let budget = config.minimise.budget.map { $0.nanoseconds } ?? .max
        var rounds = Minimisation.firstRounds
        var number: UInt64 = 0
        var latest = Trial()
        var isShown = false
        func test(_ witness: Witness) -> Minimiser.Outcome {
            if guest.stopRequested || clock.nanoseconds > budget { return .stop }
            // Another part of what was done may show it.
            if !isShown && clock.nanoseconds > budget / Minimisation.shareUnshown { return .stop }
            number += 1
            do {
                // Who does not wait for anybody meets others by chance alone.
                let tries = isShown || witness.pace != .free ? rounds : 2 * rounds
                latest = try trial(of: witness, rounds: tries, number: number, untilFirst: true)
            } catch let error as StillMounted {
                guest.outbox.progress("minimise: \(error)")
                return .stop
            } catch {
                // A filesystem that is broken shows nothing more.
                return (try? remake()) == nil ? .stop : .hides
            }
            return latest.rounds.violated > 0 ? .shows : .hides
        }
        var best = Trial()
        func tell(_ witness: Witness, _ tried: Int) {
            (best, isShown) = (latest, true)
            keep(Result(witness: witness, trial: latest, tried: tried))
            guest.outbox.progress(
                "minimise: \(witness.told), \(tried) tried")
            // As many rounds as find it in 19 of 20 trials at the rate at which it showed.
            if latest.isByLogAlone { return }
            let rate = Double(latest.rounds.violated) / Double(max(1, latest.rounds.done))
            rounds = min(max(3, UInt64((3 / rate).rounded(.up))), Minimisation.mostRounds)
        }
        var minimiser = Minimiser(test: test, improved: tell)
        let start = try Witness(of: config.config)
        guard minimiser.run(start), let witness = minimiser.best else {
            guest.outbox.progress("minimise: not shown by \(start.steps.count) orders")
            return
        }
        // The rate, where there is time for it; what the last trials came to stands else.
        let rate = try? trial(of: witness, rounds: 40, number: number + 1, untilFirst: false)
        if let rate, rate.rounds.violated > 0 { best = rate }
        keep(Result(witness: witness, trial: best, tried: minimiser.tried))
    }

    /// An umount that fails: something hangs, and nothing more can be tried.
    private struct StillMounted: Error, CustomStringConvertible {
        let reason: any Error
        var description: String { "the filesystem cannot be unmounted: \(reason)" }
    }

    /// In how many rounds a witness shows one of the signatures; a round is the last that does where
    /// `untilFirst`.
    private func trial(of witness: Witness, rounds: UInt64, number: UInt64, untilFirst: Bool) throws
        -> Trial
    {
        let config = self.config(of: witness, rounds: rounds, untilFirst: untilFirst)
        let torture = Torture(
            config, seed: self.config.seed.value &+ number, nonce: number << 40, slack: slack,
            directory: volume.mountPoint,
            listener: Torture.Listener(
                progress: { _ in }, stopRequested: { guest.stopRequested }))
        // What is left from the trial before.
        _ = kernelLog?.lines()
        GuestKernel.rearmWarnings()
        let report = try torture.run()
        let printed = ConsoleLog(Array((kernelLog?.lines() ?? []).joined(separator: "\n").utf8))
            .reports.map { Signature(kernel: $0).text }
        if torture.isLost { throw StillMounted(reason: RunError.untested("an actor hangs")) }
        var trial = Trial(rounds: report.rounds ?? RoundFacts(done: 0, violated: 0))
        guard report.violationsTotal > 0 || !printed.isEmpty else {
            torture.removeFiles()
            return trial
        }
        try remake()
        let meant = config.minimise.signatures!
        func isMeant(_ seen: String) -> Bool { meant.contains { Signature.resemble($0, seen) } }
        trial.shown = Set(report.violations.map(\.signature).filter(isMeant))
        if trial.shown.isEmpty { trial.rounds.violated = 0 }
        let ofKernel = Set(printed.filter(isMeant))
        if trial.shown.isEmpty && !ofKernel.isEmpty {
            (trial.rounds.violated, trial.isByLogAlone) = (1, true)
        }
        trial.shown.formUnion(ofKernel)
        return trial
    }

    private func config(of witness: Witness, rounds: UInt64, untilFirst: Bool) -> Config {
        var config = self.config.config
        config.run.rounds = rounds
        config.run.duration = .hours(1)
        config.run.epoch = .seconds(2)
        config.run.until = untilFirst ? .violation : .duration
        (config.run.steer, config.run.processes) = (false, 1)
        // What is not sought must not end a trial before what is.
        if let sought = config.minimise.signatures,
            !sought.contains(where: { $0.hasPrefix("\(Rule.kernel)") })
        {
            config.known = [KnownIssue(name: "warnings", signature: "\(Rule.kernel)")]
        }
        return witness.config(config)
    }

    /// A new filesystem: what a violation leaves behind must not show in the next trial.
    private func remake() throws {
        do { try volume.unmount() } catch { throw StillMounted(reason: error) }
        // The machine's own memory, and nobody else's.
        _ = try volume.make(on: DeviceCheck().formattable(guest.device, format: true), fills: false)
        try volume.mount()
    }

    private func keep(_ result: Result) {
        var config = self.config(of: result.witness, rounds: 100, untilFirst: false)
        config.run.duration = .seconds(60)
        config.minimise = MinimiseConfig()
        config.known = []
        config.run.seed = nil
        let signatures = result.trial.shown.sorted().map { "# \($0)\n" }.joined()
        let text =
            "# \(result.witness.told); "
            + "\(result.tried) witnesses were tried. In \(result.trial.rounds.violated) of "
            + "\(result.trial.rounds.done) rounds it showed\n" + signatures
            + config.briefText(schema: .daxtorture)
        _ = guest.outbox.file(Minimisation.file, Array(text.utf8))
    }
}
