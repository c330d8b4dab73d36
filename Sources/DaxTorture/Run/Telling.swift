import DaxModel
import DaxOperations
import DaxOracle
import DaxReport
import DaxText

/// Puts the oracle's violations into a report's words.
struct Telling {
    private let names: StoryNames
    /// Whose logs tell how a stamp came about that no effect explains; nil where there are none.
    private var cast: Cast?
    private let ticksPerSecond: Double
    private let begin: UInt64

    init(_ cast: Cast, ticksPerSecond: Double, begin: UInt64) {
        let count = cast.members.count
        self.init(
            actor: { Int($0) <= count ? cast.name(of: $0) : nil }, ticksPerSecond: ticksPerSecond,
            begin: begin)
        self.cast = cast
    }

    /// Calls actors by the names that `actor` gives.
    init(actor: @escaping (UInt8) -> String?, ticksPerSecond: Double, begin: UInt64) {
        names = StoryNames(actor: actor, operation: { Telling.name(of: $0) }, span: Figures.time)
        self.ticksPerSecond = ticksPerSecond
        self.begin = begin
    }

    func tell(_ violation: DaxOracle.Violation, file: String) -> DaxReport.Violation {
        let story = Story(
            of: violation, names: names, begin: begin, ticksPerSecond: ticksPerSecond)
        return DaxReport.Violation(
            rule: violation.rule, file: file, offset: violation.offset,
            expected: story.expected, observed: story.observed,
            operations: story.operations + maker(of: violation), story: story.text)
    }

    /// Whose stamp it was that nobody is known to have written there, and how that ended.
    private func maker(of violation: DaxOracle.Violation) -> [String] {
        guard let cast, violation.rule == .provenance, case .value(let value) = violation.observed,
            !violation.evidence.contains(where: { $0.role == .culprit })
        else { return [] }
        guard let maker = StampMaker(of: value, in: cast.logs) else {
            return ["no operation of this epoch made it"]
        }
        let (record, who) = (maker.record, names.actor(maker.actor) ?? "an actor")
        let error = record.code == 0 ? "" : ", code \(record.code)"
        return [
            "\(span(record.interval)) \(who)'s \(record.kind.name), \(record.outcome)\(error), made it: "
                + "\(record.done) of \(record.length) bytes done from offset \(record.offset) on"
        ]
    }

    func tell(_ unflushed: Durability.Unflushed, file: String) -> DaxReport.Violation {
        let offset = unflushed.page * UInt64(Page.bytes)
        let (store, sync) = (whose(unflushed.store), whose(unflushed.sync))
        return DaxReport.Violation(
            rule: .durability, file: file, offset: offset,
            expected: "the page is written back before \(Telling.name(of: unflushed.sync)) returns",
            observed: "no writeback of it",
            operations: [
                "\(span(unflushed.stored)) \(store)", "\(span(unflushed.synced)) \(sync)",
            ],
            story: "\(sync) returned, but the kernel had not written the page at offset "
                + "\(offset) back since \(store) made it dirty; the last time before was "
                + "\(moment(unflushed.before)), the first after \(moment(unflushed.after)); meanwhile it wrote "
                + "\(unflushed.others) other ranges back")
    }

    func tell(_ change: Freezes.Change, file: String) -> DaxReport.Violation {
        let (freeze, who) = (whose(change.freeze), whose(change.operation))
        return DaxReport.Violation(
            rule: .durability, file: file, offset: change.page * UInt64(Page.bytes),
            expected: "nothing changes while the filesystem is frozen", observed: "a change",
            operations: [
                "\(span(change.frozen)) \(freeze)", "\(span(change.interval)) \(who)",
            ],
            story: "\(who) began after \(freeze) had returned, and was done before anybody thawed "
                + "the filesystem, \(moment(change.thawed))")
    }

    /// Where in time, whose, what, and on which bytes.
    func tell(_ change: BlockChange) -> String {
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

    private func whose(_ operation: Operation) -> String {
        "\(names.actor(operation.actor) ?? "an actor")'s \(Telling.name(of: operation))"
    }

    func name(of actor: UInt8) -> String { names.actor(actor) ?? "actor \(actor)" }

    /// How long after the end of `a` another began: "1.25 ms after".
    func after(_ a: Interval, _ b: Interval) -> String {
        let ticks = b.invoked.ticks - min(a.returned.ticks, b.invoked.ticks)
        return Figures.time(UInt64(Double(ticks) / ticksPerSecond * 1e9)) + " after"
    }

    func span(_ interval: Interval) -> String {
        "[\(microseconds(interval.invoked)), \(microseconds(interval.returned))] us"
    }

    /// What an operation is called after its actor's name.
    static func name(of operation: Operation) -> String {
        // What no actor did: the oracle adds it where the page cache is used.
        guard let kind = OperationKind(rawValue: operation.kind) else { return "writeback" }
        let told = kind.traits.told
        return switch AccessPath(rawValue: operation.path) {
        case .mapping: "\(told) through its mapping"
        case .uring: kind.addsRing ? "io_uring \(told)" : told
        case .syscall, nil: told
        }
    }
}
