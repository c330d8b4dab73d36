import DaxModel
import DaxOracle

extension Signature {
    /// What a violation of the oracle has in common with others of its cause.
    init(_ violation: Violation) {
        let observer = violation.evidence.first { $0.role == .observer }?.operation
        self.init(
            rule: violation.rule, seen: Signature.seen(violation),
            observer: observer.map(Signature.kind) ?? "",
            others: violation.evidence.filter { $0.role != .observer }
                .map { Signature.kind($0.operation) })
    }

    /// What an operation is called; empty for the harness's own.
    private static func kind(_ operation: Operation) -> String {
        operation.actor == .harness ? "" : operation.told
    }

    private static func seen(_ violation: Violation) -> String {
        switch violation.observed {
        case .value(0): "zero"
        case .value where violation.evidence.contains { $0.role == .stampOwner }:
            "a stamp of elsewhere"
        case .value where violation.rule == .provenance: "no stamp"
        case .value: "an old stamp"
        case .sigbus: "SIGBUS"
        case .noSigbus: "no SIGBUS"
        case .size: "a wrong size"
        }
    }
}
