import DaxModel
package import DaxReport

/// What of an episode is shown: the orders on the pages of the word, in the time around those that prove the
/// violation, actor by actor.
package struct EpisodeView: Hashable, Sendable {
    /// An order, with the actor that gave it.
    package struct Event: Hashable, Sendable {
        package let actor: Int
        package let order: EpisodeOrder
        package let reach: Reach
        /// The number of one that proves the violation, from 1 on, in order of time.
        package var number: Int?

        package var times: ClosedRange<UInt64> {
            order.invoked...max(order.invoked, order.returned)
        }
    }

    package let episode: Episode
    /// The number of the file with the word; nil where the violation names none under test.
    package let file: UInt64?
    /// The offsets that are shown: whole pages.
    package let offsets: Range<UInt64>
    /// What proves the violation, in order of time.
    package let proof: [Event]
    /// All orders on the file's pages that are shown, in order of time.
    package let events: [Event]
    /// Actors that have an event within the axis, those of the proof first.
    package let lanes: [Int]
    /// How many actors have one, and no lane.
    package let omitted: Int
    package let axis: TimeAxis

    static let page = UInt64(Page.bytes)
    /// How many pages are shown at most, and how many lanes.
    static let (mostPages, mostLanes) = (UInt64(8), 14)

    /// - Parameters:
    ///   - left: where the axis of time begins.
    ///   - width: how wide it is.
    package init(_ episode: Episode, left: Double, width: Double) {
        self.episode = episode
        let violation = episode.violation
        let file = episode.files.firstIndex { $0.name == violation.file }.map { UInt64($0) }
        self.file = file

        var all = episode.actors.enumerated().flatMap { actor, one in
            one.orders.map { Event(actor: actor, order: $0, reach: Reach(of: $0)) }
        }
        all.sort { ($0.order.invoked, $0.actor) < ($1.order.invoked, $1.actor) }
        var count = 0
        for index in all.indices where all[index].order.proves {
            count += 1
            all[index].number = count
        }
        let proof = all.filter { $0.number != nil }
        self.proof = proof
        let offsets = EpisodeView.pages(of: violation.offset, proof, file)
        self.offsets = offsets

        let here = all.filter {
            // What concerns no file, as drop caches or syncfs, concerns this one, too.
            $0.number != nil || file == nil || $0.order.file == nil
                // What changes the size matters wherever it does.
                || $0.order.file == file
                    && ($0.reach.touches(offsets) || Sort(kind: $0.order.kind) == .size)
        }
        events = here
        let axis = EpisodeView.axis(episode, proof, here, left, width)
        self.axis = axis

        var lanes: [Int] = []
        for event in proof + here.filter({ axis.shows($0.times) && $0.reach != .nothing })
        where !lanes.contains(event.actor) {
            lanes.append(event.actor)
        }
        omitted = max(0, lanes.count - EpisodeView.mostLanes)
        self.lanes = Array(lanes.prefix(EpisodeView.mostLanes))
    }

    /// The pages that the proof's ranges reach, as far as they lie near the word's.
    private static func pages(
        of word: UInt64, _ proof: [Event], _ file: UInt64?
    ) -> Range<UInt64> {
        var (first, last) = (word / page, word / page)
        let nearest = first - min(first, mostPages / 2)...first + mostPages / 2 - 1
        for event in proof where event.order.file == file {
            guard case .range(let range) = event.reach else { continue }
            first = min(first, max(range.lowerBound / page, nearest.lowerBound))
            last = max(last, min((range.upperBound - 1) / page, nearest.upperBound))
        }
        let end = (last + 1).multipliedReportingOverflow(by: page)
        return first * page..<(end.overflow ? .max : end.partialValue)
    }

    /// The proof, and what overlaps it; without a proof, what came last.
    private static func axis(
        _ episode: Episode, _ proof: [Event], _ events: [Event], _ left: Double, _ width: Double
    ) -> TimeAxis {
        var shown = proof.map(\.times)
        if episode.end > 0 { shown.append(episode.begin...max(episode.begin, episode.end)) }
        if proof.isEmpty {
            let end = shown.first?.upperBound ?? .max
            let word = episode.violation.offset
            shown += events.filter {
                $0.order.invoked <= end && $0.reach.touches(word..<word + min(1, .max - word))
            }.suffix(6).map(\.times)
        }
        let busy = shown.reduce(0) { $0 + Double($1.upperBound - $1.lowerBound) }
        let margin = UInt64(min(max(busy / 4, 30_000), 1e18))
        for event in events where event.reach != .nothing {
            let times = event.times
            // One that lasts, an fsync of the whole file, would leave no room for the rest.
            guard Double(times.upperBound - times.lowerBound) <= max(busy, 120_000),
                proof.contains(where: { $0.times.overlaps(times) })
            else { continue }
            shown.append(times)
        }
        return TimeAxis(showing: shown, margin: margin, left: left, width: width)
    }

    /// The actor's events that a lane shows.
    package func events(of actor: Int) -> [Event] {
        events.filter { $0.actor == actor && axis.shows($0.times) }
    }

    /// Whether an event is drawn across the lane and not at its offsets.
    package func isWhole(_ event: Event) -> Bool {
        switch event.reach {
        case .range(let range): event.order.file != file || !range.overlaps(offsets)
        case .onward, .whole, .nothing: true
        }
    }

    /// The offsets at which a page ends and another begins.
    var boundaries: [UInt64] {
        (1..<max(2, (offsets.upperBound - offsets.lowerBound) / EpisodeView.page))
            .map { offsets.lowerBound + $0 * EpisodeView.page }.filter { $0 < offsets.upperBound }
    }
}
