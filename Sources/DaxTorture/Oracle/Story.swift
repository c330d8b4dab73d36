public import DaxModel

/// What the caller's codes are called, and what its clock ticks mean.
public struct StoryNames: Sendable {
    /// Of the actors: "reader 3".
    public var actors: [UInt8: String]
    /// Of the operations' kinds: "punch".
    public var kinds: [UInt8: String]
    /// Of the paths: "io_uring".
    public var paths: [UInt8: String]
    /// Times are told from here on.
    public var origin: Timestamp
    /// Ticks of the clock in a second.
    public var frequency: UInt64

    public init(
        actors: [UInt8: String] = [:], kinds: [UInt8: String] = [:], paths: [UInt8: String] = [:],
        origin: Timestamp = Timestamp(ticks: 0), frequency: UInt64 = 1_000_000_000
    ) {
        precondition(frequency > 0, "a clock that stands still")
        self.actors = actors
        self.kinds = kinds
        self.paths = paths
        self.origin = origin
        self.frequency = frequency
    }

    func actor(_ actor: UInt8) -> String {
        actors[actor] ?? (actor == 0 ? "the audit" : "actor \(actor)")
    }

    func kind(_ operation: Operation) -> String { kinds[operation.kind] ?? "operation" }

    /// "reader 3's punch (io_uring)".
    func deed(_ operation: Operation) -> String {
        let path = paths[operation.path].map { " (\($0))" } ?? ""
        return "\(actor(operation.actor))'s \(kind(operation))\(path)"
    }

    /// Nanoseconds since the origin.
    func nanoseconds(_ time: Timestamp) -> String {
        let before = time < origin
        let ticks = before ? origin.ticks - time.ticks : time.ticks - origin.ticks
        let (high, low) = ticks.multipliedFullWidth(by: 1_000_000_000)
        guard high < frequency else { return before ? "before" : "beyond" }
        let (count, _) = frequency.dividingFullWidth((high, low))
        return (before ? "-" : "") + "\(count)"
    }
}

/// A violation told so that a kernel developer sees what happened.
public struct Story: Hashable, Sendable, CustomStringConvertible {
    /// Everything in one sentence, without a full stop.
    public var sentence: String
    /// What was expected and seen, then the history around it in order of invocation. The
    /// operations that prove the violation are marked with a star.
    public var lines: [String]

    /// All of it as text, lines indented by two.
    public var description: String {
        ([sentence] + lines.map { "  " + $0 }).joined(separator: "\n")
    }

    public init(
        of violation: Violation, in history: History, key: StampKey, names: StoryNames
    ) {
        let teller = Teller(violation: violation, history: history, key: key, names: names)
        sentence = teller.sentence()
        lines = teller.expectation() + teller.around()
    }
}

/// Finds the words for one violation.
struct Teller {
    let violation: Violation
    let history: History
    let key: StampKey
    let names: StoryNames

    var word: UInt64 { violation.offset / 8 }

    var place: String {
        "offset 0x\(String(violation.offset, radix: 16)) of file \(violation.file)"
    }

    private func first(_ role: Evidence.Role) -> Evidence? {
        violation.evidence.first { $0.role == role }
    }

    func sentence() -> String {
        guard let observer = first(.observer) else { return "\(violation.rule) at \(place)" }
        let who = names.actor(observer.operation.actor)
        let what = names.kind(observer.operation)
        switch violation.observed {
        case .noSigbus:
            return "\(who)'s \(what) reached the page at \(place) without a SIGBUS, though it lay "
                + "wholly beyond the end of file all the while"
        case .sigbus:
            return "\(who)'s \(what) took a SIGBUS at \(place), though the page lay within the "
                + "file all the while"
        case .size(let seen):
            return "\(who)'s \(what) saw file \(violation.file) with \(bytes(seen)), which it "
                + "cannot have had then"
        case .value(let value):
            return "\(who) read \(tell(value)) at \(place) \(why(value))"
        }
    }

    /// What makes a value wrong.
    private func why(_ value: UInt64) -> String {
        let write = first(.write)
        switch violation.rule {
        case .future:
            return "before " + (write.map { "\(names.deed($0.operation))" } ?? "its write")
                + " of it had been invoked"
        case .provenance:
            guard let culprit = first(.culprit) else { return "which nobody wrote there" }
            let home = Origin(of: value, in: history, key: key).map {
                " at offset 0x\(String(8 * $0.word, radix: 16))"
            }
            return "which \(names.deed(culprit.operation)) was to put elsewhere\(home ?? "")"
        case .goingBack:
            guard let witness = first(.witness), let seen = witness.value else {
                return "where the state before had been seen to be gone"
            }
            return "after \(names.actor(witness.operation.actor)) had read \(tell(seen)): no order "
                + "of the operations explains both"
        default: break
        }
        if let zeroing = first(.zeroing), value != 0 {
            return "after \(names.deed(zeroing.operation)) had returned"
        }
        if let overwrite = first(.overwrite), let new = overwrite.value {
            return "after \(names.deed(overwrite.operation)) of \(tell(new)) had returned"
        }
        if value == 0 {
            guard let write, let lost = write.value else {
                return "though nothing had cleared it"
            }
            return "though nothing had cleared it since \(names.deed(write.operation)) of "
                + tell(lost)
        }
        return "which was there in an earlier epoch"
    }

    // MARK: - Values

    func tell(_ value: UInt64) -> String {
        if value == 0 { return "zero" }
        let stamp = Stamp(rawValue: value)
        let plain = "stamp \(stamp.sequence) of \(names.actor(stamp.actor))"
        if key.verify(stamp, file: violation.file, word: word) { return plain }
        let raw = "0x" + String(value, radix: 16)
        guard first(.culprit) != nil else { return raw }
        return "\(raw) (\(plain), made for another place)"
    }

    private func bytes(_ range: ClosedRange<UInt64>) -> String {
        if range.lowerBound == range.upperBound { return "\(range.lowerBound) bytes" }
        if range.upperBound == .max { return "\(range.lowerBound) bytes or more" }
        return "\(range.lowerBound) to \(range.upperBound) bytes"
    }

    func expectation() -> [String] {
        let expected =
            switch violation.expected {
            case .values(let values):
                values.isEmpty ? "nothing legal" : values.map(tell).joined(separator: ", or ")
            case .sigbus: "a SIGBUS"
            case .noSigbus: "no SIGBUS"
            case .size(let range): bytes(range)
            }
        let observed =
            switch violation.observed {
            case .value(let value): "\(tell(value)) (0x\(String(value, radix: 16)))"
            case .sigbus: "a SIGBUS"
            case .noSigbus: "no SIGBUS"
            case .size(let range): bytes(range)
            }
        return ["\(violation.rule): expected \(expected); observed \(observed)"]
    }
}
