internal import DaxModel
import DaxSystem
public import DaxText

/// A report.json that is not one: the member at fault, and why.
public struct ReportError: Error, Hashable, Sendable, CustomStringConvertible {
    public var description: String

    public init(_ description: String) { self.description = description }
}

extension Report {
    /// Reads a report back; members that this version does not know are passed over.
    public init(json: JSON) throws(ReportError) {
        let root = Member(name: "report", value: json)
        let schema = try root["schema"].string
        guard schema == Report.schema else {
            throw ReportError("schema is \"\(schema)\"; this version reads \"\(Report.schema)\"")
        }
        self.init(fs: try root["fs"].string, seed: try root["seed"].seed)
        let verdictText = try root["verdict"].string
        guard let verdict = Verdict(rawValue: verdictText) else {
            throw ReportError("verdict is not one: \(verdictText)")
        }
        self.verdict = verdict
        kernel = try root["kernel"].optional?.string
        duration = try root["duration_s"].seconds
        interruption = try root["interrupted"].optional.map { (item) throws(ReportError) in
            try Interruption(item)
        }
        operations = try root["operations"].counters
        for (kind, failed) in try root["operations_failed"].members {
            operationsFailed[kind] = try failed.counters
        }
        overlaps = try root["overlaps"].counters
        violationsTotal = try root["violations_total"].count
        timeToFirstViolation = try root["time_to_first_violation_s"].optional?.seconds
        vacuity = try root["vacuity"].strings
        notes = try root["notes"].strings
        daxMode = try root["dax_mode"].string
        differential = try root["differential"].optional.map { (item) throws(ReportError) in
            try DifferentialFacts(item)
        }
        try readCounts(root)
        for sort in PowerFacts.Sort.allCases {
            let count = try root["power"][sort.rawValue]
            power[sort] = PowerFacts.Count(
                tried: try count["tried"].count, refused: try count["refused"].count)
        }
        decided.racing = try DecidedFacts.Words(root["decided"]["racing"])
        decided.audits = try DecidedFacts.Words(root["decided"]["audits"])
        decided.sizes.searched = try root["decided"]["sizes"]["searched"].count
        decided.sizes.undecided = try root["decided"]["sizes"]["undecided"].count
        clock = try root["clock"].optional.map { (item) throws(ReportError) in
            try ClockFacts(item)
        }
        try readLists(root)
    }

    private mutating func readCounts(_ root: Member) throws(ReportError) {
        let faults = try root["faults"]
        self.faults = FaultCounts(
            pte: try faults["pte"].count, pmd: try faults["pmd"].count,
            fellBack: try faults["pmd_fallback"].count)
        let sigbus = try root["sigbus"]
        self.sigbus = SigbusCounts(
            justified: try sigbus["justified"].count, unjustified: try sigbus["unjustified"].count,
            missing: try sigbus["missing"].count, poisoned: try sigbus["poisoned"].count,
            noSpace: try sigbus["no_space"].count, taken: try sigbus["taken"].count)
        let checks = try root["checks"]
        self.checks = CheckCounts(
            words: try checks["words"].count, bytes: try checks["bytes"].count,
            epochs: try checks["epochs"].count)
        dax = DaxProof(
            files: try checks["dax_files"].count, statx: try checks["dax_statx"].count,
            mapSync: try checks["dax_map_sync"].count)
        space = try root["space"].optional.map { (item) throws(ReportError) in
            SpaceFacts(
                baseline: try item["baseline_bytes"].count, after: try item["after_bytes"].count)
        }
        let memory = try root["memory"]
        self.memory = MemoryFacts(
            budget: try memory["budget_bytes"].count, logs: try memory["logs_bytes"].count,
            judgePeak: try memory["judge_bytes_peak"].count)
    }

    private mutating func readLists(_ root: Member) throws(ReportError) {
        for item in try root["violations"].items { violations.append(try Violation(item)) }
        for item in try root["coverage"].items { coverage.append(try Coverage(item)) }
        for item in try root["actors"].items { actors.append(try ActorFacts(item)) }
        let processes = try root["processes"]
        for item in try processes["actors"].items {
            self.processes.actors.append(try item.strings)
        }
        self.processes.overlaps = try processes["overlaps"].optional?.count
        for (kind, item) in try root["latency"].members { latency[kind] = try Latency(item) }
        machine = try root["machine"].optional.map { (item) throws(ReportError) in
            try MachineFacts(item)
        }
    }
}

extension Violation {
    fileprivate init(_ item: Member) throws(ReportError) {
        self.init(
            rule: try item["rule"].rule, file: try item["file"].string,
            offset: try item["offset"].count, expected: try item["expected"].string,
            observed: try item["observed"].string, operations: try item["operations"].strings,
            story: try item["story"].string)
    }
}

extension Interruption {
    fileprivate init(_ item: Member) throws(ReportError) {
        self.init(
            Interrupt(
                signal: try item["signal"].string,
                times: Int(clamping: try item["times"].count)),
            planned: try item["planned_s"].seconds)
    }
}

extension ClockFacts {
    fileprivate init(_ item: Member) throws(ReportError) {
        self.init(
            source: try item["source"].string, cpus: try item["cpus"].count,
            before: try item["skew_before_ns"].count,
            after: try item["skew_after_ns"].optional?.count, slack: try item["slack_ns"].count)
    }
}

extension DecidedFacts.Words {
    fileprivate init(_ item: Member) throws(ReportError) {
        self.init()
        words = try item["words"].count
        exact = try item["exact"].count
        oneSided = try item["one_sided"].count
        byCopy = try item["by_copy"].count
        torn = try item["torn"].count
        undecided = try item["undecided"].count
    }
}

extension Coverage {
    fileprivate init(_ item: Member) throws(ReportError) {
        self.init(
            try item["a"].string, try item["b"].string, none: try item["none"].count,
            pte: try item["pte"].optional?.count, pmd: try item["pmd"].optional?.count)
    }
}

extension MachineFacts {
    fileprivate init(_ item: Member) throws(ReportError) {
        self.init(
            acceleration: try item["accel"].string, qemuVersion: try item["qemu"].string,
            cpus: try item["cpus"].count,
            memory: ByteSize(bytes: try item["memory_bytes"].count),
            pmem: ByteSize(bytes: try item["pmem_bytes"].count),
            device: try item["pmem_device"].string, map: try item["pmem_map"].string,
            initramfs: ByteSize(bytes: try item["initramfs_bytes"].count),
            commandLine: try item["command_line"].string,
            seed: try item["seed"].optional?.seed,
            digests: try item["sha256"].optional.map { (item) throws(ReportError) in
                try MachineDigests(item)
            })
    }
}

extension MachineDigests {
    fileprivate init(_ item: Member) throws(ReportError) {
        var modules: [String: String] = [:]
        for (name, digest) in try item["modules"].members { modules[name] = try digest.string }
        self.init(
            kernel: try item["kernel"].string, qemu: try item["qemu"].string,
            initramfs: try item["initramfs"].string, modules: modules)
    }
}

extension DifferentialFacts {
    fileprivate init(_ item: Member) throws(ReportError) {
        let verdictText = try item["verdict"].string
        guard let verdict = Verdict(rawValue: verdictText) else {
            throw ReportError("verdict is not one: \(verdictText)")
        }
        self.init(
            verdict: verdict, rule: try item["rule"].optional?.rule,
            violations: try item["violations_total"].count, told: try item["told"].string,
            directory: try item["directory"].string)
    }
}

extension ActorFacts {
    fileprivate init(_ item: Member) throws(ReportError) {
        self.init(
            name: try item["name"].string, role: try item["role"].string,
            count: try item["count"].count)
    }
}

extension Latency {
    fileprivate init(_ item: Member) throws(ReportError) {
        self.init(
            p50: try item["p50_ns"].count, p90: try item["p90_ns"].count,
            p99: try item["p99_ns"].count, max: try item["max_ns"].count)
    }
}

/// A value with the path that leads to it, so that every complaint names its place.
private struct Member {
    let name: String
    let value: JSON

    subscript(child: String) -> Member {
        get throws(ReportError) {
            guard let found = value[child] else { throw ReportError("\(name) has no \"\(child)\"") }
            return Member(name: child, value: found)
        }
    }

    private func wrong(_ expected: String) -> ReportError {
        ReportError("\(name) should be \(expected)")
    }

    /// Nil for null.
    var optional: Member? { value == .null ? nil : self }

    var string: String {
        get throws(ReportError) {
            guard case .string(let string) = value else { throw wrong("a string") }
            return string
        }
    }

    var seed: Seed {
        get throws(ReportError) {
            let text = try string
            guard let seed = Seed(text) else { throw ReportError("\(name) is not one: \(text)") }
            return seed
        }
    }

    var rule: Rule {
        get throws(ReportError) {
            let text = try string
            guard let rule = Rule(text) else { throw ReportError("\(name) is not one: \(text)") }
            return rule
        }
    }

    var count: UInt64 {
        get throws(ReportError) {
            guard case .integer(let number) = value, let count = UInt64(exactly: number) else {
                throw wrong("a whole number, 0 or more")
            }
            return count
        }
    }

    /// Up to a thousand years.
    var seconds: Double {
        get throws(ReportError) {
            guard case .double(let seconds) = value, (0...3.2e10).contains(seconds) else {
                throw wrong("seconds, such as 20.0")
            }
            return seconds
        }
    }

    var items: [Member] {
        get throws(ReportError) {
            guard let values = value.values else { throw wrong("an array") }
            return values.enumerated().map { Member(name: "\(name)[\($0)]", value: $1) }
        }
    }

    var members: [(String, Member)] {
        get throws(ReportError) {
            guard let members = value.members else { throw wrong("an object") }
            return members.map { ($0.name, Member(name: "\(name).\($0.name)", value: $0.value)) }
        }
    }

    var strings: [String] {
        get throws(ReportError) {
            try items.map { (item) throws(ReportError) in try item.string }
        }
    }

    var counters: [String: UInt64] {
        get throws(ReportError) {
            var counters: [String: UInt64] = [:]
            for (name, member) in try members { counters[name] = try member.count }
            return counters
        }
    }
}
