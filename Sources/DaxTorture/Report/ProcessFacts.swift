/// In which processes the actors were, and whether they met.
package struct ProcessFacts: Hashable, Sendable {
    /// Of each process, what messages call its actors.
    package var actors: [[String]]
    /// Overlaps of two operations in different ones; nil where pages are not reached from several.
    package var overlaps: UInt64?

    package init(actors: [[String]] = [], overlaps: UInt64? = nil) {
        (self.actors, self.overlaps) = (actors, overlaps)
    }
}
