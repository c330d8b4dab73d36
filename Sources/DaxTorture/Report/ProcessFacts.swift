/// In which processes the actors were, and whether they met.
public struct ProcessFacts: Hashable, Sendable {
    /// Of each process, what messages call its actors.
    public var actors: [[String]]
    /// Overlaps of two operations in different ones; nil where pages are not reached from several.
    public var overlaps: UInt64?

    public init(actors: [[String]] = [], overlaps: UInt64? = nil) {
        (self.actors, self.overlaps) = (actors, overlaps)
    }
}
