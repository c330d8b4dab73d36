package import DaxModel
package import DaxSystem

/// What actors and audits of another process found, on its way to the one that judges.
extension Parcel {
    package mutating func put(_ finding: Finding) {
        put(finding.rule)
        for text in [
            finding.file, finding.expected, finding.observed, finding.story, finding.signature,
        ] { put(text) }
        put(finding.offset)
        put(each: finding.operations) { $0.put($1) }
    }

    package mutating func takeFinding() -> Finding {
        let (rule, file, expected) = (takeRule(), takeText(), takeText())
        let (observed, story, signature) = (takeText(), takeText(), takeText())
        var finding = Finding(
            rule: rule, file: file, offset: take(), expected: expected, observed: observed,
            operations: takeEach { $0.takeText() }, story: story)
        finding.signature = signature
        return finding
    }

    package mutating func put(_ finding: ActorFinding) {
        put(finding.finding)
        put(finding.at)
        put(optional: finding.stampOwner) { $0.put(stampOwner: $1) }
        put(optional: finding.proof) { $0.put($1) }
        put(each: finding.events) { parcel, event in
            parcel.put(event.record)
            parcel.put(optional: event.name) { $0.put($1) }
            parcel.put(event.effect)
        }
        put(each: finding.script) { parcel, step in
            parcel.put(step.order.description)
            parcel.put(step.interval)
            parcel.put(step.isBeside)
        }
    }

    package mutating func takeActorFinding() -> ActorFinding {
        let (told, at): (Finding, Timestamp) = (takeFinding(), take())
        var finding = ActorFinding(
            told, stampOwner: takeOptional { $0.takeCulprit() },
            proof: takeOptional { $0.takeProof() })
        finding.at = at
        finding.events = takeEach {
            FindingEvent($0.take(), name: $0.takeOptional { $0.takeText() }, effect: $0.takeText())
        }
        finding.script = takeEach {
            let text = $0.takeText()
            guard let order = try? Order(text) else { preconditionFailure("no step: \(text)") }
            return TrialStep(order, $0.take(), isBeside: $0.take())
        }
        return finding
    }

    private mutating func put(_ rule: Rule) { put(rule.rawValue) }

    private mutating func takeRule() -> Rule {
        let number: UInt8 = take()
        guard let rule = Rule(rawValue: number) else {
            preconditionFailure("a rule with the number \(number)")
        }
        return rule
    }

    private mutating func put(stampOwner: StampOwner) {
        put(stampOwner.actor)
        put(stampOwner.sequence)
        put(stampOwner.file)
        put(stampOwner.word)
    }

    private mutating func takeCulprit() -> StampOwner { (take(), take(), take(), take()) }

    private mutating func put(_ proof: WordProof) {
        put(proof.due)
        put(proof.block)
        put(proof.found)
    }

    private mutating func takeProof() -> WordProof {
        let (due, block): (String, UInt64?) = (takeText(), take())
        return WordProof(due: due, found: takeOrigin(), block: block)
    }

    private mutating func put(_ origin: WordOrigin) {
        switch origin {
        case .zero: put(0 as UInt8)
        case .own(let what):
            put(1 as UInt8)
            put(what)
        case .fileUnderTest(let stampOwner):
            put(2 as UInt8)
            put(stampOwner: stampOwner)
        case .ownFile(let actor, let sequence):
            put(3 as UInt8)
            put(actor)
            put(sequence)
        case .canary: put(4 as UInt8)
        case .staleBlock(let offset):
            put(5 as UInt8)
            put(offset)
        case .nobody: put(6 as UInt8)
        }
    }

    private mutating func takeOrigin() -> WordOrigin {
        switch take(UInt8.self) {
        case 0: return .zero
        case 1: return .own(takeText())
        case 2: return .fileUnderTest(takeCulprit())
        case 3:
            let actor: ActorNumber = take()
            return .ownFile(actor: actor, sequence: take())
        case 4: return .canary
        case 5: return .staleBlock(offset: take())
        case 6: return .nobody
        case let other: preconditionFailure("an origin of a word with the number \(other)")
        }
    }
}
