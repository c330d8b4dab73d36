import DaxActors
import DaxModel
import DaxOperations
import DaxOracle
import DaxReport
import DaxSystem

/// What a reader has to know of how the actors worked.
extension ReportBuilder {
    /// Notes what was not judged in full, and what each of `pool` has to say.
    mutating func note(_ pool: ActorPool) {
        if acknowledged.candidates > 0 { report.notes.append(acknowledged.sentence) }
        if freezes > 0 {
            report.notes.append(
                "\(freezes) freezes were judged (\(Rule.durability.name)): \(changesWaited) stores and calls began "
                    + "in one and ended behind it")
        }
        noteFutility()
        noteFrames()
        noteExchanges()
        let remarks = pool.remarks
        noteFailures(remarks.compactMap(\.remarks.failures))
        if wordsByCopy > 0 {
            report.notes.append(
                "\(wordsByCopy) words read may have been copied there: they were judged without \(Rule.goingBack)"
            )
        }
        if wordsUndecided > 0 {
            report.notes.append(
                "\(wordsUndecided) words read had too many possible histories to be judged in full")
        }
        if report.decided.sizes.undecided > 0 {
            report.notes.append(
                "\(report.decided.sizes.undecided) observations of sizes had too many possible orders "
                    + "to be judged in full")
        }
        if report.sigbus.noSpace > 0 {
            report.notes.append(
                "\(report.sigbus.noSpace) SIGBUS are not explained by the size, but the filesystem "
                    + "may have been full")
        }
        report.notes.append("stores through MAP_SYNC were made durable by \(pool.flush.rawValue)")
        for (member, one) in remarks {
            if member.role == .truncater && !one.truncatesThroughRing {
                let note = "truncate through ftruncate(2): this kernel has no IORING_OP_FTRUNCATE"
                if !report.notes.contains(note) { report.notes.append(note) }
            }
            for note in one.notes { report.notes.append("\(member.name): \(note)") }
            if let refusal = one.refusal {
                let note = "no ring is polled by the kernel: \(refusal)"
                if !report.notes.contains(note) { report.notes.append(note) }
            }
            if let unfinished = one.unfinished {
                report.vacuity.append("\(member.name) \(unfinished)")
            }
            if let trouble = one.trouble {
                report.notes.append("\(member.name) ended early: \(trouble)")
                report.vacuity.append("\(member.name) ended early: \(trouble)")
            }
        }
    }

    /// Which actors are in which process.
    mutating func dealt(_ pool: ActorPool) {
        let specs = pool.members.map(\.spec)
        // Whoever reaches no page of the files under test meets nobody there.
        let areSeveral = Set(specs.filter(\.role.sharesPages).map(\.process)).count > 1
        report.processes = ProcessFacts(
            actors: (0...(specs.map(\.process).max() ?? 0)).map { number in
                specs.filter { $0.process == number }.map(\.name)
            }, overlaps: areSeveral ? 0 : nil)
    }

    /// What failed on purpose; where it was asked for and nothing could fail, nothing was exercised.
    mutating func noteFailures(_ tallies: [FailureTally]) {
        guard !tallies.isEmpty else { return }
        let sum = tallies.reduce(into: FailureTally()) { $0 += $1 }
        report.notes.append(sum.sentence)
        if sum.isEmpty {
            report.vacuity.append("no memory failed, though a poisoner was asked for")
        }
    }

    /// One is refused where a file has become too short for it.
    private mutating func noteExchanges() {
        if exchanges > 0 {
            report.notes.append("\(exchanged) of \(exchanges) exchanges of ranges took place")
        }
        if exchanges > 0 && exchanged == 0 {
            report.vacuity.append("every exchange of ranges was refused")
        }
    }
}

extension Durability.Asked {
    /// What a reader of the report has to know of R11.
    fileprivate var sentence: String {
        "of \(candidates) pages that were synced after a store \(asked) were asked for (\(Rule.durability)): of the "
            + "others \(touched) were touched meanwhile and \(changed) changed by something else"
    }
}
