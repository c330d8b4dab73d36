internal import DaxHost
internal import DaxModel
internal import DaxSystem
package import DaxText

extension Report {
    /// The report as JSON, its members always in the same order; docs/report.md describes each.
    package var json: JSON { Report.members.write(self) }

    /// Reads a report back; members that this version does not know are passed over.
    package init(json: JSON) throws(ReportError) {
        self.init(fs: "", seed: Seed(0))
        try Report.members.read(&self, JSONPlace(name: "report", value: json))
    }

    /// The members of report.json.
    static let members = head + counted + found + checked

    private static let head: JSONMembers<Report> = [
        "schema": .schema(Report.schema),
        "verdict": .at(\.verdict),
        "exit": .repeating { .number(UInt64($0.verdict.exitStatus.rawValue)) },
        "fs": .at(\.fs),
        "kernel": .at(\.kernel),
        "seed": .at(\.seed),
        "duration_s": .at(\.duration),
        "interrupted": .at(\.interruption),
        "dax": .repeating { .bool($0.dax.isComplete) },
        "dax_mode": .at(\.daxMode),
    ]

    private static let counted: JSONMembers<Report> = [
        "operations": .at(\.operations),
        "operations_failed": .at(\.operationsFailed),
        "faults": .group([
            "pte": .at(\.faults.pte), "pmd": .at(\.faults.pmd),
            "pmd_fallback": .at(\.faults.fellBack),
        ]),
        "sigbus": .group([
            "justified": .at(\.sigbus.justified), "unjustified": .at(\.sigbus.unjustified),
            "missing": .at(\.sigbus.missing), "poisoned": .at(\.sigbus.poisoned),
            "no_space": .at(\.sigbus.noSpace), "taken": .at(\.sigbus.taken),
        ]),
        "overlaps": .at(\.overlaps),
        "words_checked": .repeating { .number($0.checks.words) },
    ]

    private static let found: JSONMembers<Report> = [
        "violations": .at(\.violations),
        "time_to_first_violation_s": .at(\.timeToFirstViolation),
        "violations_total": .at(\.violationsTotal),
        "signatures": .at(\.signatures),
        "known": .at(\.known),
        "rounds": .at(\.rounds),
        "vacuity": .at(\.vacuity),
        "notes": .at(\.notes),
        "differential": .at(\.differential),
        "machine": .at(\.machine),
        "volume": .at(\.volume),
        "actors": .at(\.actors),
        "processes": .group([
            "actors": .at(\.processes.actors), "overlaps": .at(\.processes.overlaps),
        ]),
        "latency": .at(\.latency),
    ]

    private static let checked: JSONMembers<Report> = [
        "checks": .group([
            "words": .at(\.checks.words), "bytes": .at(\.checks.bytes),
            "epochs": .at(\.checks.epochs), "epochs_violated": .at(\.checks.violatedEpochs),
            "dax_files": .at(\.dax.files),
            "dax_statx": .at(\.dax.statx), "dax_map_sync": .at(\.dax.mapSync),
        ]),
        "space": .at(\.space),
        "memory": .group([
            "budget_bytes": .at(\.memory.budget), "logs_bytes": .at(\.memory.logs),
            "judge_bytes_peak": .at(\.memory.judgePeak),
        ]),
        "coverage": .at(\.coverage),
        "power": .group([
            PowerFacts.Sort.zeroForStamp.rawValue: power(.zeroForStamp),
            PowerFacts.Sort.stampBefore.rawValue: power(.stampBefore),
            PowerFacts.Sort.stampForZero.rawValue: power(.stampForZero),
            PowerFacts.Sort.sigbusForSuccess.rawValue: power(.sigbusForSuccess),
            PowerFacts.Sort.successForSigbus.rawValue: power(.successForSigbus),
        ]),
        "decided": .group([
            "racing": .at(\.decided.racing), "audits": .at(\.decided.audits),
            "sizes": .group([
                "searched": .at(\.decided.sizes.searched),
                "undecided": .at(\.decided.sizes.undecided),
            ]),
        ]),
        "clock": .at(\.clock),
        "crash": .at(\.crash),
    ]

    private static func power(_ sort: PowerFacts.Sort) -> JSONMember<Report> {
        .group(["tried": .at(\.power[sort].tried), "refused": .at(\.power[sort].refused)])
    }
}

// The parts of a report that are objects of their own.

extension Finding: JSONObject {
    static let members: JSONMembers<Finding> = [
        "rule": .at(\.rule), "file": .at(\.file), "offset": .at(\.offset),
        "expected": .at(\.expected), "observed": .at(\.observed),
        "operations": .at(\.operations), "story": .at(\.story), "signature": .at(\.signature),
    ]
    static let blank = Finding(
        rule: .provenance, file: "", offset: 0, expected: "", observed: "", story: "")
}

extension RoundFacts: JSONObject {
    static let members: JSONMembers<RoundFacts> = [
        "done": .at(\.done), "violated": .at(\.violated),
    ]
    static let blank = RoundFacts(done: 0, violated: 0)
}

extension SignatureCount: JSONObject {
    static let members: JSONMembers<SignatureCount> = [
        "signature": .at(\.signature), "count": .at(\.count), "first": .at(\.first),
    ]
    static let blank = SignatureCount("", count: 0)
}

extension KnownCount: JSONObject {
    static let members: JSONMembers<KnownCount> = [
        "name": .at(\.issue.name), "signature": .at(\.issue.signature),
        "kernels": .at(\.issue.kernels), "fs": .at(\.issue.filesystem),
        "link": .at(\.issue.link), "note": .at(\.issue.note), "count": .at(\.count),
        "first": .at(\.first),
    ]
    static let blank = KnownCount(KnownIssue(name: ""))
}

extension Interruption: JSONObject {
    static let members: JSONMembers<Interruption> = [
        "signal": .at(\.interrupt.signal), "times": .at(\.interrupt.times),
        "planned_s": .at(\.planned),
    ]
    static let blank = Interruption(Interrupt(signal: "", times: 0), planned: 0)
}

extension DifferentialFacts: JSONObject {
    static let members: JSONMembers<DifferentialFacts> = [
        "conclusion": .repeating { .string($0.conclusion) },
        "verdict": .at(\.verdict), "rule": .at(\.rule), "violations_total": .at(\.violations),
        "told": .at(\.told), "directory": .at(\.directory),
    ]
    static let blank = DifferentialFacts(
        verdict: .untested, rule: nil, violations: 0, told: "", directory: "")
}

extension MachineFacts: JSONObject {
    static let members: JSONMembers<MachineFacts> = [
        "accel": .at(\.acceleration), "qemu": .at(\.qemuVersion), "cpus": .at(\.cpus),
        "memory_bytes": .at(\.memory), "pmem_bytes": .at(\.pmem), "pmem_device": .at(\.device),
        "pmem_map": .at(\.map), "initramfs_bytes": .at(\.initramfs),
        "command_line": .at(\.commandLine), "seed": .at(\.seed), "sha256": .at(\.digests),
    ]
    static let blank = MachineFacts(
        acceleration: "", qemuVersion: "", cpus: 0, memory: ByteSize(bytes: 0),
        pmem: ByteSize(bytes: 0), device: "", map: "", initramfs: ByteSize(bytes: 0),
        commandLine: "")
}

extension VolumeFacts: JSONObject {
    static let members: JSONMembers<VolumeFacts> = [
        "mkfs": .at(\.mkfs), "tool": .at(\.tool), "mount": .at(\.mount),
    ]
    static let blank = VolumeFacts(mkfs: "", tool: "", mount: "")
}

extension MachineDigests: JSONObject {
    static let members: JSONMembers<MachineDigests> = [
        "kernel": .at(\.kernel), "qemu": .at(\.qemu), "initramfs": .at(\.initramfs),
        "modules": .at(\.modules),
    ]
    static let blank = MachineDigests(kernel: "", qemu: "", initramfs: "", modules: [:])
}

extension ActorFacts: JSONObject {
    static let members: JSONMembers<ActorFacts> = [
        "name": .at(\.name), "role": .at(\.role), "count": .at(\.count),
    ]
    static let blank = ActorFacts(name: "", role: "", count: 0)
}

extension Latency: JSONObject {
    static let members: JSONMembers<Latency> = [
        "p50_ns": .at(\.p50), "p90_ns": .at(\.p90), "p99_ns": .at(\.p99), "max_ns": .at(\.max),
    ]
    static let blank = Latency(p50: 0, p90: 0, p99: 0, max: 0)
}

extension SpaceFacts: JSONObject {
    static let members: JSONMembers<SpaceFacts> = [
        "baseline_bytes": .at(\.baseline), "after_bytes": .at(\.after),
    ]
    static let blank = SpaceFacts(baseline: 0, after: 0)
}

extension Coverage: JSONObject {
    static let members: JSONMembers<Coverage> = [
        "a": .at(\.a), "b": .at(\.b), "none": .at(\.none), "pte": .at(\.pte), "pmd": .at(\.pmd),
    ]
    static let blank = Coverage("", "", none: 0, pte: nil, pmd: nil)
}

extension DecidedFacts.Words: JSONObject {
    static let members: JSONMembers<DecidedFacts.Words> = [
        "words": .at(\.words), "exact": .at(\.exact), "one_sided": .at(\.oneSided),
        "by_copy": .at(\.byCopy), "torn": .at(\.torn), "undecided": .at(\.undecided),
    ]
    static let blank = DecidedFacts.Words()
}

extension ClockFacts: JSONObject {
    static let members: JSONMembers<ClockFacts> = [
        "source": .at(\.source), "cpus": .at(\.cpus), "skew_before_ns": .at(\.before),
        "skew_after_ns": .at(\.after), "slack_ns": .at(\.slack),
    ]
    static let blank = ClockFacts(source: "", cpus: 0, before: 0, after: nil, slack: 0)
}
