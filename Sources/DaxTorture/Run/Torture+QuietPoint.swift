import DaxActors
import DaxChecks
import DaxConfig
import DaxModel
import DaxOperations
import DaxOracle
package import DaxReport
import DaxSystem
import DaxText

/// What happens while the actors rest: everything is read, and judged.
extension Torture {
    /// What the files under test hold, for an audit after the filesystem was unmounted and
    /// mounted again; gives the report with what that found.
    package func auditAfterRemount() throws -> Report {
        guard config.oracle.check else { return builder.report }
        if let canaries { try checkCanaries(canaries) }
        for (number, file) in files.enumerated() {
            let auditor = try Auditor(
                file.path,
                file: FileUnderTest(
                    file.path, number: FileNumber(index: number), limit: config.fs.fileSize.bytes))
            if !auditor.isOnDAX && files[number].isOnDAX { lostDAX(file) }
            let size = try auditor.size()
            if size != file.size {
                builder.remount(
                    file, offset: min(size, file.size), "\(file.size) bytes", "\(size) bytes")
                continue
            }
            let (words, findings) = try auditor.read(size: size)
            tellAudit(of: number)
            builder.add(
                findings + (try auditor.compare(size: size)), file: file.name, at: Clock.ticks())
            builder.compared(auditor.wordsCompared)
            for (word, value) in words.enumerated() where value != file.words[word] {
                builder.remount(
                    file, offset: UInt64(word) * 8, hex(file.words[word]), hex(value))
                break
            }
        }
        return builder.report
    }

    /// A file that was on DAX is not, now that umount has evicted its inode and it was read anew.
    ///
    /// XFS before Linux 6.2 takes no inode for DAX that shares extents, or ever did
    /// (xfs_inode_supports_dax), and no call says whether one did: with `fs.reflink` it is a note.
    private func lostDAX(_ file: KnownFile) {
        guard config.fs.reflink else { return builder.lostDAX(file) }
        builder.note(
            "after umount and mount \(file.name) is not on DAX, which XFS before Linux 6.2 does to a "
                + "file that shares extents: it was audited through the page cache")
    }

    /// The quiet point: reads everything, and has the oracle judge the epoch.
    func check(_ pool: ActorPool, _ audits: [Worker<Audit>], isLast: Bool, signalled: Bool) throws {
        let actorLogs = pool.logs
        let situation = situation(of: actorLogs, signalled: signalled)
        for (member, actorLog) in zip(pool.members, actorLogs) {
            builder.add(
                try member.host.takeFindings(of: member.id), of: member.id, actorLogs,
                builder.formatter(pool))
            builder.addRefusals(actorLog, situation, names: files.map(\.name), member.name)
            builder.addOwnFaults(actorLog, situation, pool)
        }
        checkFrames(of: pool.members, in: pool, audits)
        let flushes = writeback?.flushes()
        try checkPowerCuts(pool, actorLogs, situation, flushes)
        let turn = Int(epoch) % pool.members.count
        let readers = pool.members.enumerated().filter { isLast || $0.offset == turn }
            .map(\.element)
        let owners = readers.map { Audit.Owner(id: $0.id, name: $0.name, host: $0.host) }
        var histories: [History] = []
        var cuts: [Int: Cut] = [:]
        var compared: [(findings: [Finding], from: UInt64)] = []
        for number in files.indices {
            var transcript = Transcript(
                file: FileNumber(index: number), words: files[number].words,
                size: files[number].size,
                slack: slack, situation: situation, key: oracle.key)
            for actorLog in actorLogs { transcript.add(actorLog) }
            let audit = audits[number]
            let index = 3 * UInt32(epoch)
            let asked = Clock.ticks()
            var size = try audit.withValue { try $0.auditor.size() }
            // As it is: what makes it whole pages would hide a size that the file cannot have had.
            transcript.status(
                index: index, size: size,
                over: Interval(Timestamp(ticks: asked), Timestamp(ticks: Clock.ticks())))
            let page = UInt64(Page.bytes)
            if size % page != 0 || size > config.fs.fileSize.bytes {
                size = min((size + page - 1) / page * page, config.fs.fileSize.bytes)
                let whole = size
                let cut = Cut(
                    index: index + 1, size: size,
                    interval: try audit.withValue { try $0.auditor.roundUp(to: whole) })
                transcript.truncate(index: cut.index, to: size, over: cut.interval)
                cuts[number] = cut
            }
            let from = Clock.ticks()
            let pages = size
            let (words, findings) = try audit.withValue {
                try $0.read(size: pages, owners: owners)
            }
            let interval = Interval(Timestamp(ticks: from), Timestamp(ticks: Clock.ticks()))
            audit.start()
            transcript.audit(
                index: index + 2, size: size, words: words, over: interval)
            histories.append(transcript.history())
            files[number].update(words: words, size: size)
            compared.append((findings, from))
            // One audit at a time, since they share the actors' mappings; the last is not waited
            // for before the judging.
            if number + 1 < files.count { audit.wait() }
            tellAudit(of: number)
        }
        checkDurability(pool, actorLogs, cuts, flushes)
        checkFreezes(pool, actorLogs)
        let own = pool.members.filter(\.hasPrivateFile)
        histories += own.map { privateHistory(of: $0, actorLogs, situation) }
        builder.judging(
            histories.reduce(0) { $0 + $1.bytes }
                + (histories.map(\.bytesToJudge).max() ?? 0))
        // Together, since files may have given each other words.
        for (number, judgement) in oracle.judge(histories).enumerated() {
            guard number < files.count else {
                let name = "\(own[number - files.count].name)'s private file"
                builder.add(judgement, file: name, pool)
                continue
            }
            audits[number].wait()
            builder.add(
                compared[number].findings + (try audits[number].withValue { try $0.findings() }),
                file: files[number].name, at: compared[number].from)
            builder.add(judgement, file: files[number].name, pool)
        }
        // Now that whole mappings were read, and so faulted in where they were not.
        checkFrames(of: readers, in: pool, audits)
    }

    /// Shows that the quiet point comes forward: with many files it may take longer than the host lets
    /// a machine be silent.
    private func tellAudit(of file: Int) {
        guard files.count > 1 else { return }
        listener.progress("quiet point: \(file + 1) of \(files.count) files read")
    }

    /// What became of the file that a member alone knows, which is empty at each quiet point.
    private func privateHistory(
        of member: PoolMember, _ actorLogs: [ActorLog], _ situation: Situation
    )
        -> History
    {
        var transcript = Transcript(
            file: PrivateFile.number(of: member.id, files: files.count),
            words: ContiguousArray(repeating: 0, count: PrivateFile.words), size: 0,
            slack: slack, situation: situation, key: oracle.key)
        for actorLog in actorLogs where actorLog.actor == member.id { transcript.add(actorLog) }
        return transcript.history()
    }

    /// A truncate of the harness's own, before an audit.
    private struct Cut {
        var index: UInt32
        var size: UInt64
        var interval: Interval
    }

    /// Whether the kernel wrote back what it said it had (R11).
    private func checkDurability(
        _ pool: ActorPool, _ actorLogs: [ActorLog], _ cuts: [Int: Cut],
        _ flushes: WritebackTrace.Flushes?
    ) {
        guard let flushes,
            let demand = Durability.Demand(rawValue: config.oracle.durability.rawValue)
        else { return }
        // What was written back meanwhile is not known: nothing is asked of what came before.
        guard !flushes.isIncomplete else {
            unsynced = [:]
            return builder.durabilityUnknown()
        }
        let limit = config.fs.fileSize.bytes
        for number in files.indices {
            var durability = unsynced[number] ?? Durability()
            for actorLog in actorLogs {
                durability.add(actorLog, file: FileNumber(index: number), limit: limit, slack)
            }
            for flush in flushes.byFile[number] {
                durability.flush(flush.pages, at: flush.at, since: flush.since)
            }
            builder.add(durability.judge(demand), file: files[number].name, pool)
            var rest = durability.rest(demand)
            if let cut = cuts[number] {
                rest.truncate(index: cut.index, to: cut.size, limit: limit, over: cut.interval)
            }
            unsynced[number] = rest
        }
    }

    /// Whether anything changed while the filesystem was frozen (R11).
    private func checkFreezes(_ pool: ActorPool, _ actorLogs: [ActorLog]) {
        guard judgesFreezes else { return }
        for number in files.indices {
            var freezes = Freezes()
            for actorLog in actorLogs {
                freezes.add(actorLog, file: FileNumber(index: number), slack)
            }
            builder.add(freezes.judge(), file: files[number].name, isFirst: number == 0, pool)
        }
    }
}
