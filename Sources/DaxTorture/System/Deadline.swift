/// Time as it was seen to pass, in short steps.
///
/// A clock jumps where its host slept or whoever reads it was stopped, and all that ran is late at once.
/// So a step that took long counts as a short one: whoever waits asks every few milliseconds.
package struct SeenTime: Sendable {
    /// What was seen to pass, nanoseconds.
    package private(set) var nanoseconds: UInt64 = 0
    /// The longest time between two questions, uncut, nanoseconds.
    package private(set) var longestGap: UInt64 = 0
    /// What passed since whoever is waited for was stopped, nanoseconds.
    private var stood: UInt64 = 0
    private var last: UInt64

    /// A longer time between two questions counts as this one, nanoseconds.
    package static let longestStep: UInt64 = 200_000_000

    /// None has passed at `now`, in nanoseconds of any clock that only grows.
    package init(at now: UInt64) { last = now }

    /// Takes the step up to `now`.
    package mutating func step(to now: UInt64) {
        stood = 0
        let gap = now - last
        nanoseconds += min(gap, Self.longestStep)
        longestGap = max(longestGap, gap)
        last = now
    }

    /// Takes the step up to `now`, in which whoever is waited for was stopped: nothing of it counts, and
    /// all of it is one gap.
    package mutating func skip(to now: UInt64) {
        stood += now - last
        longestGap = max(longestGap, stood)
        last = now
    }
}

/// How long something may take that should be over soon.
///
/// What is late is a violation, so that the clock must not decide alone: only as much time counts as was
/// seen to pass.
package struct Deadline: Sendable {
    private let limit: UInt64
    private var seen: SeenTime

    /// Deadline for `nanoseconds` from now on.
    package init(nanoseconds: UInt64) {
        self.init(nanoseconds: nanoseconds, at: Clock.monotonicNanoseconds())
    }

    /// Whether it is at an end.
    package mutating func isOver() -> Bool { isOver(at: Clock.monotonicNanoseconds()) }

    init(nanoseconds: UInt64, at now: UInt64) { (limit, seen) = (nanoseconds, SeenTime(at: now)) }

    mutating func isOver(at now: UInt64) -> Bool {
        seen.step(to: now)
        return seen.nanoseconds >= limit
    }
}
