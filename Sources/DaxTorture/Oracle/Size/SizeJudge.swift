internal import DaxModel

/// R5 and R6: what touched pages and reported sizes say of the size.
///
/// Two sorts of observations, since the kernel has two sorts of evidence. A reported size and a
/// SIGBUS come from reading the size itself, which is one register and changes at one instant:
/// they are judged exactly. An access that *succeeded* proves only that the page was mapped, and
/// a shrink takes mappings away some time after it has set the size: it is a violation only if
/// the page lay beyond every size the file may have had, throughout.
struct SizeJudge {
    private let history: History
    private let sizes: SizeHistory
    private var hint = 0
    /// The observations that only some of the candidates explain.
    private var doubtful: [Int] = []
    private let written: WrittenPages

    static func judge(_ history: History, into verdicts: inout Verdicts) {
        var judge = SizeJudge(history)
        judge.judgeMappedAccesses(&verdicts)
        judge.judgeObservations(&verdicts)
        judge.judgeDoubtful(&verdicts)
    }

    private init(_ history: History) {
        self.history = history
        sizes = SizeHistory(initial: history.initialSize, resizes: history.resizes)
        written = WrittenPages(history)
    }

    private mutating func judgeMappedAccesses(_ verdicts: inout Verdicts) {
        for index in history.writes.indices {
            let write = history.writes[index]
            guard write.mapped, write.certainty == .definite, write.count > 0 else { continue }
            judgeSuccess(write.words, write.interval, write.operation, &verdicts)
        }
        for index in history.reads.indices {
            let read = history.reads[index]
            guard read.mapped, read.count > 0 else { continue }
            judgeSuccess(read.words, read.interval, read.operation, &verdicts)
        }
    }

    /// The last page is the one most beyond the end, so it stands for all.
    @inline(__always)
    private mutating func judgeSuccess(
        _ words: Range<UInt64>, _ interval: Interval, _ operation: Operation,
        _ verdicts: inout Verdicts
    ) {
        let moments = sizes.moments(of: interval, hint: &hint)
        let page = (words.upperBound - 1) / UInt64(History.pageWords)
        let edge = page * UInt64(History.pageSize)
        if sizes.extremes(in: moments).greatest <= edge {
            verdicts.sigbus.missing += 1
            report(
                .sigbus, offset: edge, expected: .sigbus, observed: .noSigbus, operation,
                interval, moments, &verdicts)
        }
    }

    private mutating func judgeObservations(_ verdicts: inout Verdicts) {
        for (index, observation) in history.sizeObservations.enumerated() {
            let moments = sizes.moments(of: observation.interval, hint: &hint)
            switch observation.sort {
            case .access(.succeeded):
                let edge = observation.atLeast - 1
                guard sizes.extremes(in: moments).greatest <= edge else { continue }
                verdicts.sigbus.missing += 1
                report(
                    .sigbus, offset: edge, expected: .sigbus, observed: .noSigbus,
                    observation.operation, observation.interval, moments, &verdicts)
            case .access(.elsewhere):
                break
            case .access(.poisoned):
                verdicts.sigbus.poisoned += 1
            case .access(.noSpace):
                let fits = sizes.fits(
                    atLeast: observation.atLeast, atMost: observation.atMost, in: moments)
                if fits.some {
                    verdicts.sigbus.justified += 1
                } else if written.hold(observation) {
                    verdicts.sigbus.justified += 1
                    refuse(observation, &verdicts)
                } else {
                    verdicts.sigbus.noSpace += 1
                }
            case .access(.sigbus), .seen:
                let fits = sizes.fits(
                    atLeast: observation.atLeast, atMost: observation.atMost, in: moments)
                if observation.sort != .seen { verdicts.sigbus.justified += 1 }
                if !fits.some {
                    refuse(observation, &verdicts)
                } else if !fits.every {
                    doubtful.append(index)
                }
            }
        }
    }

    /// How often the search may lose itself in an epoch and go on with what is certain.
    private static let widenings = 64

    /// What the candidates leave open, the search decides.
    private mutating func judgeDoubtful(_ verdicts: inout Verdicts) {
        guard !doubtful.isEmpty else { return }
        var steps: [RegisterSearch.Step] = []
        for (index, resize) in history.resizes.enumerated() {
            steps.append(
                RegisterSearch.Step(
                    invoked: resize.interval.invoked.ticks,
                    returned: resize.interval.returned.ticks,
                    action: resize.change.map { .add($0) }
                        ?? (resize.grows
                            ? .raise(resize.size, least: resize.gradual ? resize.least : nil)
                            : .set(resize.size)),
                    optional: resize.certainty == .possible, tag: -1 - index))
        }
        for index in doubtful {
            let observation = history.sizeObservations[index]
            steps.append(
                RegisterSearch.Step(
                    invoked: observation.interval.invoked.ticks,
                    returned: observation.interval.returned.ticks,
                    action: .observe(observation.atLeast, observation.atMost), optional: false,
                    tag: index))
        }
        let answer = RegisterSearch.run(
            initial: history.initialSize, steps: steps, widenings: SizeJudge.widenings)
        verdicts.sizesSearched += answer.decided
        verdicts.sizesUndecided += doubtful.count - answer.decided
        for index in answer.illegal { refuse(history.sizeObservations[index], &verdicts) }
    }

    private mutating func refuse(_ observation: SizeObservation, _ verdicts: inout Verdicts) {
        let moments = sizes.moments(of: observation.interval, hint: &hint)
        if observation.sort == .seen {
            let extremes = sizes.extremes(in: moments)
            report(
                .size, offset: 0, expected: .size(extremes.least...extremes.greatest),
                observed: .size(observation.atLeast...observation.atMost), observation.operation,
                observation.interval, moments, &verdicts)
        } else {
            verdicts.sigbus.justified -= 1
            verdicts.sigbus.unjustified += 1
            report(
                .sigbus, offset: observation.atMost, expected: .noSigbus, observed: .sigbus,
                observation.operation, observation.interval, moments, &verdicts)
        }
    }

    private func report(
        _ rule: Rule, offset: UInt64, expected: Expectation, observed: Observation,
        _ operation: Operation, _ interval: Interval, _ moments: ClosedRange<Int>,
        _ verdicts: inout Verdicts
    ) {
        guard verdicts.wants(interval) else { return }
        var evidence = [Evidence(role: .observer, operation: operation, interval: interval)]
        var named: [Int32] = []
        for candidate in sizes.candidates(in: moments) where candidate.resize >= 0 {
            guard !named.contains(candidate.resize), named.count < 4 else { continue }
            named.append(candidate.resize)
            let resize = history.resizes[Int(candidate.resize)]
            evidence.append(
                Evidence(
                    role: .resize, operation: resize.operation, interval: resize.interval,
                    value: resize.change == nil ? resize.size : nil))
        }
        let extremes = sizes.extremes(in: moments)
        verdicts.add(
            Violation(
                rule: rule, file: history.file, offset: offset, expected: expected,
                observed: observed, evidence: evidence, interval: interval,
                sizes: extremes.least...extremes.greatest))
    }
}
