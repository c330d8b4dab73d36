import DaxActors
import DaxChecks
import DaxConfig
import DaxHost
import DaxModel
import DaxOperations
import DaxOracle
import DaxReport
import DaxSystem
import DaxText

/// Collects the counts, findings and verdicts of a run, and builds its report from them.
struct ReportBuilder {
    var report: Report
    let ticksPerSecond: Double
    let duration: UInt64
    let epoch: UInt64
    var latencies = Latencies()
    private(set) var overlaps = Overlaps()
    /// What can be covered at all.
    let cells: Cells
    let roles: [Role]
    /// The kinds without which the roles are not exercised.
    private var asked: Set<OperationKind> = []
    private var begin: UInt64 = 0
    private(set) var wordsUndecided: UInt64 = 0
    private(set) var wordsByCopy: UInt64 = 0
    private(set) var acknowledged = Durability.Asked()
    /// Freezes that were judged, and changes that had to wait for their end.
    private(set) var freezes: UInt64 = 0
    private(set) var changesWaited: UInt64 = 0
    /// Exchanges that took place, and those that were told to do so.
    private(set) var exchanged: UInt64 = 0
    private(set) var exchanges: UInt64 = 0
    var pagesLocated: UInt64 = 0
    var pagesNotLocated: UInt64 = 0
    /// The first violation of the oracle's by its signature.
    private(set) var proofs: [String: Violation] = [:]
    /// What was done to a file of an actor's own, by the signature of the first violation that it showed.
    var trials: [String: [TrialStep]] = [:]
    var lastSteps: UInt64 = 0
    var lastFaults: UInt64 = 0
    var lastElapsed: UInt64 = 0

    init(_ config: Config, seed: UInt64, ticksPerSecond: Double) {
        report = Report(of: config, seed: Seed(seed))
        self.ticksPerSecond = ticksPerSecond
        duration = config.run.duration.nanoseconds
        epoch = min(config.run.epoch.nanoseconds, duration)
        roles = Role.allCases
        cells = Cells(
            config.actors.flatMap { group in
                Array(
                    repeating: Role(rawValue: group.role), count: Int(group.count)
                ).compactMap(\.self)
            })
        report.actors = config.actors.map {
            ActorFacts(name: $0.name, role: $0.role, count: $0.count)
        }
        if config.crash.cuts > 0 { report.crash = CrashFacts(model: config.crash.model.rawValue) }
        report.kernel = GuestKernel.release()
        report.forgetWhatDoesNotFit()
        report.dax.files = config.fs.files
        report.memory.budget = config.oracle.memory.bytes
        for group in config.actors where group.count > 0 {
            for kind in Role(rawValue: group.role)?.kinds ?? [] {
                report.operations[kind.name] = 0
                // Without reflink both are refused, as they must be.
                let needsReflink = kind == .clone || kind == .dedupe
                if !needsReflink || config.fs.reflink { asked.insert(kind) }
            }
        }
        let present = Set(
            config.actors.filter { $0.count > 0 }.compactMap { Role(rawValue: $0.role) }
                .filter(\.sharesPages))
        for a in present {
            for b in present where a != b {
                report.overlaps[Report.pair(a.rawValue, b.rawValue)] = 0
            }
        }
    }

    var violationCount: UInt64 { report.violationsTotal }

    /// `mapSync` is nil where the memory promises nothing of the kind.
    mutating func proved(dax: Bool, mapSync: Bool?) {
        report.dax.statx += dax ? 1 : 0
        report.dax.mapSync = mapSync.map { (report.dax.mapSync ?? 0) + ($0 ? 1 : 0) }
    }

    /// Ranges can be exchanged, and cloners are going to.
    mutating func expectExchanges() {
        if report.actors.contains(where: { $0.count > 0 && $0.role == Role.cloner.rawValue }) {
            report.operations[OperationKind.exchange.name] = 0
            asked.insert(.exchange)
        }
    }

    mutating func begin(at ticks: UInt64) { begin = ticks }

    /// Operations so far.
    var operations: UInt64 { report.operations.values.reduce(0, +) }

    /// The config switches the checks off: whatever was exercised, nothing is proven.
    mutating func unchecked() {
        report.vacuity.append("oracle.check is false: quiet points checked nothing")
    }

    mutating func count(_ record: Record) {
        report.operations[record.kind.name, default: 0] += 1
        if record.kind == .exchange && (record.outcome == .failed || record.done > 0) {
            exchanges += 1
            exchanged += record.outcome == .done ? 1 : 0
        }
        switch record.outcome {
        case .done, .interrupted: break
        case .failed: countFailure(record, SystemError.name(of: record.code))
        case .faulted:
            report.sigbus.taken += 1
            countFailure(record, SystemError.signalName(of: Int32(record.signal)))
        }
    }

    private mutating func countFailure(_ record: Record, _ reason: String) {
        report.operationsFailed[record.kind.name, default: [:]][reason, default: 0] += 1
    }

    /// Kinds that were asked for, happened, and came to their end not once: what they are there for
    /// was not exercised. A poisoner's must fail.
    mutating func noteFutility() {
        for kind in asked.sorted(by: { $0.rawValue < $1.rawValue }) where !kind.failsOnPurpose {
            let failed = report.operationsFailed[kind.name]?.values.reduce(0, +) ?? 0
            guard failed > 0, failed == report.operations[kind.name] else { continue }
            report.vacuity.append("no \(kind.name) operation succeeded")
        }
    }

    /// Counts an epoch's operations, latencies and overlaps.
    mutating func add(_ pool: ActorPool, _ actorLogs: [ActorLog]) {
        report.checks.epochs += 1
        for actorLog in actorLogs {
            for record in actorLog.log.records { count(record) }
            latencies.add(actorLog.log)
        }
        overlaps.add(
            actorLogs.enumerated().map { index, actorLog in
                (
                    role: roles.firstIndex(of: pool.members[index].role)!,
                    process: pool.members[index].spec.process, records: actorLog.log.records
                )
            })
    }

    func formatter(_ pool: ActorPool) -> ViolationFormatter {
        ViolationFormatter(
            actors: pool.names, logs: pool.logs, ticksPerSecond: ticksPerSecond, begin: begin)
    }

    /// The same for what was left of a cut, whose name is the observer's.
    func formatter(_ pool: ActorPool, recoveredFrom cut: String) -> ViolationFormatter {
        ViolationFormatter(
            actors: pool.names.merging([.harness: "\(cut)"]) { $1 }, logs: pool.logs,
            ticksPerSecond: ticksPerSecond, begin: begin)
    }

    /// Takes over what the oracle found.
    mutating func add(_ judgement: Judgement, file: String, _ pool: ActorPool) {
        report.sigbus.justified += UInt64(judgement.sigbus.justified)
        report.sigbus.unjustified += UInt64(judgement.sigbus.unjustified)
        report.sigbus.missing += UInt64(judgement.sigbus.missing)
        report.sigbus.poisoned += UInt64(judgement.sigbus.poisoned)
        wordsUndecided += UInt64(judgement.wordsUndecided)
        wordsByCopy += UInt64(judgement.wordsByCopy)
        report.decided.sizes.searched += UInt64(judgement.sizesSearched)
        report.decided.sizes.undecided += UInt64(judgement.sizesUndecided)
        report.sigbus.noSpace += UInt64(judgement.sigbus.noSpace)
        compared(UInt64(judgement.wordsJudged))
        add(judgement.power, judgement.decided)
        let formatter = formatter(pool)
        for violation in judgement.violations {
            let finding = formatter.tell(violation, file: file)
            if proofs[finding.signature] == nil { proofs[finding.signature] = violation }
            add(finding, at: violation.interval.returned.ticks)
        }
        for violation in judgement.more {
            let counts = report.add(formatter.signature(of: violation).text) {
                formatter.tell(violation, file: file)
            }
            if counts { noteTime(of: violation.interval.returned.ticks) }
        }
        let known = report
        count(
            untold: judgement.violationCount - judgement.violations.count - judgement.more.count,
            besideKnown: (judgement.violations + judgement.more).allSatisfy {
                known.isKnown(formatter.signature(of: $0).text)
            })
    }

    /// Violations that the oracle only counted. Where all that it looked at are known, these may be, too,
    /// and nobody can say.
    private mutating func count(untold: Int, besideKnown isKnown: @autoclosure () -> Bool) {
        guard untold > 0 else { return }
        guard isKnown() else { return report.add(untold: UInt64(untold)) }
        let reason = "more violations in an epoch than were looked at, all of them known"
        if !report.vacuity.contains(reason) { report.vacuity.append(reason) }
    }

    /// Takes over what an audit found.
    mutating func add(_ findings: [Finding], file: String, at ticks: UInt64) {
        for finding in findings {
            var finding = finding
            finding.file = file
            add(finding, at: ticks)
        }
    }

    /// Takes over what the kernel acknowledged and did not write back.
    mutating func add(_ findings: Durability.Findings, file: String, _ pool: ActorPool) {
        acknowledged += findings.asked
        let formatter = formatter(pool)
        for one in findings.unflushed {
            add(formatter.tell(one, file: file), at: one.synced.returned.ticks)
        }
    }

    /// Takes over what changed in a file while the filesystem was frozen. The freezes are counted once,
    /// with the first file.
    mutating func add(_ findings: Freezes.Findings, file: String, isFirst: Bool, _ pool: ActorPool)
    {
        freezes += isFirst ? UInt64(findings.freezes) : 0
        changesWaited += UInt64(findings.waited)
        let formatter = formatter(pool)
        for one in findings.changes {
            add(formatter.tell(one, file: file), at: one.interval.returned.ticks)
        }
    }

    /// The kernel wrote back more in an epoch than its trace holds.
    mutating func durabilityUnknown() {
        note("\(Rule.durability.name) was not judged in every epoch: the trace overflowed")
    }

    mutating func compared(_ words: UInt64) {
        report.checks.words += words
        report.checks.bytes += words * 8
    }

    /// What the logs of all actors have reserved.
    mutating func reserved(_ bytes: UInt64) { report.memory.logs = bytes }

    /// What a history and judging it take; the most of it is told.
    mutating func judging(_ bytes: Int) {
        report.memory.judgePeak = max(report.memory.judgePeak, UInt64(bytes))
    }

    /// What is free now that everything was removed, beside what was in the beginning.
    mutating func compare(_ space: SpaceFacts) {
        report.space = space
        if let violation = space.violation { add(violation, at: Clock.ticks()) }
    }

    /// After umount and mount a file is not what it was.
    mutating func remount(
        _ file: KnownFile, offset: UInt64, _ expected: String, _ observed: String
    ) {
        add(
            Finding(
                rule: .audit, file: file.name, offset: offset, expected: expected,
                observed: observed,
                story: "after umount and mount the file holds \(observed) at offset \(offset), "
                    + "before it was \(expected)",
                signature: Signature(
                    rule: .audit, seen: observed == hex(0) ? "zero" : "N",
                    relation: "after umount and mount")), at: Clock.ticks())
    }

    /// After umount and mount a file is no longer on DAX (R10).
    mutating func lostDAX(_ file: KnownFile) {
        add(
            Finding(
                rule: .kernel, file: file.name, offset: 0, expected: "STATX_ATTR_DAX",
                observed: "none",
                story: "after umount and mount the file is not on DAX, and before it was"),
            at: Clock.ticks())
    }

    /// A sentence for the reader of the report, once.
    mutating func note(_ sentence: String) {
        if !report.notes.contains(sentence) { report.notes.append(sentence) }
    }

    /// The filesystem's own checker is not content.
    mutating func unsound(_ complaint: String) {
        add(
            Finding(
                rule: .bystanders, file: "", offset: 0, expected: "a sound filesystem",
                observed: "complaints of its checker",
                operations: complaint.split(separator: "\n").map(String.init),
                story: "after umount the filesystem's own checker complains"), at: Clock.ticks())
    }

    mutating func add(_ violation: Finding, at ticks: UInt64) {
        if report.add(violation) { noteTime(of: ticks) }
    }

    private mutating func noteTime(of ticks: UInt64) {
        let time = seconds(ticks > begin ? ticks - begin : 0)
        report.timeToFirstViolation = min(report.timeToFirstViolation ?? time, time)
    }

    /// How long so many ticks take.
    func nanoseconds(_ ticks: UInt64) -> UInt64 { UInt64(Double(ticks) / ticksPerSecond * 1e9) }

    private func seconds(_ ticks: UInt64) -> Double {
        (Double(ticks) / ticksPerSecond * 1e6).rounded() / 1e6
    }
}
