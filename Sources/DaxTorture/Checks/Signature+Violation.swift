import DaxModel
package import DaxOperations
import DaxOracle

extension Signature {
    /// What a violation of the oracle has in common with others of its cause; `fault` is what the access
    /// that saw it faulted in, where that is known.
    ///
    /// Which of several writers, and who else saw the word, is chance: of what proves it only that counts
    /// which removed or replaced, or else wrote, what was due.
    init(_ violation: Violation, fault: FaultSize = .none) {
        let observer = violation.evidence.first { $0.role == .observer }?.operation
        let causes = Signature.causes(violation)
        self.init(
            rule: violation.rule, seen: Signature.seen(violation),
            observer: observer.map(Signature.kind) ?? "",
            others: causes.map { Signature.kind($0.operation) },
            relation: Signature.relation(violation, causes), fault: fault.told)
    }

    /// What an operation is called, without what is chance; empty for the harness's own.
    private static func kind(_ operation: Operation) -> String {
        guard operation.actor != .harness else { return "" }
        return OperationKind(rawValue: operation.kind)?.genus ?? operation.told
    }

    /// Of the evidence what counts most.
    private static func causes(_ violation: Violation) -> [Evidence] {
        let ranks: [Set<Evidence.Role>] = [
            [.zeroing, .copy, .resize], [.stampOwner], [.overwrite], [.write],
        ]
        for rank in ranks {
            let found = violation.evidence.filter {
                rank.contains($0.role) && $0.operation.actor != .harness
            }
            if !found.isEmpty { return found }
        }
        return []
    }

    private static func seen(_ violation: Violation) -> String {
        switch violation.observed {
        case .value(0): "zero"
        case .value where violation.evidence.contains { $0.role == .stampOwner }:
            "a stamp of elsewhere"
        case .value(let value) where DevicePattern.offset(of: value) != nil:
            "stale block content"
        case .value where violation.rule == .provenance: "no stamp"
        case .value: "an old stamp"
        case .sigbus: "SIGBUS"
        case .noSigbus: "no SIGBUS"
        case .size: "a wrong size"
        }
    }

    /// Where the stamp belongs, seen from where it was found; else how much of the page was zeroed, if all
    /// zeroings agree.
    private static func relation(_ violation: Violation, _ causes: [Evidence]) -> String {
        let page = violation.offset / UInt64(Page.bytes)
        let owner = violation.evidence.first { $0.role == .stampOwner }
        if let owner, let home = owner.home {
            if owner.homeFile != nil { return "other file" }
            let there = home / UInt64(Page.bytes)
            if there == page { return "same page" }
            return max(there, page) - min(there, page) == 1 ? "neighbouring page" : "same file"
        }
        let zeroings = causes.filter { $0.role == .zeroing }
        let words = page * UInt64(Page.words)..<(page + 1) * UInt64(Page.words)
        let reaches = Set(
            zeroings.map { zeroing in
                zeroing.words.map {
                    $0.lowerBound <= words.lowerBound && words.upperBound <= $0.upperBound
                }
            })
        guard reaches.count == 1, let all = reaches.first ?? nil else { return "" }
        return all ? "all of the page" : "part of the page"
    }
}

extension OperationKind {
    /// What operations of the kind have in common with others that go the same way through the kernel.
    package var genus: String {
        if [.pin, .unmappedPin, .privatePin].contains(self) { return "pin" }
        return switch (traits.faults, traits.reference) {
        case (.write, .stamps): "store"
        case (.read, .values): "load"
        case (.none, .values): "read"
        case (.none, .stamps): "write"
        case (.write, _), (.read, _), (.none, _), (.lent, _): traits.told
        }
    }
}

extension FaultSize {
    /// What it is called in a signature.
    fileprivate var told: String {
        switch self {
        case .none: ""
        case .pte: "PTE"
        case .pmd: "PMD"
        }
    }
}
