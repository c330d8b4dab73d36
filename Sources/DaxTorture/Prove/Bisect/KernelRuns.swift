/// The runs of one kernel in a bisection, and what they say of it.
package struct KernelRuns: Hashable, Sendable {
    /// What the bisection calls it: a directory's entry, a commit.
    package let kernel: String
    package private(set) var findings: [RunFindings] = []
    /// Why it cannot be run at all, as where it was not built; nil where it can.
    package var obstacle: String?

    package init(_ kernel: String) { self.kernel = kernel }

    package mutating func add(_ run: RunFindings) { findings.append(run) }

    /// Runs that showed the bug.
    package func hits(_ sought: SoughtSignature) -> Int { findings.count { $0.shows(sought) } }

    /// Runs that say anything of it.
    package func tested(_ sought: SoughtSignature) -> Int {
        findings.count { $0.shows(sought) || $0.excuse == nil }
    }

    /// The other bugs that its runs showed, by how many did, the most frequent first.
    package func others(_ sought: SoughtSignature) -> [(bug: SoughtSignature, runs: Int)] {
        ranked { !sought.matches($0) }
    }

    /// The bug that most runs showed.
    package var likely: SoughtSignature? { ranked { _ in true }.first?.bug }

    private func ranked(_ isMeant: (String) -> Bool) -> [(bug: SoughtSignature, runs: Int)] {
        var counts: [SoughtSignature: Int] = [:]
        for run in findings {
            for bug in Set(run.signatures.filter(isMeant).map(SoughtSignature.init(like:))) {
                counts[bug, default: 0] += 1
            }
        }
        return counts.sorted {
            ($1.value, $0.key.description) < ($0.value, $1.key.description)
        }.map { ($0.key, $0.value) }
    }

    /// Why nothing can be said of it: what keeps it from being run, or three more runs that were no test
    /// than there were that were one; nil where it can be tested.
    package func untestable(_ sought: SoughtSignature?) -> String? {
        if let obstacle { return obstacle }
        let excuses = findings.filter { run in
            run.excuse != nil && !(sought.map(run.shows) ?? !run.signatures.isEmpty)
        }
        let tested = findings.count - excuses.count
        return excuses.count >= tested + 3 ? excuses.last?.excuse : nil
    }
}

/// What a bisection makes of a kernel.
package enum KernelVerdict: String, Hashable, Sendable {
    case good, bad, untestable
}
