internal import DaxText

/// In which processes the actors were, and whether they met.
public struct ProcessFacts: Hashable, Sendable {
    /// Of each process, what messages call its actors.
    public var actors: [[String]]
    /// Overlaps of two operations in different ones; nil where pages are not reached from several.
    public var overlaps: UInt64?
    /// Whether actors of several processes reach pages of the files under test.
    public var areSeveral: Bool

    public init(actors: [[String]] = [], overlaps: UInt64? = nil, areSeveral: Bool = false) {
        (self.actors, self.overlaps, self.areSeveral) = (actors, overlaps, areSeveral)
    }

    /// As the end of a list of actors; empty where there is one process.
    var told: String {
        guard actors.count > 1 else { return "" }
        return " in \(actors.count) processes"
            + (overlaps.map { ", \($0.grouped) overlaps between them" } ?? "")
    }

    var json: JSON {
        [
            "actors": .array(actors.map { .strings($0) }),
            "overlaps": .optional(overlaps.map { .number($0) }),
        ]
    }
}
