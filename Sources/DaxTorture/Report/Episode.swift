package import DaxModel

/// The epoch in which the first violation of a signature happened, as data: what a replay, a minimised
/// script and a picture are made from (docs/minimise.md).
///
/// Times are nanoseconds since the epoch began, by the clock of the kernel under test.
package struct Episode: Hashable, Sendable {
    /// The name and version of the JSON form.
    package static let schema = "daxtorture-episode-2"

    /// The violation, as the report lists it.
    package var violation: Finding
    /// When it was seen: the interval of what saw it.
    package var begin: UInt64 = 0
    package var end: UInt64 = 0
    /// The epoch's number, from 0 on.
    package var epoch: UInt64 = 0
    /// The files under test as they were when it began.
    package var files: [EpisodeFile] = []
    package var actors: [EpisodeActor] = []
    /// Of a violation in a file of an actor's own, what was done to it, as orders on f0, that file, and on
    /// f1, which gets the blocks that it frees; empty where no script can do it. Both begin empty.
    package var trial: [EpisodeActor] = []

    package init(_ violation: Finding) { self.violation = violation }
}

/// A file under test at the beginning of an episode.
package struct EpisodeFile: Hashable, Sendable {
    package var name: String
    /// In bytes.
    package var size: UInt64
    /// Its extents as the kernel told them (FIEMAP), in order, from its beginning to the end of what is
    /// allocated; what is not named is a hole.
    package var extents: [EpisodeExtent] = []
    /// The words of the page that the violation names, from its first on; empty of other files.
    package var words: [UInt64] = []

    package init(name: String, size: UInt64) { (self.name, self.size) = (name, size) }
}

/// A range of a file, in bytes.
package struct EpisodeExtent: Hashable, Sendable {
    package var offset: UInt64
    package var length: UInt64
    package var state: State

    package init(offset: UInt64, length: UInt64, state: State) {
        (self.offset, self.length, self.state) = (offset, length, state)
    }

    package enum State: String, CaseIterable, Hashable, Sendable {
        case written
        case unwritten
        /// Written, and in another file, too.
        case shared
    }
}

/// What one actor did.
package struct EpisodeActor: Hashable, Sendable {
    package var name: String
    package var role: String
    /// In the order in which it made them.
    package var orders: [EpisodeOrder] = []
    /// How many earlier ones were left out.
    package var omitted: UInt64 = 0

    package init(name: String, role: String) { (self.name, self.role) = (name, role) }
}

/// One call or access of an actor, and what became of it.
package struct EpisodeOrder: Hashable, Sendable {
    package var invoked: UInt64
    package var returned: UInt64
    /// The kind of operation, by its name among the report's operations.
    package var kind: String
    /// The number of the file under test; nil where it was on none.
    package var file: UInt64?
    /// In bytes; of a truncate, the new size.
    package var offset: UInt64
    package var length: UInt64
    /// Bytes that were moved.
    package var done: UInt64
    /// `done`, a signal's or an errno's name, or `interrupted`.
    package var outcome: String
    /// What an access faulted in: `none`, `pte` or `pmd`.
    package var faulted: String
    /// What a script has to say to do it; empty where no step does.
    package var step: String
    /// Whether the violation's proof names it.
    package var proves: Bool

    package init(
        invoked: UInt64, returned: UInt64, kind: String, file: UInt64?, offset: UInt64,
        length: UInt64, done: UInt64, outcome: String, faulted: String, step: String, proves: Bool
    ) {
        (self.invoked, self.returned, self.kind, self.file) = (invoked, returned, kind, file)
        (self.offset, self.length, self.done) = (offset, length, done)
        (self.outcome, self.faulted, self.step, self.proves) = (outcome, faulted, step, proves)
    }
}
