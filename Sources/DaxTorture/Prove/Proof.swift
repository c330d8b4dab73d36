package import DaxModel
import DaxMutants
import DaxText

/// What all trials of one subject on one kernel came to.
package struct Proof: Hashable, Sendable {
    package var subject: Subject
    package var kernel: ProofKernel
    /// With the workload that runs when none is named: what counts.
    package var byDefault: [UInt64: Outcome] = [:]
    /// With the mutant's own config, for the seeds that the default missed.
    package var byOwn: [UInt64: Outcome] = [:]

    package init(_ subject: Subject, _ kernel: ProofKernel) {
        self.subject = subject
        self.kernel = kernel
    }

    /// Seeds that were tried.
    package var seeds: Int { byDefault.count }

    /// Seeds in which the default workload found it: for a mutant by one of the rules that it can
    /// break; for a control by any.
    package var found: Int { byDefault.values.count(where: isHit) }

    /// Seeds that the default missed and the mutant's own config found.
    package var foundByOwn: Int { byOwn.values.count(where: isHit) }

    /// Trials of the default that were no test.
    package var untested: Int {
        byDefault.values.count { if case .untested = $0 { true } else { false } }
    }

    /// The reasons of all trials that were no test, those of the default first, in the order of seeds.
    package var reasons: [String] {
        [byDefault, byOwn].flatMap { outcomes in
            outcomes.sorted { $0.key < $1.key }.compactMap {
                if case .untested(let reason) = $0.value { reason } else { nil }
            }
        }
    }

    /// Why it was not tried: no run can tell the mutant from a sound kernel.
    package var equivalent: String? { subject.mutant?.equivalent }

    /// A mutant must be found in nine of ten seeds, a control in none, and be tested in all.
    package var isProved: Bool {
        if equivalent != nil { return true }
        // Where a proof was stopped: of what was never tried nothing is known.
        guard seeds > 0 else { return false }
        if subject.mutant == nil { return found == 0 && untested == 0 }
        return 10 * found >= 9 * seeds
    }

    /// Discoveries by the default workload, quickest first.
    package var discoveries: [Outcome.Discovery] {
        byDefault.values.filter(isHit).compactMap(\.discovery).sorted { $0.seconds < $1.seconds }
    }

    /// The rules that were broken first, by how often, the most frequent first.
    package var rules: [(rule: Rule, count: Int)] {
        var counts: [Rule: Int] = [:]
        for discovery in discoveries { counts[discovery.rules[0], default: 0] += 1 }
        return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
    }

    private func isHit(_ outcome: Outcome) -> Bool {
        guard let discovery = outcome.discovery else { return false }
        return subject.mutant.map { !Set($0.rules).isDisjoint(with: discovery.rules) } ?? true
    }
}

/// The proof of a whole plan.
package struct Score: Hashable, Sendable {
    package var proofs: [Proof]

    package init(_ proofs: [Proof]) { self.proofs = proofs }

    private var mutants: [Proof] {
        proofs.filter { $0.subject.mutant != nil && $0.equivalent == nil }
    }
    private var controls: [Proof] { proofs.filter { $0.subject.mutant == nil } }

    /// Mutants that were found in nine of ten seeds, and how many there are.
    package var found: (Int, of: Int) { (mutants.count(where: \.isProved), mutants.count) }

    /// False alarms on controls, or finds, and how many trials there were.
    package var alarms: (Int, of: Int) {
        (controls.reduce(0) { $0 + $1.found }, controls.reduce(0) { $0 + $1.seeds })
    }

    package var isProved: Bool { proofs.allSatisfy(\.isProved) }

    /// In one sentence.
    package var verdict: String {
        let untried = mutants.count { $0.seeds == 0 }
        return "\(found.0) of \(found.of) mutants found in nine of ten of their seeds or more"
            + (untried > 0 ? ", \(untried) not tried" : "")
            + "; \(Figures.count(alarms.0, "alarm")) in "
            + "\(Figures.count(alarms.of, "run")) of stock kernels."
    }
}
