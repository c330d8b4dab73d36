/// Finds the first bad kernel of a history in which a bug shows in some runs alone.
///
/// A run that shows the bug is proof: a legal run is never called a violation. So a kernel that shows it is
/// bad at once, and the answer can only be wrong by being too late: a bad kernel that hid the bug was called
/// good. The bad end says how often it shows, and from that follows how many runs without it make a kernel a
/// good one (``ShownRate``), so that the answer is wrong with a probability of 1 - `confidence` at most.
///
/// It runs nothing itself: what it is given to run a kernel may be a simulation.
package struct Bisector {
    /// What is asked of it.
    package struct Terms: Hashable, Sendable {
        /// The bug; nil: what the bad end shows in most runs.
        package var sought: SoughtSignature?
        /// How often it is to show at the bad end: the more, the fewer runs a good kernel takes.
        package var hits = 8
        /// Of the whole bisection.
        package var confidence = 0.99
        /// Runs of the bad end after which nothing can be bisected.
        package var most = 300

        package init() {}
    }

    /// What came of running a kernel once.
    package enum Answer: Hashable, Sendable {
        case run(RunFindings)
        /// It cannot be run, now or later.
        case obstacle(String)
        /// Somebody wants it all to end.
        case interrupted
    }

    /// What a kernel came to.
    package struct Judgement: Hashable, Sendable {
        package var runs: KernelRuns
        package var verdict: KernelVerdict
        /// Runs without the bug for which it would be, or is, called good.
        package var needed: Int
    }

    package let terms: Terms
    package private(set) var sought: SoughtSignature?
    package private(set) var rate: ShownRate?
    /// In the order in which they were judged; of the good end there is one, the last.
    package private(set) var judgements: [Judgement] = []
    private var risk: RiskBudget
    private let run: (String, Int) throws -> Answer
    /// Gets a line for each judgement.
    package var tell: (String) -> Void = { _ in }

    /// `run` runs the kernel of that name once more, its runs numbered from 1 on.
    package init(_ terms: Terms, run: @escaping (String, Int) throws -> Answer) {
        self.terms = terms
        sought = terms.sought
        risk = RiskBudget(confidence: terms.confidence)
        self.run = run
    }

    /// What the whole came to.
    package enum Conclusion: Hashable, Sendable {
        /// The first bad one is among these: one, but for those that could not be tested.
        case found([String])
        case goodEndIsBad
        /// In so many runs the bad end did not show the bug as often as was asked.
        case badEndIsGood(runs: Int)
        case endUntestable(String, reason: String)
        case interrupted
    }

    /// Both ends first. Of the good end only a look, which sees nine of ten mistakes: every later kernel
    /// that is called good speaks for it as well, and where there is none it is judged in full at last.
    package mutating func bisect(_ history: inout some KernelHistory) throws -> Conclusion {
        if let obstacle = try measure(history.badEnd) { return obstacle }
        guard let rate else { preconditionFailure("no rate after a measurement") }
        var good = KernelRuns(history.goodEnd)
        let look = rate.runsWithout(risk: max(0.1, 1 - terms.confidence))
        if let obstacle = try judge(end: &good, needed: look) { return obstacle }
        var isAnyGood = false
        while let kernel = try history.next() {
            let toCome = try history.verdictsLeft + (isAnyGood ? 0 : 1)
            var runs = KernelRuns(kernel)
            let needed = rate.runsWithout(risk: risk.share(of: toCome))
            guard let verdict = try judge(&runs, needed: needed) else { return .interrupted }
            try history.take(verdict, of: kernel)
            if verdict == .good { isAnyGood = true }
        }
        if !isAnyGood {
            let needed = rate.runsWithout(risk: risk.share(of: 1))
            if let obstacle = try judge(end: &good, needed: needed) { return obstacle }
        }
        return .found(try history.suspects)
    }

    /// Runs the bad end until the bug has shown as often as it is to, and sets `sought` and `rate`; else
    /// what is in the way.
    package mutating func measure(_ kernel: String) throws -> Conclusion? {
        var runs = KernelRuns(kernel)
        while runs.findings.count < terms.most {
            switch try run(kernel, runs.findings.count + 1) {
            case .interrupted: return .interrupted
            case .obstacle(let reason): runs.obstacle = reason
            case .run(let findings): runs.add(findings)
            }
            let likely = terms.sought ?? runs.likely
            if let likely, runs.hits(likely) >= terms.hits {
                sought = likely
                rate = ShownRate(hits: terms.hits, of: runs.tested(likely))
                note(Judgement(runs: runs, verdict: .bad, needed: 0))
                return nil
            }
            if let reason = runs.untestable(terms.sought) {
                note(Judgement(runs: runs, verdict: .untestable, needed: 0))
                return .endUntestable(kernel, reason: reason)
            }
        }
        note(Judgement(runs: runs, verdict: .good, needed: 0))
        return .badEndIsGood(runs: runs.findings.count)
    }

    /// Judges the good end; nil if it is good.
    private mutating func judge(end runs: inout KernelRuns, needed: Int) throws -> Conclusion? {
        switch try judge(&runs, needed: needed) {
        case .good: nil
        case .bad: .goodEndIsBad
        case .untestable: .endUntestable(runs.kernel, reason: runs.untestable(sought) ?? "")
        case nil: .interrupted
        }
    }

    /// Goes on running a kernel until it has shown the bug, or has not in so many runs, or cannot be tested;
    /// nil where it was interrupted.
    package mutating func judge(_ runs: inout KernelRuns, needed: Int) throws -> KernelVerdict? {
        guard let sought else { preconditionFailure("nothing is sought") }
        while true {
            let verdict: KernelVerdict? =
                runs.hits(sought) > 0
                ? .bad
                : runs.tested(sought) >= needed
                    ? .good : runs.untestable(sought) != nil ? .untestable : nil
            if let verdict {
                note(Judgement(runs: runs, verdict: verdict, needed: needed))
                return verdict
            }
            switch try run(runs.kernel, runs.findings.count + 1) {
            case .interrupted: return nil
            case .obstacle(let reason): runs.obstacle = reason
            case .run(let findings): runs.add(findings)
            }
        }
    }

    private mutating func note(_ judgement: Judgement) {
        judgements.removeAll { $0.runs.kernel == judgement.runs.kernel }
        judgements.append(judgement)
        tell(line(judgement))
    }
}
