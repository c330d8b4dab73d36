internal import DaxModel

/// The zeroings of a history, asked about one word after the other in ascending order.
///
/// A zeroing may cover millions of words, so it is never spelled out for each. They stand in
/// order of invocation as the leaves of two segment trees; a leaf counts only while the word
/// asked about lies in the zeroing's range. Going on to another word costs two updates for each
/// zeroing passed, a question O(log n).
struct ZeroIndex {
    /// A zeroing by its place in order of invocation.
    typealias Place = Int

    private let zeroings: ContiguousArray<Zeroing>
    /// Place to index in the history.
    private let order: ContiguousArray<Int32>
    private let invoked: TimeTable
    private let leaves: Int
    /// The latest return of the live zeroings under a node; 0 for none.
    private var latest: ContiguousArray<UInt64>
    /// The earliest return of the live definite zeroings under a node; UInt64.max for none.
    private var earliest: ContiguousArray<UInt64>

    private struct Boundary {
        var word: UInt64
        var place: Int32
        var opens: Bool
    }
    private let boundaries: ContiguousArray<Boundary>
    private var passed = 0
    private(set) var live = 0
    /// How many of the live zeroings recur.
    private(set) var recurring = 0

    init(_ zeroings: ContiguousArray<Zeroing>) {
        self.zeroings = zeroings
        order = ContiguousArray(
            zeroings.indices.map { Int32($0) }.sorted {
                zeroings[Int($0)].interval.invoked < zeroings[Int($1)].interval.invoked
            })
        invoked = TimeTable(
            ContiguousArray(order.map { zeroings[Int($0)].interval.invoked.ticks }))
        var size = 1
        while size < zeroings.count { size *= 2 }
        leaves = size
        latest = ContiguousArray(repeating: 0, count: 2 * size)
        earliest = ContiguousArray(repeating: .max, count: 2 * size)

        var boundaries: ContiguousArray<Boundary> = []
        boundaries.reserveCapacity(2 * zeroings.count)
        for (place, index) in order.enumerated() {
            let words = zeroings[Int(index)].words
            guard !words.isEmpty else { continue }
            boundaries.append(
                Boundary(word: words.lowerBound, place: Int32(place), opens: true))
            boundaries.append(
                Boundary(word: words.upperBound, place: Int32(place), opens: false))
        }
        boundaries.sort { $0.word < $1.word }
        self.boundaries = boundaries
    }

    subscript(place: Place) -> Zeroing { zeroings[Int(order[place])] }

    /// The places of the live zeroings, in order of invocation.
    var livePlaces: [Place] { order.indices.filter { latest[leaves + $0] != 0 } }

    // MARK: - Going from word to word

    /// The first word after the present one at which other zeroings count.
    @inline(__always)
    var nextBoundary: UInt64 { passed < boundaries.count ? boundaries[passed].word : .max }

    /// Makes `word` the word asked about; it is not below the last one.
    @inline(__always)
    mutating func advance(to word: UInt64) {
        while passed < boundaries.count, boundaries[passed].word <= word {
            let boundary = boundaries[passed]
            set(Int(boundary.place), live: boundary.opens)
            let change = boundary.opens ? 1 : -1
            live += change
            if self[Int(boundary.place)].recurs { recurring += change }
            passed += 1
        }
    }

    private mutating func set(_ place: Place, live: Bool) {
        let zeroing = self[place]
        let returned = zeroing.interval.returned.ticks
        var node = leaves + place
        latest[node] = live ? returned : 0
        earliest[node] = live && zeroing.certainty == .definite ? returned : .max
        while node > 1 {
            node /= 2
            latest[node] = max(latest[2 * node], latest[2 * node + 1])
            earliest[node] = min(earliest[2 * node], earliest[2 * node + 1])
        }
    }

    // MARK: - Questions

    /// A live definite zeroing that ran from start to end strictly between two instants.
    func definite(after: UInt64, before: UInt64) -> Place? {
        guard live > 0 else { return nil }
        let from = invoked.count(upTo: after)
        let to = before == 0 ? 0 : invoked.count(upTo: before - 1)
        guard from < to, earliest[1] < before else { return nil }
        return first(from: from, to: to) { earliest[$0] < before }
    }

    /// A live zeroing that was invoked at `latestStart` or before and returned at `earliestEnd` or
    /// after; the last of them, which is the quickest to find.
    func lastSource(latestStart: UInt64, earliestEnd: UInt64) -> Place? {
        guard live > 0 else { return nil }
        let end = max(earliestEnd, 1)
        var place = invoked.count(upTo: latestStart) - 1
        guard place >= 0 else { return nil }
        var node = leaves + place
        var width = 1
        while true {
            if latest[node] >= end {
                if width == 1 { return place }
                node = 2 * node + 1
                width /= 2
                continue
            }
            // On to the subtree before, which ends at `place`; up as far as others end there too.
            place -= width
            guard place >= 0 else { return nil }
            node -= 1
            while node & 1 == 1 {
                node /= 2
                width *= 2
            }
        }
    }

    /// The first live zeroing from place `from` on that was invoked at `latestStart` or before
    /// and returned at `earliestEnd` or after.
    func firstSource(from: Place, latestStart: UInt64, earliestEnd: UInt64) -> Place? {
        guard live > 0 else { return nil }
        let to = invoked.count(upTo: latestStart)
        guard from < to else { return nil }
        let end = max(earliestEnd, 1)
        return first(from: from, to: to) { latest[$0] >= end }
    }

    /// The first leaf in `from..<to` whose node, and each node above it, satisfies `holds`.
    @inline(__always)
    private func first(from: Int, to: Int, where holds: (Int) -> Bool) -> Place? {
        var node = leaves + from
        var width = 1
        var place = from
        while place < to {
            if holds(node) {
                if width == 1 { return place }
                node *= 2
                width /= 2
                continue
            }
            // On to the next subtree; up first, as far as it begins there.
            node += 1
            place += width
            guard place < to else { return nil }
            while node & 1 == 0 {
                node /= 2
                width *= 2
            }
        }
        return nil
    }
}
