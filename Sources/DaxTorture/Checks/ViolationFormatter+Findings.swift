package import DaxModel
package import DaxOperations

/// What actors saw by themselves, in files of their own, told as the oracle's violations are.
extension ViolationFormatter {
    /// Tells a finding of `actor`. `record` gives the operation that wrote a stamp, where this
    /// epoch's logs have it.
    package func tell(
        _ finding: ActorFinding, of actor: ActorNumber, wroteBy record: (StampOwner) -> Record?
    ) -> Finding {
        var story = finding.story
        var observed = finding.observed
        if let proof = finding.proof {
            story = sentence(proof, finding, actor) + "."
            let whose = whose(proof.found, of: actor, wroteBy: record)
            if !whose.isEmpty { observed += ": \(whose)" }
            story += "\nThe word \(finding.observed) is \(whose.isEmpty ? "zero" : whose)."
            story +=
                proof.block.map { "\nIt lies in block \($0) of the device, of 4096 bytes each." }
                ?? "\nThere is no block at that offset now."
        } else if let stampOwner = finding.stampOwner {
            story += ": \(whose(.fileUnderTest(stampOwner), of: actor, wroteBy: record))"
        }
        var told = Finding(
            rule: finding.rule, file: finding.file, offset: finding.offset,
            expected: finding.expected, observed: observed,
            operations: finding.events.map { line($0, of: actor) }, story: story)
        told.signature = signature(of: finding)
        return told
    }

    /// Of a word what it is, and the two operations that the sentence names; else what the actor gave.
    private func signature(of finding: ActorFinding) -> String {
        guard let proof = finding.proof else { return finding.signature }
        let cause = finding.events.dropLast().last {
            !$0.effect.isEmpty && $0.record.kind != .ownLoad
        }
        return Signature(
            rule: finding.rule, seen: proof.found.told,
            observer: finding.events.last.map { name(of: $0) } ?? "",
            others: cause.map { [name(of: $0)] } ?? [], relation: "a file of its own"
        ).text
    }

    /// "recycle 1's read(2) found zero 64.0 us after its pwrite had returned: what was written there was
    /// due".
    private func sentence(_ proof: WordProof, _ finding: ActorFinding, _ actor: ActorNumber)
        -> String
    {
        guard let observer = finding.events.last else { return finding.story }
        let cause = finding.events.dropLast().last {
            !$0.effect.isEmpty && $0.record.kind != .ownLoad
        }
        var sentence =
            "\(name(of: actor))'s \(name(of: observer)) found \(short(proof.found, finding))"
        if let cause {
            let isOver = cause.record.interval.precedes(observer.record.interval)
            sentence +=
                isOver
                ? " \(after(cause.record.interval, observer.record.interval)) its "
                    + "\(name(of: cause)) had returned"
                : " while its \(name(of: cause)) went on"
        }
        return sentence + ": \(proof.due) was due"
    }

    /// The origin of a word, as the object of a sentence.
    private func short(_ origin: WordOrigin, _ finding: ActorFinding) -> String {
        switch origin {
        case .zero: "zero"
        case .own(let what): what
        case .fileUnderTest(let stampOwner):
            "\(name(of: stampOwner.actor))'s stamp \(stampOwner.sequence) of file\(stampOwner.file)"
        case .ownFile(let actor, let sequence):
            "\(name(of: actor))'s stamp \(sequence) of a file of its own"
        case .canary: "a canary file's stamp"
        case .staleBlock: "stale block content"
        case .nobody: finding.observed
        }
    }

    /// The origin of a word in full, and when it was written; empty for zero.
    private func whose(
        _ origin: WordOrigin, of actor: ActorNumber, wroteBy record: (StampOwner) -> Record?
    ) -> String {
        switch origin {
        case .zero: return ""
        case .own(let what): return "\(name(of: actor))'s own: \(what)"
        case .fileUnderTest(let stampOwner):
            let place =
                "what \(name(of: stampOwner.actor)) wrote as its operation \(stampOwner.sequence) into "
                + "file\(stampOwner.file) at offset \(stampOwner.word * 8)"
            guard let record = record(stampOwner) else {
                return place + ", but not in this epoch"
            }
            return place + " by a \(record.kind.name), \(span(record.interval))"
        case .ownFile(let actor, let sequence):
            return
                "what \(name(of: actor)) wrote as its operation \(sequence) into a file of its own"
        case .canary: return "the stamp of a canary file"
        case .staleBlock(let offset): return DevicePattern.told(offset)
        case .nobody: return "no stamp of this run"
        }
    }

    /// "[12, 34] us recycle 1's pwrite at 0x0, 16384 bytes: wrote it".
    private func line(_ event: FindingEvent, of actor: ActorNumber) -> String {
        let record = event.record
        return "\(span(record.interval)) \(name(of: actor))'s \(name(of: event))"
            + CallInProgress.range(record.offset, record.length)
            + (event.effect.isEmpty ? "" : ": \(event.effect)")
    }

    private func name(of event: FindingEvent) -> String {
        event.name ?? CallInProgress(event.record).name
    }
}

extension WordOrigin {
    /// What it is called in a signature.
    fileprivate var told: String {
        switch self {
        case .zero: "zero"
        case .own: "an old stamp"
        case .fileUnderTest: "a stamp of a file under test"
        case .ownFile: "a stamp of another actor's own file"
        case .canary: "a stamp of a canary file"
        case .staleBlock: "stale block content"
        case .nobody: "no stamp"
        }
    }
}
