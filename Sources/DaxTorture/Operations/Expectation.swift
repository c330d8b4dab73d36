package import DaxModel
import DaxSystem

/// What is to have come of a script's step.
package enum Expectation: Hashable, Sendable {
    /// No errno, no signal, and all of it was done.
    case ok
    case sigbus
    /// This errno.
    case errno(Int32)
    /// All of it was read, and all of it was zero.
    case zero
    /// All of it was read, and is what the script itself stored there last.
    case written

    /// As a config names it; nil where it is nothing of the kind.
    package init?(_ name: String) {
        switch name {
        case "ok": self = .ok
        case "SIGBUS": self = .sigbus
        case "zero": self = .zero
        case "written": self = .written
        default:
            guard let code = SystemError.code(named: name) else { return nil }
            self = .errno(code)
        }
    }

    package var name: String {
        switch self {
        case .ok: "ok"
        case .sigbus: "SIGBUS"
        case .errno(let code): SystemError.name(of: code)
        case .zero: "zero"
        case .written: "written"
        }
    }

    /// What the step is to do, as it follows "was expected to".
    package var told: String {
        switch self {
        case .ok: "succeed"
        case .sigbus: "take SIGBUS"
        case .errno(let code): "fail with \(SystemError.name(of: code))"
        case .zero: "read zeros"
        case .written: "read what was stored there last"
        }
    }

    /// Why no step that does `verb` can come to it; nil if one can.
    func complaint(about verb: Order.Verb) -> String? {
        if verb.shape == .ownHold { return "\(verb.rawValue) is several calls" }
        // A pin is a call, whatever it faults in.
        let isAccess = !verb.pins && verb.kinds.contains { $0.traits.faults != .none }
        return switch self {
        case .ok: nil
        case .sigbus where !isAccess: "\(verb.rawValue) takes no signal"
        case .errno where isAccess: "\(verb.rawValue) has no errno"
        case .zero where !verb.reads, .written where !verb.reads:
            "\(verb.rawValue) reads nothing"
        case .written where verb == .privateLoad:
            "what \(verb.rawValue) reads is forgotten from epoch to epoch"
        case .sigbus, .errno, .zero, .written: nil
        }
    }

    /// How an operation that came to an end disappoints it.
    package struct Mismatch: Hashable, Sendable {
        package var rule: Rule
        /// In bytes from the file's beginning.
        package var offset: UInt64
        package var expected: String
        package var observed: String
        /// What the step did, as it follows "and".
        package var told: String
        /// The word that was read, if that is what is wrong.
        package var word: UInt64?
    }

    /// How `record` differs from what is expected; nil if it does not, or the controller broke it off.
    /// `values` are the words that it read, and `due` gives what was stored last into a word, if that is known.
    package func mismatch(
        _ record: Record, values: some Sequence<UInt64>, due: (UInt64) -> UInt64?
    ) -> Mismatch? {
        let told = Expectation.tell(record)
        func mismatch(_ rule: Rule) -> Mismatch {
            Mismatch(
                rule: rule, offset: record.offset, expected: name, observed: told.short,
                told: told.long)
        }
        switch (self, record.outcome) {
        case (_, .interrupted), (.sigbus, .faulted): return nil
        case (.sigbus, .done), (.sigbus, .failed): return mismatch(.sigbus)
        case (.errno(let code), .failed) where record.code == code: return nil
        case (_, .faulted): return mismatch(.sigbus)
        case (_, .failed), (.errno, .done): return mismatch(.refusal)
        case (.ok, .done), (.zero, .done), (.written, .done):
            guard record.done == record.length else { return mismatch(.refusal) }
        }
        guard self == .zero || self == .written else { return nil }
        for (index, value) in values.enumerated() {
            let word = record.offset / 8 + UInt64(index)
            guard let due = self == .zero ? 0 : due(word), due != value else { continue }
            return Mismatch(
                rule: .freshness, offset: word * 8, expected: hex(due), observed: hex(value),
                told: "found \(hex(value)) at offset \(word * 8)", word: value)
        }
        return nil
    }

    /// What came of an operation: as a value, and as it follows "and".
    private static func tell(_ record: Record) -> (short: String, long: String) {
        switch record.outcome {
        case .done where record.done < record.length:
            let part = "\(record.done) of \(record.length) bytes"
            return (part, "came to \(part)")
        case .done: return ("ok", "succeeded")
        case .failed:
            let name = SystemError.name(of: record.code)
            return (name, "failed with \(name)")
        case .faulted, .interrupted:
            let name = SystemError.signalName(of: Int32(record.signal))
            return (name, "took \(name) after \(record.done) bytes")
        }
    }
}
