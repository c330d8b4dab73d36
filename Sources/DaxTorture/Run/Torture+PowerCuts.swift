import DaxChecks
import DaxConfig
import DaxHost
import DaxMachine
import DaxModel
import DaxOperations
import DaxOracle
import DaxReport
import DaxSystem
import DaxText

/// The power is cut in the midst of an epoch, and what was left is judged at its quiet point (R14).
extension Torture {
    /// What an epoch knows of its cuts.
    struct PowerCuts {
        /// When all that the files hold was durable.
        var begin = Timestamp(ticks: 0)
        /// When the power is going to be cut, in nanoseconds of the epoch.
        var due: ArraySlice<UInt64> = []
        var random: Random
        var made: [PowerCut] = []
    }

    /// Has everything be durable, and draws the instants at which the power is to be cut in an epoch of so
    /// many nanoseconds.
    func beginPowerCuts(length: UInt64) throws {
        guard let power else { return }
        try File(files[0].path).syncFilesystem()
        var random = Random(seed: seed ^ 0xc07, stream: epoch)
        // Nobody is at work: what is true before is so behind it, too.
        let begin = Timestamp(ticks: Clock.ticks())
        try power.settle()
        let due = (0..<config.crash.cuts).map { _ in random.below(max(length, 1)) }.sorted()
        powerCuts = PowerCuts(begin: begin, due: due[...], random: random)
    }

    /// Cuts the power if that is due; how long it is to the next cut, in nanoseconds.
    func cutPower(elapsed: UInt64) throws -> UInt64? {
        guard let power, var cuts = powerCuts else { return nil }
        while let next = cuts.due.first, next <= elapsed {
            cuts.due.removeFirst()
            let fate = CacheFate.drawn(config.crash.model, &cuts.random)
            cuts.made.append(try power.cut(fate, seed: cuts.random.next()))
        }
        powerCuts = cuts
        return cuts.due.first.map { $0 - elapsed }
    }

    /// Mounts what was left of each cut, and judges it.
    func checkPowerCuts(
        _ pool: ActorPool, _ actorLogs: [ActorLog], _ situation: Situation,
        _ flushes: WritebackTrace.Flushes?
    ) throws {
        guard let power, let cuts = powerCuts else { return }
        powerCuts = nil
        let demand: Durability.Demand = config.oracle.durability == .all ? .all : .settled
        var histories: [History] = []
        var acknowledged: [Acknowledgements] = []
        for number in files.indices {
            var transcript = Transcript(
                file: FileNumber(index: number), words: files[number].words,
                size: files[number].size, slack: slack, situation: situation, key: oracle.key)
            var durability = Durability()
            for actorLog in actorLogs {
                transcript.add(actorLog)
                durability.add(
                    actorLog, file: FileNumber(index: number), limit: config.fs.fileSize.bytes,
                    slack)
            }
            for flush in flushes?.byFile[number] ?? [] {
                durability.flush(flush.pages, at: flush.at, since: flush.since)
            }
            histories.append(transcript.history())
            acknowledged.append(
                Acknowledgements(
                    durability, begin: cuts.begin,
                    pages: Int(config.fs.fileSize.bytes) / Page.bytes, demand))
        }
        for one in acknowledged { builder.add(one.asked) }
        let judge = Oracle(key: oracle.key, limit: 8)
        for (count, cut) in cuts.made.enumerated() {
            listener.progress("quiet point: power cut \(count + 1) of \(cuts.made.count)")
            builder.count(cut)
            guard let recovered = try recover(cut, power) else { continue }
            builder.countRecovery()
            let interval = cut.interval.widened(by: slack)
            let operation = Operation(
                OperationID(actor: .harness, index: UInt32(cut.image)),
                kind: OperationKind.read.rawValue, path: AccessPath.syscall.rawValue)
            for number in files.indices {
                guard let file = recovered[number] else { continue }
                // Words that were moved may be anything that their sources were.
                guard histories[number].copies.isEmpty else {
                    builder.leftOut(file)
                    continue
                }
                let history = histories[number].recovering(
                    file, cutAt: interval, operation, acknowledged[number])
                builder.add(
                    crash: judge.judge(history), of: cut, file: files[number].name,
                    acknowledged[number], pool)
            }
        }
    }

    /// Mounts what was left, reads the files, unmounts it and has it checked; nil where it could not be
    /// mounted, which is a violation, as all is that goes wrong.
    private func recover(_ cut: PowerCut, _ power: PowerSupply) throws -> [RecoveredFile?]? {
        let (digest, counts) = try power.show(cut)
        builder.show(cut, digest: digest, counts)
        let log = try? KernelLog()
        do { try power.spare.mount() } catch {
            builder.unrecovered(cut, "a filesystem that mounts", "\(error)", log?.lines() ?? [])
            return nil
        }
        var recovered: [RecoveredFile?] = []
        for file in files {
            do {
                recovered.append(
                    try read("\(power.spare.mountPoint)/\(file.name)", of: file))
            } catch {
                builder.unrecovered(cut, "a file that can be read", "\(error)", log?.lines() ?? [])
                recovered.append(nil)
            }
        }
        for change in try canaries?.check(in: power.spare.mountPoint) ?? [] {
            builder.unrecovered(
                cut, "\(change.file) as it was written",
                "\(hex(change.observed)) at offset \(change.offset)", [])
        }
        try power.spare.unmount()
        let complaints = (log?.lines() ?? []).filter(Torture.isComplaint)
        if !complaints.isEmpty {
            builder.unrecovered(cut, "no complaint of the kernel's", complaints[0], complaints)
        }
        if let complaint = try power.spare.complaint() {
            builder.unrecovered(
                cut, "a sound filesystem", "complaints of its checker",
                complaint.split(separator: "\n").map(String.init))
        }
        return recovered
    }

    private func read(_ path: String, of file: KnownFile) throws -> RecoveredFile {
        let opened = try File(path, readOnly: true)
        let size = try opened.status().size
        let count = min(Int(size / 8), file.words.count)
        var buffer = Buffer(words: max(count, 1))
        let n = try opened.read(at: 0, count: count, into: &buffer)
        var words = ContiguousArray<UInt64>()
        buffer.append(0..<n / 8, to: &words)
        return RecoveredFile(size: size, words: words)
    }

    /// Whether a line of the kernel's says that what was mounted is not as it should be.
    static func isComplaint(_ line: String) -> Bool {
        guard line.contains("pmem1") else { return false }
        let text = line.lowercased()
        return ["error", "corrupt", "invalid", "bad ", "fail", "damage"].contains {
            text.contains($0)
        }
    }
}
