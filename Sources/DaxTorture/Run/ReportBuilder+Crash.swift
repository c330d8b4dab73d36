import DaxChecks
import DaxConfig
import DaxMachine
import DaxModel
import DaxOracle
import DaxReport
import DaxSystem
import DaxText

/// What is told of cuts of the power.
extension ReportBuilder {
    mutating func count(_ cut: PowerCut) {
        report.crash?.cuts += 1
        report.crash?.lines += cut.lines
        report.crash?.evicted += cut.evicted
    }

    /// What was left was mounted and read.
    mutating func countRecovery() { report.crash?.checked += 1 }

    mutating func add(_ asked: Acknowledgements.Asked) {
        report.crash?.pages.candidates += UInt64(asked.candidates)
        report.crash?.pages.asked += UInt64(asked.asked)
        report.crash?.pages.touched += UInt64(asked.touched)
        report.crash?.pages.beside += UInt64(asked.beside)
        report.crash?.pages.changed += UInt64(asked.changed)
    }

    /// What was left lies on the second device.
    mutating func show(_ cut: PowerCut, digest: String, _ counts: FollowedStores) {
        report.crash?.images.append(digest)
        report.crash?.followed = counts
    }

    mutating func leftOut(_ file: RecoveredFile) {
        report.crash?.wordsLeftOut += UInt64(file.words.count)
    }

    /// Takes over what the oracle made of one file after a cut.
    mutating func add(
        crash judgement: Judgement, of cut: PowerCut, file: String,
        _ acknowledged: Acknowledgements, _ pool: ActorPool
    ) {
        report.crash?.words += UInt64(judgement.wordsJudged)
        report.crash?.undecided += UInt64(judgement.wordsUndecided)
        report.crash?.violations += UInt64(judgement.violationCount)
        compared(UInt64(judgement.wordsJudged))
        let formatter = formatter(pool, recoveredFrom: name(cut))
        for violation in judgement.violations {
            let sync = acknowledged.sync(
                ofPage: Int(violation.offset) / Page.bytes, before: cut.interval.invoked)
            add(
                formatter.tell(recovered: violation, file: file, acknowledgedBy: sync),
                at: cut.interval.returned.ticks)
        }
        let untold = judgement.violationCount - judgement.violations.count
        if untold > 0 { report.add(untold: UInt64(untold)) }
    }

    /// What was left of a cut is no filesystem that a machine could go on with.
    mutating func unrecovered(
        _ cut: PowerCut, _ expected: String, _ observed: String, _ lines: [String]
    ) {
        report.crash?.violations += 1
        add(
            Finding(
                rule: .crash, file: "", offset: 0, expected: expected, observed: observed,
                operations: lines,
                story: "after \(name(cut)) \(expected) was due: \(observed)",
                signature: Signature(rule: .crash, seen: "no recovery", relation: expected)),
            at: cut.interval.returned.ticks)
    }

    private func name(_ cut: PowerCut) -> String { "power cut \(report.crash?.cuts ?? 0)" }
}
