import DaxActors
import DaxConfig
import DaxHost
import DaxModel
import DaxOperations
import DaxSystem
import DaxText

/// An epoch: the actors are let loose, and stopped again.
extension Torture {
    /// How long an operation may take before it counts as hung, in nanoseconds, unless the kernel is a
    /// slow one. The slowest seen on a starved machine took a second.
    static let ordinaryDeadline: UInt64 = 15_000_000_000

    /// The same in a machine whose kernel took so long to boot: one that checks itself (KASAN, lockdep)
    /// is slow in all that it does.
    static func deadline(boot nanoseconds: UInt64) -> UInt64 { max(ordinaryDeadline, nanoseconds) }

    /// How an epoch ended.
    struct Ending {
        /// The actors that had to be interrupted; the logs are whole.
        var interrupted: [PoolMember]
        /// The actors that did not come back from the kernel: without their logs nothing can be
        /// judged.
        var lost: [PoolMember]
        /// The kernel's taint, before anybody was waited for.
        var taint: UInt64
        /// When the taint was seen first, in ticks.
        var taintedAt: UInt64
        /// The actors whose process ended by itself: what they did is not known to its end.
        var gone: [GoneActors] = []

        var isLost: Bool { !lost.isEmpty || !gone.isEmpty }
        var isWell: Bool { interrupted.isEmpty && !isLost }
    }

    /// What the epoch that is about to begin is for.
    private var kind: EpochKind {
        steering == nil ? .free : Steering.kind(epoch: epoch, seed: seed)
    }

    /// The actors that duel in the epoch that is about to begin, and how, by their ids.
    private func duels(_ pool: ActorPool) -> [ActorNumber: Duel] {
        guard kind == .steered, let cell = steering?.coldest(builder.overlaps.counts) else {
            return [:]
        }
        return steering!.duels(
            cell, roles: pool.members.map { Role.allCases.firstIndex(of: $0.role)! },
            pages: config.fs.fileSize.bytes / UInt64(Page.bytes))
    }

    /// How long an epoch goes on unobserved, in nanoseconds. A round may be over at any time.
    private var slice: UInt64 { config.run.rounds == nil ? 500_000_000 : 1_000_000 }

    private func roundIsDone(_ pool: ActorPool) -> Bool {
        config.run.rounds != nil && pool.scriptsAreDone
    }

    /// One epoch.
    func runEpoch(
        _ pool: ActorPool, _ faults: FaultCounters, for length: UInt64, elapsed: UInt64,
        taint before: UInt64
    ) throws -> Ending {
        try beginPowerCuts(length: length)
        // Where a process is no more, the epoch is over, and the rest says so.
        try? pool.begin(epoch: epoch, kind: kind, seed: seed, duels: duels(pool))
        noteFreeSpace()
        let begin = Clock.monotonicNanoseconds()
        var (taint, taintedAt) = (before, Clock.ticks())
        while !pool.stopFlag.isSet && pool.gone.isEmpty {
            let now = Clock.monotonicNanoseconds()
            if now - begin >= length || listener.stopRequested() || roundIsDone(pool) { break }
            let next = try cutPower(elapsed: now - begin)
            Clock.sleep(nanoseconds: min(slice, length - (now - begin), next ?? .max))
            if watchesFreeSpace { noteFreeSpace() }
            if taint == before { (taint, taintedAt) = (KernelLog.taint, Clock.ticks()) }
            guard config.run.rounds == nil else { continue }
            listener.progress(
                builder.progress(
                    elapsed: elapsed + Clock.monotonicNanoseconds() - begin, steps: pool.steps,
                    faults: faults.counts))
        }
        let (interrupted, lost) = pool.stop(within: deadline)
        return Ending(
            interrupted: interrupted, lost: lost, taint: taint, taintedAt: taintedAt,
            gone: pool.gone)
    }
}
