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
        /// Takes a file for the report directory, by its name; nil where nobody wants any.
        package var file: ((String, [UInt8]) -> Void)?
        /// Whether somebody wants the run to end early, with its audit and report.
        package var stopRequested: () -> Bool

        package init(
            progress: @escaping (String) -> Void, known: ((Report) -> Void)? = nil,
            file: ((String, [UInt8]) -> Void)? = nil,
            stopRequested: @escaping () -> Bool
        ) {
            self.progress = progress
            self.known = known
            self.file = file
            self.stopRequested = stopRequested
        }
    }

    let config: Config
    let seed: UInt64
    let directory: String
    let listener: Listener
    /// What the stamps of this round are made with.
    private(set) var key: StampKey
    private let nonce: UInt64
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
    private(set) var names: [ActorNumber: String] = [:]
    /// Bytes that were free at the least since the quiet point before; nil where nobody can say.
    var leastFree: UInt64?
    /// What all epochs so far have asked for, in bytes.
    var askedForSpace: UInt64 = 0
    /// Nil where every epoch is free.
    var steering: Steering?
    /// Whether an actor was left behind in the kernel, and with it the filesystem.
    private(set) var isLost = false
    /// The signatures of which there is an episode.
    var episodes: Set<String> = []
    /// Whether something happened after which no epoch may follow.
    private(set) var hasEnded = false
    /// How long the epochs took so far, in nanoseconds.
    private(set) var elapsed: UInt64 = 0
    /// When the report so far was told last, in nanoseconds of the run.
    private var told: UInt64 = 0
    /// The kernel's taint that is known.
    private var taint: UInt64 = 0
    /// What the kernel prints, where some of it may be known: else it is read when the run is over.
    let kernelLog: KernelLog?
    var printed: [String] = []
    /// nil where the power cannot be cut.
    var power: PowerSupply?
    /// What the epoch knows of its cuts; nil where there are none.
    var powerCuts: PowerCuts?
    /// What was done up to the latest quiet point.
    private(set) var pace = Pace(operations: 0, nanoseconds: 0)

    /// How long an operation may take before it counts as hung, in nanoseconds.
    var deadline = Torture.ordinaryDeadline {
        didSet {
            guard deadline > Torture.ordinaryDeadline else { return }
            builder.note(
                "an operation had \(deadline / 1_000_000_000) s before it counted as hung, as long as "
                    + "this kernel took to boot")
        }
    }

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
        self.nonce = nonce
        key = StampKey(seed: seed, nonce: nonce)
        oracle = Oracle(key: key)
        ticksPerSecond = Clock.measureTicksPerSecond()
        self.slack = UInt64((Double(slack) * ticksPerSecond / 1e9).rounded(.up))
        builder = ReportBuilder(config, seed: seed, ticksPerSecond: ticksPerSecond)
        steering =
            config.run.steer && config.run.rounds == nil ? Steering(builder.cells, seed: seed) : nil
        kernelLog = config.known.isEmpty ? nil : try? KernelLog()
    }

    /// Runs to the end and gives what was found; the filesystem can be unmounted afterwards.
    ///
    /// Throws where there is nothing to test: no DAX, no tracepoints, no room.
    package func run() throws -> Report {
        try Mapping.guardAccess()
        Memory.keep()
        OpenFileLimit.raise()
        // Before any file is made, the one that frames are tried on, too: files inherit it.
        if config.fs.dax == .inode { try Filesystem.markDAX(directory) }
        watchFrames()
        let faults = try FaultCounters()
        let clock = Stopwatch()
        if let rounds = config.run.rounds {
            try run(rounds: rounds, faults, clock)
        } else {
            try runOnSameFiles(faults, clock)
        }
        builder.end(elapsed: elapsed, faults: faults.counts)
        _ = compare(taint: taint, with: KernelLog.taint, at: Clock.ticks())
        return builder.report
    }

    /// Makes the files, and lets the actors loose on them epoch by epoch, until the run is over or
    /// `epochs` are.
    func runOnSameFiles(
        _ faults: FaultCounters, _ clock: Stopwatch, epochs: UInt64 = .max
    ) throws {
        try makeFiles()
        // The ballast stays from round to round.
        if canaries == nil { try takeSpace() }
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
        if canaries == nil { begin(pool, faults) }
        var done: UInt64 = 0
        while done < epochs && !isOver {
            done += 1
            guard try runEpoch(pool, audits, faults, clock) else { break }
        }
        for one in pool.gone {
            // What its actors did last nobody knows, so that the files cannot be compared any more.
            isLost = true
            builder.gone(one)
        }
        if isOver || epochs == .max { builder.note(pool) }
    }

    /// Has stamps made by a key of their own in round `number`: what a block of an earlier round still
    /// holds is no stamp of this one.
    func useKey(ofRound number: UInt64) {
        key = StampKey(seed: seed, nonce: nonce &+ number << 32)
        oracle = Oracle(key: key)
    }

    /// Begins the run: its time counts from here.
    private func begin(_ pool: ActorPool, _ faults: FaultCounters) {
        canaries = Canaries(
            directory: directory, key: key, files: files.count,
            words: config.fs.fileSize.bytes / 8)
        if config.fs.mount == nil { try? Filesystem.dropCaches(.silence) }
        taint = KernelLog.taint
        names = pool.names
        if !config.oracle.check { builder.unchecked() }
        builder.begin(at: Clock.ticks())
        tell(elapsed: elapsed, faults)
    }

    /// Whether the run is over, or nothing would come of more.
    var isOver: Bool {
        elapsed >= config.run.duration.nanoseconds || listener.stopRequested() || hasEnded
    }

    /// One epoch, and its quiet point; false where no other may follow.
    private func runEpoch(
        _ pool: ActorPool, _ audits: [Worker<Audit>], _ faults: FaultCounters, _ clock: Stopwatch
    ) throws -> Bool {
        let before = Clock.monotonicNanoseconds()
        let length = min(
            config.run.epoch.nanoseconds, config.run.duration.nanoseconds - elapsed)
        let states = fileStates()
        let violations = builder.violationCount
        let known = Set(builder.report.signatures.map(\.signature))
        let begun = Clock.ticks()
        let ending = try runEpoch(pool, faults, for: length, elapsed: elapsed, taint: taint)
        elapsed += Clock.monotonicNanoseconds() - before
        isLost = ending.isLost
        if isLost {
            taint = compare(taint: taint, with: ending.taint, at: ending.taintedAt)
            for member in ending.lost { builder.hung(member, deadline: deadline) }
            hasEnded = true
            return false
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
                hasEnded = true
                return false
            }
            if let canaries, config.run.rounds == nil {
                try checkCanaries(canaries)
                try canaries.plant()
            }
        }
        taint = compare(taint: taint, with: ending.taint, at: ending.taintedAt)
        tellEpisodes(without: known, states, begun: begun, pool, logs)
        epoch += 1
        pace = Pace(operations: builder.operations, nanoseconds: clock.nanoseconds)
        // Behind what the logs show: it happened last.
        for member in ending.interrupted { builder.hung(member, deadline: deadline) }
        if builder.violationCount > violations { builder.report.checks.violatedEpochs += 1 }
        if config.run.rounds == nil || clock.nanoseconds > told + 1_000_000_000 {
            tell(elapsed: elapsed, faults)
            told = clock.nanoseconds
        }
        hasEnded = hasEnded || !ending.isWell || builder.violationCount >= enough
        return !hasEnded
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
    private var mapsSync: Bool { isSynchronous && (!hasFreezer || seed % 2 == 1) }

    /// Whether the memory under test is durable once a CPU's caches are flushed.
    var isSynchronous: Bool { config.vm.device != .virtio }

    /// Whether what a frozen filesystem lets through is judged (R11). Without DAX nothing of R11 is.
    var judgesFreezes: Bool {
        hasFreezer && !mapsSync && config.oracle.durability != .off && config.fs.dax != .never
    }

    /// A run that has found this much goes on for nothing.
    private var enough: UInt64 {
        config.run.until == .violation ? 1 : config.run.rounds == nil ? 1000 : .max
    }

    /// Says how far the CPUs' counters are apart.
    func note(_ clock: ClockFacts) { builder.report.clock = clock }

    /// Says how the filesystem was made and mounted.
    func note(_ volume: VolumeFacts) { builder.report.volume = volume }

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
