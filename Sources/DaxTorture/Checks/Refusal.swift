package import DaxOperations
import DaxSystem
import Glibc

/// What R13 says of one record.
package struct Refusal: Hashable, Sendable {
    package var expected: String
    package var observed: String
    /// What the call did, as the end of a sentence.
    package var sentence: String
}

extension Record {
    /// What is wrong with how the call ended; nil for nothing (rule R13).
    package func refusal(in situation: Situation) -> Refusal? {
        switch outcome {
        case .faulted, .interrupted: nil
        case .failed: errnoWithoutReason(in: situation)
        case .done: shortWithoutReason(in: situation)
        }
    }

    private func errnoWithoutReason(in situation: Situation) -> Refusal? {
        let excuses = Excuses(self, in: situation)
        let allowed = kind.refusals(excuses) + (excuses.signalled ? [EINTR] : [])
        if allowed.contains(code) { return nil }
        let names = Array(Set(allowed.map { SystemError.name(of: $0) })).sorted()
        return Refusal(
            expected: names.isEmpty ? "success" : "success, or \(names.joined(separator: ", "))",
            observed: SystemError.name(of: code),
            sentence: "fails with \(SystemError.name(of: code)), for which there is no reason"
                + circumstances.told)
    }

    private func shortWithoutReason(in situation: Situation) -> Refusal? {
        guard kind.traits.marks.contains(.shortNeedsReason), done < length else { return nil }
        let excuses = Excuses(self, in: situation)
        let mayStop = !circumstances.isDisjoint(with: [.noWait, .cutBuffer])
        if mayStop || !(excuses.space + excuses.media).isEmpty || excuses.signalled { return nil }
        return Refusal(
            expected: "\(length) bytes", observed: "\(done) bytes",
            sentence: "moves \(done) of \(length) bytes and gives no error, for which there is no "
                + "reason" + circumstances.told)
    }
}

extension Record.Circumstances {
    /// As the end of a sentence; empty where there are none.
    fileprivate var told: String {
        let parts =
            (contains(.noWait) ? ["RWF_NOWAIT"] : [])
            + (contains(.cutBuffer) ? ["a buffer that cannot be reached whole"] : [])
            + (contains(.chained) ? ["behind another in a chain"] : [])
        return parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))"
    }
}
