public import DaxModel

/// What an actor saw by itself that must not be, with what it takes to tell whose a word is.
@dynamicMemberLookup
public struct ActorFinding: Sendable {
    /// Its story is one sentence; who did what is told when the others' logs are at hand.
    public var finding: Finding
    public var culprit: Culprit?
    /// What a word that was found proves; nil where it was not about a word.
    public var proof: WordProof?
    /// What the actor did to the file, in the order of time, the one last that showed it.
    public internal(set) var deeds: [Deed]
    /// When the operation returned that showed it.
    public internal(set) var at = Timestamp(ticks: 0)

    package init(
        rule: Rule, file: String, offset: UInt64, expected: String, observed: String,
        sentence: String, culprit: Culprit? = nil, proof: WordProof? = nil, deeds: [Deed] = []
    ) {
        self.init(
            Finding(
                rule: rule, file: file, offset: offset, expected: expected, observed: observed,
                story: sentence), culprit: culprit, proof: proof, deeds: deeds)
    }

    package init(_ finding: Finding, culprit: Culprit?, proof: WordProof?, deeds: [Deed] = []) {
        self.finding = finding
        (self.culprit, self.proof, self.deeds) = (culprit, proof, deeds)
    }

    public subscript<Value>(dynamicMember member: KeyPath<Finding, Value>) -> Value {
        finding[keyPath: member]
    }
}
