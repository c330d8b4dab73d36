import DaxModel
import DaxReport
import DaxText

/// What the page has of one episode: the story, the drawing, the word's history, the file's extents.
struct EpisodeSection {
    private let episode: Episode
    private let number: Int

    init(_ episode: Episode, number: Int) { (self.episode, self.number) = (episode, number) }

    /// A violation as a heading.
    static func title(_ violation: Finding) -> String {
        violation.rule.name
            + (violation.file.isEmpty ? "" : ", \(violation.file) at \(violation.offset.hex)")
    }

    var markup: Markup {
        let drawing = EpisodeDrawing(episode, prefix: "e\(number)")
        let violation = episode.violation
        var parts = [
            Markup("h2", [:], "\(number). \(EpisodeSection.title(violation))"),
            Markup("p", ["class": "signature"], [Markup("code", [:], violation.signature)]),
            Markup("pre", ["class": "story"], violation.story),
            Markup(
                "dl", [:],
                [
                    ("expected", violation.expected), ("observed", violation.observed),
                    ("epoch", "\(episode.epoch)"),
                ].map {
                    Markup("div", [:], [Markup("dt", [:], $0.0), Markup("dd", [:], $0.1)])
                }),
            Markup("figure", [:], [Picture.scrolling(drawing.markup), caption(drawing)]),
            Markup("h3", [:], "The word's history"),
            Markup("div", ["class": "scrolling"], [WordHistory(of: drawing.view).markup]),
        ]
        if let file = drawing.view.file.flatMap({ Int(exactly: $0) }) {
            parts.append(Markup("h3", [:], "Extents when the epoch began"))
            parts.append(
                Picture.scrolling(
                    ExtentsDrawing(
                        file: episode.files[file], view: drawing.view, prefix: "x\(number)"
                    ).markup))
        }
        return Markup("section", ["class": "episode", "id": "violation-\(number)"], parts)
    }

    /// The signs that occur, and what they mean.
    private func caption(_ drawing: EpisodeDrawing) -> Markup {
        let orders = drawing.bars.map(\.event.order)
        let used = Set(orders.map { Sort(kind: $0.kind) })
        var items = Sort.allCases.filter(used.contains).map { sort in
            item(
                Markup(
                    "rect",
                    [
                        "class": "bar \(sort.rawValue)", "fill": sort.fill("e\(number)"), "x": 1,
                        "y": 2,
                        "width": 26, "height": 12,
                    ]), sort.title)
        }
        if !drawing.view.proof.isEmpty {
            items.append(
                item(
                    Markup("circle", ["class": "disc", "cx": 14, "cy": 8, "r": 7]),
                    "numbered, thick: proves the violation"))
        }
        if orders.contains(where: { $0.faulted == "pte" }) {
            items.append(
                item(Markup("path", ["class": "fault", "d": "M14 13l-6 -9h12z"]), "PTE fault"))
        }
        if orders.contains(where: { $0.faulted == "pmd" }) {
            items.append(
                item(Markup("path", ["class": "fault", "d": "M9 3h10v10h-10z"]), "PMD fault"))
        }
        if orders.contains(where: \.isSignal) {
            items.append(
                item(Markup("path", ["class": "signal", "d": "M9 3l10 10m-10 0l10 -10"]), "SIGBUS"))
        }
        if orders.contains(where: { $0.isFailure && !$0.isSignal }) {
            items.append(
                item(
                    Markup("path", ["class": "error", "d": "M14 1v14m-4 -14h8m-8 14h8"]), "failed"))
        }
        items.append(item(Markup("path", ["class": "word", "d": "M0 8h28"]), "the word"))
        let view = drawing.view
        var notes = "Times count from the epoch's beginning, those of the story from the run's. "
        if view.proof.isEmpty {
            notes += "No operation of the epoch proves it; shown is what came last on the word. "
        }
        if view.omitted > 0 {
            notes += "\(Figures.count(view.omitted, "more actor")) did something here. "
        }
        let omitted = episode.actors.reduce(0) { $0 &+ $1.omitted }
        if omitted > 0 {
            notes += "\(omitted.grouped) earlier operations of this epoch were not kept. "
        }
        return Markup(
            "figcaption", [:],
            [
                Markup("ul", ["class": "legend"], items),
                Markup(
                    "p", ["class": "note"],
                    "A lane shows \(Figures.count((view.offsets.upperBound - view.offsets.lowerBound) / EpisodeView.page, "page")) from "
                        + "\(view.offsets.lowerBound.hex) on, upwards; what concerns the whole file is a flat bar above. \(notes)"
                ),
            ])
    }

    private func item(_ sign: Markup, _ text: String) -> Markup {
        Markup(
            "li", [:],
            [
                Markup(
                    "svg", ["class": "sign", "width": 28, "height": 16, "viewBox": "0 0 28 16"],
                    [sign]),
                Markup(text: " \(text)"),
            ])
    }
}
