internal import DaxModel

/// Which sizes a file may have had, and when, from its resizes alone.
///
/// A size is a candidate at an instant if some operation that gives it had been invoked, and no
/// definite operation that takes it away ran wholly after that one and wholly before the instant.
/// The candidates are a superset of what any legal order allows, so they never accuse wrongly.
///
/// They are kept as one list for each moment between two events (an event is an invocation or a
/// return of a resize): there are few at a time, however many resizes there were.
struct SizeHistory: Sendable {
    struct Candidate: Sendable {
        var size: UInt64
        /// The return of the operation that gave it; 0 for the initial size.
        var returned: UInt64
        /// The index among the resizes of the operation that gave the size; -1 for the initial one.
        var resize: Int32
        var gradual: Bool
        /// The least size in between, if it is gradual.
        var least: UInt64 = 0
        /// What is missing to a size of zero, where shifts took more than there was: one that was
        /// invoked later may have come first and added it.
        var debt: UInt64 = 0
    }

    /// The instants of the events, ascending.
    private(set) var instants: ContiguousArray<UInt64> = []
    /// The candidates of moment `i` are `pool[bounds[i]..<bounds[i + 1]]`; moment `i` lies before
    /// event `i`, so there is one more moment than events.
    private var bounds: ContiguousArray<Int32> = [0]
    private var pool: ContiguousArray<Candidate> = []
    private var lowest: ContiguousArray<UInt64> = []
    private var highest: ContiguousArray<UInt64> = []

    init(initial: UInt64, resizes: ContiguousArray<Resize>) {
        struct Event {
            var instant: UInt64
            var isReturn: Bool
            var resize: Int32
        }
        var events: ContiguousArray<Event> = []
        events.reserveCapacity(2 * resizes.count)
        for (index, resize) in resizes.enumerated() {
            let interval = resize.interval
            events.append(
                Event(instant: interval.invoked.ticks, isReturn: false, resize: Int32(index)))
            events.append(
                Event(instant: interval.returned.ticks, isReturn: true, resize: Int32(index)))
        }
        // Equal ticks order nothing: at one tick everything is invoked before anything returns.
        events.sort { ($0.instant, $0.isReturn ? 1 : 0) < ($1.instant, $1.isReturn ? 1 : 0) }

        var candidates: ContiguousArray<Candidate> = [
            Candidate(size: initial, returned: 0, resize: -1, gradual: false)
        ]
        close(moment: candidates)
        var shifts: [Int32] = []
        for event in events {
            let resize = resizes[Int(event.resize)]
            if !event.isReturn && resize.change != nil {
                let present = candidates
                SizeHistory.add(present, shiftedBy: [event.resize], of: resizes, to: &candidates)
                shifts.append(event.resize)
            } else if !event.isReturn {
                let new = Candidate(
                    size: resize.size, returned: resize.interval.returned.ticks,
                    resize: event.resize, gradual: resize.gradual, least: resize.least)
                candidates.append(new)
                SizeHistory.add([new], shiftedBy: shifts, of: resizes, to: &candidates)
            } else if resize.change != nil {
                shifts.removeAll { $0 == event.resize }
                if resize.certainty == .definite {
                    let invoked = resize.interval.invoked.ticks
                    candidates.removeAll { $0.returned < invoked }
                }
                SizeHistory.forgetTwins(&candidates)
            } else if resize.certainty == .definite {
                let invoked = resize.interval.invoked.ticks
                candidates.removeAll {
                    $0.returned < invoked && (!resize.grows || $0.size < resize.size)
                }
                // What passed through sizes in between has arrived.
                for index in candidates.indices where candidates[index].resize == event.resize {
                    candidates[index].gradual = false
                }
            } else {
                SizeHistory.forgetDoubles(&candidates, of: resize, at: event.resize, resizes)
            }
            instants.append(event.instant)
            close(moment: candidates)
        }
    }

    /// Adds what some of the open shifts may have made of new candidates. They add up, in whatever
    /// order they come. A collapse of more than there is fails; its candidate is harmless. What became
    /// of the least size on the way to one is not kept.
    private static func add(
        _ new: ContiguousArray<Candidate>, shiftedBy shifts: [Int32],
        of resizes: ContiguousArray<Resize>, to candidates: inout ContiguousArray<Candidate>
    ) {
        var all = new
        for index in shifts {
            let shift = resizes[Int(index)]
            for candidate in all {
                let size =
                    Int64(clamping: candidate.size) - Int64(clamping: candidate.debt)
                    + (shift.change ?? 0)
                // The last of several shifts may be any of them.
                let earlier =
                    candidate.resize >= 0 && resizes[Int(candidate.resize)].change != nil
                    ? candidate.returned : 0
                all.append(
                    Candidate(
                        size: UInt64(max(0, size)),
                        returned: max(earlier, shift.interval.returned.ticks),
                        resize: index, gradual: candidate.gradual,
                        debt: size < 0 ? size.magnitude : 0))
            }
        }
        candidates.append(contentsOf: all.dropFirst(new.count))
        forgetTwins(&candidates)
    }

    /// Drops candidates that differ from another in nothing but when they returned: the last to
    /// return is enough.
    private static func forgetTwins(_ candidates: inout ContiguousArray<Candidate>) {
        var kept: ContiguousArray<Candidate> = []
        for candidate in candidates {
            let twin = kept.firstIndex {
                $0.size == candidate.size && $0.debt == candidate.debt
                    && $0.gradual == candidate.gradual && $0.resize == candidate.resize
            }
            if let twin {
                kept[twin].returned = max(kept[twin].returned, candidate.returned)
            } else {
                kept.append(candidate)
            }
        }
        candidates = kept
    }

    /// Operations that failed take nothing away. What bounds their number is that of two which
    /// gave the same size only the later one to return matters, and that a gradual one stands for
    /// all lesser ones to which it reaches down; but not for those within a page, whose tails the next
    /// change may clear, nor for a definite one that returns at the same tick: it takes the sizes below it
    /// away, and is then the least that there may be.
    private static func forgetDoubles(
        _ candidates: inout ContiguousArray<Candidate>, of resize: Resize, at index: Int32,
        _ resizes: ContiguousArray<Resize>
    ) {
        // Of two that return at one tick, the first may have taken the other's place.
        guard let own = candidates.first(where: { $0.resize == index }) else { return }
        var least = own.least
        candidates.removeAll {
            let isDouble =
                $0.resize != index && $0.gradual == resize.gradual
                && ($0.size == resize.size
                    || resize.gradual && $0.size < resize.size && $0.size + 1 >= resize.least
                        && $0.size % UInt64(History.pageSize) == 0
                        && ($0.resize < 0 || resizes[Int($0.resize)].certainty == .possible))
                && $0.returned <= resize.interval.returned.ticks
            if isDouble { least = min(least, $0.least) }
            return isDouble
        }
        for at in candidates.indices where candidates[at].resize == index {
            candidates[at].least = least
        }
    }

    private mutating func close(moment candidates: ContiguousArray<Candidate>) {
        pool.append(contentsOf: candidates)
        bounds.append(Int32(pool.count))
        lowest.append(candidates.reduce(.max) { min($0, $1.size) })
        highest.append(candidates.reduce(0) { max($0, $1.size) })
    }

    // MARK: - Questions

    /// The moments that an interval touches; `hint` is where the last question was answered.
    @inline(__always)
    func moments(of interval: Interval, hint: inout Int) -> ClosedRange<Int> {
        let first = position(of: interval.invoked.ticks, hint)
        hint = first
        var last = first
        while last < instants.count, instants[last] <= interval.returned.ticks { last += 1 }
        return first...last
    }

    /// How many events lie strictly before `ticks`.
    @inline(__always)
    private func position(of ticks: UInt64, _ hint: Int) -> Int {
        if (hint == 0 || instants[hint - 1] < ticks)
            && (hint == instants.count || instants[hint] >= ticks)
        {
            return hint
        }
        var low = 0
        var high = instants.count
        while low < high {
            let middle = (low + high) / 2
            if instants[middle] < ticks { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The least and the greatest size that the file may have had in one of the moments.
    @inline(__always)
    func extremes(in moments: ClosedRange<Int>) -> (least: UInt64, greatest: UInt64) {
        var least = lowest[moments.lowerBound]
        var greatest = highest[moments.lowerBound]
        var moment = moments.lowerBound + 1
        while moment <= moments.upperBound {
            least = min(least, lowest[moment])
            greatest = max(greatest, highest[moment])
            moment += 1
        }
        return (least, greatest)
    }

    func extremes(over interval: Interval) -> (least: UInt64, greatest: UInt64) {
        var hint = 0
        return extremes(in: moments(of: interval, hint: &hint))
    }

    /// Every candidate in the moments, some of them more than once.
    func candidates(in moments: ClosedRange<Int>) -> ArraySlice<Candidate> {
        let from = Int(bounds[moments.lowerBound])
        let to = Int(bounds[moments.upperBound + 1])
        return ArraySlice(pool[from..<to])
    }

    /// Every candidate of the epoch, most of them more than once.
    var all: ContiguousArray<Candidate> { pool }

    /// Whether some candidate lies within `[atLeast, atMost]`, and whether every one does.
    func fits(atLeast: UInt64, atMost: UInt64, in moments: ClosedRange<Int>)
        -> (some: Bool, every: Bool)
    {
        var some = false
        var every = true
        let candidates = candidates(in: moments)
        for candidate in candidates {
            if candidate.size >= atLeast && candidate.size <= atMost {
                some = true
            } else {
                every = false
            }
        }
        guard !some else { return (some, every) }
        // A gradual operation may stand anywhere between the least that it gives and where it goes, but
        // for what the file had for sure.
        let least = max(atLeast, extremes(in: moments).least)
        for candidate in candidates where candidate.gradual {
            if max(least, candidate.least) <= min(atMost, candidate.size) { some = true }
        }
        return (some, every)
    }
}
