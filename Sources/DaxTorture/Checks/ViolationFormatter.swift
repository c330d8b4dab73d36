package import DaxModel
import DaxOperations
package import DaxOracle
import DaxSystem
import DaxText

/// Puts into words what the oracle and the checks found.
package struct ViolationFormatter {
    private let actors: [ActorNumber: String]
    /// The logs of all actors in the epoch, which tell how a stamp came about that no effect
    /// explains; nil where there are none.
    private let logs: [ActorLog]?
    private let ticksPerSecond: Double
    private let begin: UInt64

    /// Calls actors by their names, and counts time from the instant `begin`, in ticks.
    package init(
        actors: [ActorNumber: String], logs: [ActorLog]? = nil, ticksPerSecond: Double,
        begin: UInt64
    ) {
        self.actors = actors
        self.logs = logs
        self.ticksPerSecond = ticksPerSecond
        self.begin = begin
    }

    package func tell(_ violation: Violation, file: String) -> Finding {
        let story = Story(
            of: violation, actors: actors, logs: logs ?? [], begin: begin,
            ticksPerSecond: ticksPerSecond)
        return Finding(
            rule: violation.rule, file: file, offset: violation.offset,
            expected: story.expected, observed: story.observed,
            operations: story.operations + maker(of: violation), story: story.text,
            signature: signature(of: violation))
    }

    package func signature(of violation: Violation) -> Signature {
        Signature(violation, fault: fault(of: violation))
    }

    /// What the access that saw a violation faulted in, where it can only have been the page in question.
    private func fault(of violation: Violation) -> FaultSize {
        guard let seer = violation.evidence.first(where: { $0.role == .observer })?.operation,
            let records = logs?.first(where: { $0.actor == seer.actor })?.log.records,
            seer.index < records.count
        else { return .none }
        let record = records[Int(seer.index)]
        let (page, last) = (UInt64(Page.bytes), record.offset + max(record.length, 1) - 1)
        return record.offset / page == last / page ? record.faulted : .none
    }

    /// The operation that made the stamp of a violation, where nobody is known to have written that
    /// stamp there, and how the operation ended.
    private func maker(of violation: Violation) -> [String] {
        guard let logs, violation.rule == .provenance, case .value(let value) = violation.observed,
            !violation.evidence.contains(where: { $0.role == .stampOwner })
        else { return [] }
        guard let maker = StampMaker(of: value, in: logs) else {
            return ["no operation of this epoch made it"]
        }
        let (record, who) = (maker.record, actors[maker.actor] ?? "an actor")
        let error = record.code == 0 ? "" : ", code \(record.code)"
        return [
            "\(span(record.interval)) \(who)'s \(record.kind.name), \(record.outcome)\(error), made it: "
                + "\(record.done) of \(record.length) bytes done from offset \(record.offset) on"
        ]
    }

    package func tell(_ unflushed: Durability.Unflushed, file: String) -> Finding {
        let offset = unflushed.page.offset
        let (store, sync) = (whose(unflushed.store), whose(unflushed.sync))
        return Finding(
            rule: .durability, file: file, offset: offset,
            expected: "the page is written back before \(unflushed.sync.told) returns",
            observed: "no writeback of it",
            operations: [
                "\(span(unflushed.stored)) \(store)", "\(span(unflushed.synced)) \(sync)",
            ],
            story: "\(sync) returned, but the kernel had not written the page at offset "
                + "\(offset) back since \(store) made it dirty; the last time before was "
                + "\(moment(unflushed.before)), the first after \(moment(unflushed.after)); meanwhile it wrote "
                + "\(unflushed.others) other ranges back",
            signature: Signature(
                rule: .durability, seen: "no writeback", observer: unflushed.sync.told,
                others: ["store"]))
    }

    package func tell(_ change: Freezes.Change, file: String) -> Finding {
        let (freeze, who) = (whose(change.freeze), whose(change.operation))
        return Finding(
            rule: .durability, file: file, offset: change.page.offset,
            expected: "nothing changes while the filesystem is frozen", observed: "a change",
            operations: [
                "\(span(change.frozen)) \(freeze)", "\(span(change.interval)) \(who)",
            ],
            story: "\(who) began after \(freeze) had returned, and was done before anybody thawed "
                + "the filesystem, \(moment(change.thawed))",
            signature: Signature(
                rule: .durability, seen: "a change", observer: change.freeze.told,
                others: [change.operation.genus]))
    }

    /// A change of blocks in words: when, by whom, what, and on which bytes.
    package func tell(_ change: BlockChange) -> String {
        let record = change.record
        let range = record.kind == .truncate ? "to" : "of \(record.length) bytes from"
        return "\(span(record.interval)) \(name(of: change.actor))'s \(record.kind.name) \(range) "
            + "offset \(record.offset)"
    }

    private func moment(_ instant: Timestamp?) -> String {
        instant.map { "at \(microseconds($0)) us" } ?? "not in this epoch"
    }

    private func microseconds(_ instant: Timestamp) -> UInt64 {
        UInt64(Double(instant.ticks - min(instant.ticks, begin)) / ticksPerSecond * 1e6)
    }

    func whose(_ operation: Operation) -> String {
        "\(actors[operation.actor] ?? "an actor")'s \(operation.told)"
    }

    func name(of actor: ActorNumber) -> String { actors[actor] ?? "actor \(actor)" }

    /// How long after the end of `a` the interval `b` began: "1.25 ms after".
    func after(_ a: Interval, _ b: Interval) -> String {
        let ticks = b.invoked.ticks - min(a.returned.ticks, b.invoked.ticks)
        return Figures.time(UInt64(Double(ticks) / ticksPerSecond * 1e9)) + " after"
    }

    func span(_ interval: Interval) -> String {
        "[\(microseconds(interval.invoked)), \(microseconds(interval.returned))] us"
    }
}

extension Operation {
    /// The operation without what is chance, for a signature.
    fileprivate var genus: String { OperationKind(rawValue: kind)?.genus ?? told }

    /// What the operation is called after its actor's name: "load through its mapping", "punch".
    var told: String {
        // What no actor did: the oracle adds it where the page cache is used.
        guard let kind = OperationKind(rawValue: kind) else { return "writeback" }
        let told = kind.traits.told
        return switch AccessPath(rawValue: path) {
        case .mapping: "\(told) through its mapping"
        case .uring: kind.addsRing ? "io_uring \(told)" : told
        case .syscall, nil: told
        }
    }
}
