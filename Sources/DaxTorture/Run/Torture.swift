import DaxActors
import DaxChecks
package import DaxConfig
import DaxHost
import DaxModel
import DaxOperations
import DaxOracle
package import DaxReport
import DaxSystem
import DaxText

/// One run on a mounted DAX filesystem: epochs of chaos, and between them quiet points at which
/// every byte and every SIGBUS gets its verdict.
///
/// It knows nothing of the machine it runs in; what it is told is a directory, and whom to tell.
package final class Torture {
    /// What the run reports to while it goes on.
    package struct Listener {
        /// A line of progress, about twice a second.
        package var progress: (String) -> Void
        /// The report so far, before the first epoch and at each quiet point: it stands, whatever
        /// becomes of the run. Nil where nobody wants it.
        package var known: ((Report) -> Void)?
        /// Whether somebody wants the run to end early, with its audit and report.
        package var stopRequested: () -> Bool

        package init(
            progress: @escaping (String) -> Void, known: ((Report) -> Void)? = nil,
            stopRequested: @escaping () -> Bool
        ) {
            self.progress = progress
            self.known = known
            self.stopRequested = stopRequested
        }
    }

    let config: Config
    let seed: UInt64
    let directory: String
    let listener: Listener
    private let key: StampKey
    let slack: UInt64
    private let ticksPerSecond: Double
    var files: [KnownFile] = []
    var builder: ReportBuilder
    var oracle: Oracle
    var epoch: UInt64 = 0
    var canaries: Canaries?
    /// nil where the kernel does not let us see what it writes back.
    var writeback: WritebackTrace?
    /// For each file, what R11 has not been asked of yet.
    var unsynced: [Int: Durability] = [:]
    /// nil where the kernel does not let us see what is mapped.
    var frames: FrameCheck?
    private(set) var names: [String] = []
    /// Bytes that were free at the least since the quiet point before; nil where nobody can say.
    var leastFree: UInt64?
    /// What all epochs so far have asked for, in bytes.
    var askedForSpace: UInt64 = 0
    /// Nil where every epoch is free.
    var steering: Steering?
    /// Whether an actor was left behind in the kernel, and with it the filesystem.
    private(set) var isLost = false
    /// What was done up to the latest quiet point.
    private(set) var pace = Pace(operations: 0, nanoseconds: 0)

    /// A run of `config` in `directory`, an empty directory on the filesystem under test.
    ///
    /// - Parameters:
    ///   - nonce: zero on a device that was blank; else what tells this run's stamps from those
    ///     of runs before it.
    ///   - slack: by how many nanoseconds the clock's fences may be off (docs/clock.md).
    package init(
        _ config: Config, seed: UInt64, nonce: UInt64, slack: UInt64, directory: String,
        listener: Listener
    ) {
        self.config = config
        self.seed = seed
        self.directory = directory
        self.listener = listener
        key = StampKey(seed: seed, nonce: nonce)
        oracle = Oracle(key: key)
        ticksPerSecond = Clock.measureTicksPerSecond()
        self.slack = UInt64((Double(slack) * ticksPerSecond / 1e9).rounded(.up))
        builder = ReportBuilder(config, seed: seed, ticksPerSecond: ticksPerSecond)
        steering = config.run.steer ? Steering(builder.cells, seed: seed) : nil
    }

    /// Runs to the end and gives what was found; the filesystem can be unmounted afterwards.
    ///
    /// Throws where there is nothing to test: no DAX, no tracepoints, no room.
    package func run() throws -> Report {
        try Mapping.guardAccess()
        Memory.keep()
        OpenFileLimit.raise()
        try makeFiles()
        watchFrames()
        try takeSpace()
        let faults = try FaultCounters()
        watchWriteback()
        let pool = try ActorPool(
            config, seed: seed, key: key, paths: files.map(\.path),
            exchanges: try canExchange(), mapSync: mapsSync, frames: frames)
        defer { pool.end() }
        builder.reserved(pool.logBytes)
        builder.dealt(pool)
        var audits: [Worker<Audit>] = []
        defer { for audit in audits { audit.end() } }
        for (number, file) in files.enumerated() {
            audits.append(
                try Audit.thread(
                    file.path, number: number, limit: config.fs.fileSize.bytes,
                    into: pool.content(of: number)))
        }
        let canaries = Canaries(
            directory: directory, key: key, files: files.count,
            words: config.fs.fileSize.bytes / 8)
        self.canaries = canaries
        if config.fs.mount == nil { try? Filesystem.dropCaches(.silence) }
        var taint = KernelLog.taint
        names = (0...255).map { $0 <= pool.members.count ? pool.name(of: UInt8($0)) : "nobody" }
        if !config.oracle.check { builder.unchecked() }
        builder.begin(at: Clock.ticks())
        let opened = Clock.monotonicNanoseconds()
        var elapsed: UInt64 = 0
        tell(elapsed: elapsed, faults)
        while elapsed < config.run.duration.nanoseconds && !listener.stopRequested() {
            let before = Clock.monotonicNanoseconds()
            let length = min(
                config.run.epoch.nanoseconds, config.run.duration.nanoseconds - elapsed)
            let ending = try runEpoch(
                pool, faults, for: length, elapsed: elapsed, taint: taint)
            elapsed += Clock.monotonicNanoseconds() - before
            isLost = ending.isLost
            if isLost {
                taint = builder.compare(taint: taint, with: ending.taint, at: ending.taintedAt)
                for member in ending.lost { builder.hung(member, deadline: Torture.deadline) }
                break
            }
            let logs = pool.logs
            builder.add(pool, logs)
            builder.report.faults.fellBack = faults.fellBack
            for (member, part) in zip(pool.members, logs) {
                steering?.learn(part.log, of: Role.allCases.firstIndex(of: member.role)!)
            }
            if config.oracle.check {
                do {
                    try check(
                        pool, audits,
                        isLast: !ending.isWell || elapsed >= config.run.duration.nanoseconds,
                        signalled: !ending.isWell)
                } catch _ as ForkedProcess.Gone {
                    break
                }
                try checkCanaries(canaries)
                try canaries.plant()
            }
            taint = builder.compare(taint: taint, with: ending.taint, at: ending.taintedAt)
            epoch += 1
            pace = Pace(
                operations: builder.operations,
                nanoseconds: Clock.monotonicNanoseconds() - opened)
            // Behind what the logs show: it happened last.
            for member in ending.interrupted { builder.hung(member, deadline: Torture.deadline) }
            tell(elapsed: elapsed, faults)
            if !ending.isWell { break }
            if builder.violationCount >= enough { break }
        }
        for one in pool.gone {
            // What its actors did last nobody knows, so that the files cannot be compared any more.
            isLost = true
            builder.gone(one)
        }
        builder.end(elapsed: elapsed, faults: faults.counts)
        builder.compare(taint: taint, with: KernelLog.taint, at: Clock.ticks())
        builder.note(pool)
        return builder.report
    }

    /// Tells what is known after `elapsed` nanoseconds.
    private func tell(elapsed: UInt64, _ faults: FaultCounters) {
        guard let known = listener.known else { return }
        known(builder.reportSoFar(elapsed: elapsed, faults: faults.counts))
    }

    private var hasFreezer: Bool {
        config.actors.contains { $0.count > 0 && $0.role == Role.freezer.rawValue }
    }

    /// Whether files are mapped by MAP_SYNC, too. A freeze need not stop stores through such mappings
    /// (`Freezes`): beside a freezer every second seed does without them.
    private var mapsSync: Bool { !hasFreezer || seed % 2 == 1 }

    /// Whether what a frozen filesystem lets through is judged (R11). Without DAX nothing of R11 is.
    var judgesFreezes: Bool {
        hasFreezer && !mapsSync && config.oracle.durability != .off && config.fs.dax != .never
    }

    /// A run that has found this much goes on for nothing.
    private var enough: UInt64 { config.run.until == .violation ? 1 : 1000 }
    /// Says how far the CPUs' counters are apart.
    func note(_ clock: ClockFacts) { builder.report.clock = clock }

    /// Says how much of the device was filled before the filesystem was made.
    func note(_ fill: DeviceFill) {
        builder.note(
            "before mkfs the first \(ByteSize(bytes: fill.bytes)) of the device were filled with "
                + "words that name their offset, in \(fill.nanoseconds / 1_000_000) ms")
    }

    /// Has the filesystem's own checker look at the unmounted volume (R9).
    func check(_ volume: Volume) -> Report {
        do {
            if let complaint = try volume.complaint() { builder.unsound(complaint) }
        } catch {
            builder.note("the filesystem was not checked after the run: \(error)")
        }
        return builder.report
    }

    /// Removes every file from the mounted volume, and looks whether their space came back (R9):
    /// `baseline` bytes were free when it was new.
    ///
    /// It is mounted anew for that, since both filesystems give space back in the background.
    func compareSpace(_ volume: Volume, baseline: UInt64) -> Report {
        removeFiles()
        do {
            try volume.unmount()
            try volume.mount()
            let after = try volume.freeBytes()
            builder.compare(SpaceFacts(baseline: baseline, after: after))
        } catch {
            builder.note("free space was not compared after the run: \(error)")
        }
        return builder.report
    }

    /// Reads the canaries, from the medium where the machine's caches are ours to drop: what the
    /// kernel has in memory of a file may be right, and what it committed of it wrong.
    func checkCanaries(_ canaries: Canaries) throws {
        if config.fs.mount == nil { try? Filesystem.dropCaches(.objects) }
        for finding in try canaries.check() {
            builder.changed(finding, names: names)
        }
        builder.compared(canaries.words)
    }

    private func watchWriteback() {
        guard config.oracle.check && config.oracle.durability != .off else { return }
        // Without DAX no fs_dax event tells of a page that is written back.
        guard config.fs.dax != .never else { return }
        do {
            writeback = try WritebackTrace(inodes: files.map(\.inode))
        } catch {
            builder.note("\(Rule.durability.name) is not judged: \(error)")
        }
    }
}
