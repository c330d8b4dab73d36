/// In which processes the actors were, and whether they met.
package struct ProcessFacts: Hashable, Sendable {
    /// What messages call the actors of each process.
    package var actors: [[String]]
    /// Overlaps of two operations in different processes; nil where pages are not reached from
    /// several.
    package var overlaps: UInt64?

    package init(actors: [[String]] = [], overlaps: UInt64? = nil) {
        (self.actors, self.overlaps) = (actors, overlaps)
    }
}
