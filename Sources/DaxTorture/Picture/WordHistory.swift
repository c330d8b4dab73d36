import DaxModel
package import DaxReport
import DaxText

/// What the episode's orders did to the word, or saw of it, in order of time.
package struct WordHistory: Sendable {
    /// What an order has to do with the word.
    package enum Effect: String, Sendable {
        case wrote = "wrote it"
        case saw = "saw it"
        case zeroed = "zeroed it"
        case copied = "copied over it"
        case cut = "cut it off"
        case resized = "changed the size"
        case moved = "moved it"
        case allocated = "gave it space"
        case synced = "wrote it back"
        case remapped = "mapped it anew"
        case besides = "was about it"
    }

    /// How many rows are listed of what came before the time that is drawn, and of what is drawn.
    static let (before, most) = (6, 60)

    let view: EpisodeView
    package let events: [EpisodeView.Event]
    /// How many on the word are not listed.
    package let omitted: Int

    package init(of view: EpisodeView) {
        self.view = view
        let offset = view.episode.violation.offset
        let first = offset / 8 * 8
        let word = first..<first + min(8, .max - first)
        let all = view.events.filter {
            $0.number != nil
                || $0.order.file == view.file && $0.reach.touches(word)
        }
        let earlier = all.prefix { !view.axis.shows($0.times) }.suffix(WordHistory.before)
        let drawn = all.filter { $0.number == nil && view.axis.shows($0.times) }
        let wanted = Set(earlier + drawn.prefix(WordHistory.most)).union(view.proof)
        events = all.filter { wanted.contains($0) }
        omitted = all.count - events.count
    }

    /// What an order did to the word; if it failed, what it was about to.
    package func effect(of order: EpisodeOrder) -> Effect {
        switch Sort(kind: order.kind) {
        case .store, .write: .wrote
        case .load, .read: .saw
        case .zeroing: .zeroed
        case .copy: .copied
        case .size:
            switch order.kind {
            case "truncate": order.offset <= view.episode.violation.offset ? .cut : .resized
            case "allocate", "allocate keep size", "unshare range": .allocated
            default: .moved
            }
        case .sync: .synced
        case .mapping: .remapped
        case .other: .besides
        }
    }

    var markup: Markup {
        Markup(
            "table", ["class": "history"],
            [
                Markup(
                    "thead", [:],
                    [
                        Markup(
                            "tr", [:],
                            ["", "us", "who", "what", "", "range", "outcome"].map {
                                Markup("th", [:], $0)
                            })
                    ]),
                Markup("tbody", [:], [beginning] + events.map(row)),
            ])
            + (omitted == 0
                ? Markup()
                : Markup(
                    "p", ["class": "note"],
                    "\(UInt64(omitted).grouped) more on this word, before or between, are not listed."
                ))
    }

    /// The word as the epoch found it, where that is known.
    private var beginning: Markup {
        guard let file = view.file, let index = Int(exactly: file) else { return Markup() }
        let words = view.episode.files[index].words
        let place = Int(view.episode.violation.offset % EpisodeView.page / 8)
        guard words.indices.contains(place) else { return Markup() }
        return Markup(
            "tr", [:],
            [
                Markup("td"), Markup("td", ["class": "number"], "0"),
                Markup("td", ["colspan": 5], "when the epoch began: \(told(words[place]))"),
            ])
    }

    /// A stamp by its writer, of whom it has the number among the run's actors.
    private func told(_ word: UInt64) -> String {
        if word == 0 { return "zero" }
        let stamp = Stamp(rawValue: word)
        let actor = stamp.actor.index
        let actors = view.episode.actors
        let whose = actors.indices.contains(actor) ? "\(actors[actor].name)'s " : ""
        return "\(hex(word)): \(whose)stamp \(stamp.sequence)"
    }

    private func row(_ event: EpisodeView.Event) -> Markup {
        let order = event.order
        let effect = effect(of: order).rawValue
        return Markup(
            "tr", ["class": event.number == nil ? "plain" : "guilty"],
            [
                Markup("td", ["class": "disc"], event.number.map { "\($0)" } ?? ""),
                Markup(
                    "td", ["class": "number"],
                    "\(order.invoked.microseconds) \u{2013} \(order.returned.microseconds)"),
                Markup("td", [:], view.episode.actors[event.actor].name),
                Markup("td", [:], order.kind),
                Markup("td", ["class": "effect"], order.outcome == "done" ? effect : "(\(effect))"),
                Markup("td", [:], order.place),
                Markup(
                    "td", [:],
                    ([order.outcome]
                        + (order.faulted == "none" ? [] : ["\(order.faulted.uppercased()) fault"]))
                        .joined(separator: ", ")),
            ])
    }
}
