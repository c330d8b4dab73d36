package import DaxModel
internal import DaxText

/// How many violations of a run have a signature.
package struct SignatureCount: Hashable, Sendable {
    /// `Signature.text`, or ``others``.
    package var signature: String
    package var count: UInt64
    /// The first of them, counted from 0 among the violations that are listed; nil where none is.
    package var first: UInt64?

    package init(_ signature: String, count: UInt64, first: UInt64? = nil) {
        (self.signature, self.count, self.first) = (signature, count, first)
    }

    /// Violations that the oracle counted, and did not look at any further.
    package static let others = "others"
}

/// Triage: violations by what they have in common.
extension Report {
    /// Adds a violation before the listed one at `index`, or behind all; false if it is known, and does not
    /// count. Where enough are listed, it takes the place of the last that is not the first of its
    /// signature, if its own is new.
    @discardableResult
    package mutating func add(_ violation: Finding, before index: Int? = nil) -> Bool {
        if countKnown(violation.signature, { violation }) { return false }
        let isNew = !violations.contains { $0.signature == violation.signature }
        count(violation.signature, 1)
        if violations.count < Report.listed || isNew || index != nil {
            violations.insert(violation, at: min(index ?? .max, violations.count))
            if violations.count > Report.listed { violations.remove(at: leastTelling) }
        }
        indexSignatures()
        return true
    }

    /// Adds a violation of that signature, which `violation` makes where it is the first; false if it is
    /// known.
    package mutating func add(_ signature: String, _ violation: () -> Finding) -> Bool {
        if countKnown(signature, violation) { return false }
        guard signatures.contains(where: { $0.signature == signature }) else {
            return add(violation())
        }
        count(signature, 1)
        return true
    }

    /// Counts violations of which nothing is known but that they are some.
    package mutating func add(untold count: UInt64) {
        if count > 0 { self.count(SignatureCount.others, count) }
    }

    /// Forgets what is listed and satisfies `isWrong`, and whatever has the signature of one of them, and
    /// with `untold` what is known by no signature; gives how many that were.
    package mutating func remove(untold: Bool, where isWrong: (Finding) -> Bool) -> UInt64 {
        let gone = Set(violations.filter(isWrong).map(\.signature))
        let before = violationsTotal
        violations.removeAll { gone.contains($0.signature) }
        signatures.removeAll {
            gone.contains($0.signature) || untold && $0.signature == SignatureCount.others
        }
        violationsTotal = signatures.reduce(0) { $0 + $1.count }
        if violationsTotal == 0 { timeToFirstViolation = nil }
        indexSignatures()
        return before - violationsTotal
    }

    /// Gives those listed another signature for which `signature` has one; what is known by that does not
    /// count any more.
    package mutating func rename(_ signature: (Finding) -> String?) {
        for index in violations.indices {
            guard let new = signature(violations[index]) else { continue }
            let old = violations[index].signature
            guard new != old, let place = signatures.firstIndex(where: { $0.signature == old })
            else { continue }
            signatures[place].count -= 1
            if signatures[place].count == 0 { signatures.remove(at: place) }
            violationsTotal -= 1
            violations[index].signature = new
            if !isKnown(new) { count(new, 1) }
        }
        violations = violations.filter { violation in
            !countKnown(violation.signature) { violation }
        }
        if violationsTotal == 0 { timeToFirstViolation = nil }
        indexSignatures()
    }

    /// `1 violation`, `19 violations, 3 distinct`; where some were not looked at, `at least 3 distinct`.
    /// What is known stands behind it.
    package var tally: String {
        var tally = Figures.count(violationsTotal, "violation")
        let told = distinct
        if violationsTotal > 1 && told > 0 {
            tally += ", \(told < signatures.count ? "at least " : "")\(told) distinct"
        }
        return tally + (knownTotal > 0 ? ", \(knownTotal.grouped) known ones beside" : "")
    }

    /// How many signatures there are.
    package var distinct: Int { signatures.count { $0.signature != SignatureCount.others } }

    private mutating func count(_ signature: String, _ count: UInt64) {
        violationsTotal += count
        if let index = signatures.firstIndex(where: { $0.signature == signature }) {
            signatures[index].count += count
        } else {
            signatures.append(SignatureCount(signature, count: count))
        }
    }

    /// The last listed one that is not the first of its signature; else the last.
    private var leastTelling: Int {
        var seen: Set<String> = []
        let firsts = violations.map { seen.insert($0.signature).inserted }
        return firsts.lastIndex(of: false) ?? violations.count - 1
    }

    private mutating func indexSignatures() {
        for index in signatures.indices {
            let signature = signatures[index].signature
            signatures[index].first = violations.firstIndex { $0.signature == signature }
                .map { UInt64($0) }
        }
        // Where they are told: what the kernel printed was read last, and stands before its taint.
        signatures = signatures.enumerated().sorted {
            ($0.element.first ?? .max, $0.offset) < ($1.element.first ?? .max, $1.offset)
        }.map(\.element)
    }
}
