package import DaxModel

/// What an actor saw by itself that must not be, with what it takes to tell whose a word is.
@dynamicMemberLookup
package struct ActorFinding: Sendable {
    /// The finding, whose story is one sentence; who did what is told once the others' logs are
    /// there.
    package var finding: Finding
    package var stampOwner: StampOwner?
    /// What a word that was found proves; nil where it was not about a word.
    package var proof: WordProof?
    /// What the actor did to the file, in the order of time; the operation that showed the finding
    /// is the last.
    package internal(set) var events: [FindingEvent]
    /// What the actor did to the file, as orders of a script; empty where no script can do it.
    package internal(set) var script: [TrialStep]
    /// When the operation that showed the finding returned.
    package internal(set) var at = Timestamp(ticks: 0)

    package init(
        rule: Rule, file: String, offset: UInt64, expected: String, observed: String,
        sentence: String, stampOwner: StampOwner? = nil, proof: WordProof? = nil,
        events: [FindingEvent] = [], script: [TrialStep] = []
    ) {
        self.init(
            Finding(
                rule: rule, file: file, offset: offset, expected: expected, observed: observed,
                story: sentence), stampOwner: stampOwner, proof: proof, events: events,
            script: script)
    }

    package init(
        _ finding: Finding, stampOwner: StampOwner?, proof: WordProof?, events: [FindingEvent] = [],
        script: [TrialStep] = []
    ) {
        (self.finding, self.script) = (finding, script)
        (self.stampOwner, self.proof, self.events) = (stampOwner, proof, events)
    }

    package subscript<Value>(dynamicMember member: KeyPath<Finding, Value>) -> Value {
        finding[keyPath: member]
    }
}
