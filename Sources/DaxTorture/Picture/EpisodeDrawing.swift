import DaxModel
package import DaxReport
import DaxText

/// The drawing of an episode: offset against time, a lane for each actor; below, the file's size.
package struct EpisodeDrawing: Sendable {
    /// A bar, where it is on the drawing, in pixels from its upper left corner.
    package struct Bar: Hashable, Sendable {
        package let event: EpisodeView.Event
        package var x, y, width, height: Double
    }

    static let width = 1000.0
    static let (left, right) = (150.0, 990.0)

    package let view: EpisodeView
    /// What the ids of the drawing begin with, so that a page may hold several.
    let prefix: String
    package private(set) var bars: [Bar] = []
    package private(set) var height = 0.0
    private(set) var body = Markup()

    package init(_ episode: Episode, prefix: String) {
        view = EpisodeView(
            episode, left: EpisodeDrawing.left,
            width: EpisodeDrawing.right - EpisodeDrawing.left)
        self.prefix = prefix
        var y = overview(at: 4)
        let top = y + 26
        y = top
        var lanes = Markup()
        for actor in view.lanes { lanes += lane(of: actor, at: &y) }
        let sizes = sizeChart(at: &y)
        body += observation(from: top - 22, to: y)
        body += guides(from: top, to: y)
        body += lanes + sizes
        body += cuts(from: top - 8, to: y) + ticks(at: y)
        height = y + 40
    }

    /// The drawing within a page that has the style.
    package var markup: Markup { svg([]) }

    /// The drawing as a file of its own.
    package var file: Markup { svg([Markup(style: Stylesheet.drawing)]) }

    private func svg(_ style: [Markup]) -> Markup {
        Markup(
            "svg",
            [
                "xmlns": "http://www.w3.org/2000/svg", "class": "drawing", "role": "img",
                "viewBox": "0 0 \(EpisodeDrawing.width.text) \(height.text)",
                "width": EpisodeDrawing.width, "height": height,
            ],
            [Markup("title", [:], "Operations around the violation, by actor, offset and time")]
                + style
                + [
                    Sort.definitions(prefix),
                    Markup(
                        "rect",
                        ["class": "ground", "width": EpisodeDrawing.width, "height": height]),
                    body,
                ])
    }

    // MARK: - The whole epoch

    /// A strip of the whole epoch, with what the drawing shows of it; returns where it ends.
    private mutating func overview(at y: Double) -> Double {
        let (left, width) = (EpisodeDrawing.left, EpisodeDrawing.right - EpisodeDrawing.left)
        let end = max(view.events.map(\.times.upperBound).max() ?? 1, view.episode.end, 1)
        func x(_ time: UInt64) -> Double {
            left + width * Double(min(time, end)) / Double(end)
        }
        body += label("the epoch", x: left - 8, y: y + 15, "name end")
        body += Markup(
            "rect", ["class": "frame", "x": left, "y": y, "width": width, "height": 22.0])
        // How many began at each pixel, not a stroke for each of thousands.
        var columns: [Int: Int] = [:]
        for event in view.events where event.reach != .nothing && event.order.file == view.file {
            columns[Int(x(event.order.invoked)), default: 0] += 1
        }
        let most = Double(max(columns.values.max() ?? 1, 3))
        let strokes = columns.sorted { $0.key < $1.key }.map { column, count in
            "M\(column) \((y + 22).text)v\((-max(3, 20 * Double(count) / most)).text)"
        }.joined()
        body += Markup("path", ["class": "density", "d": strokes])
        for piece in view.axis.pieces {
            let begin = x(piece.times.lowerBound) - 1
            let width = max(x(piece.times.upperBound) + 1 - begin, 3)
            body += Markup(
                "rect",
                ["class": "shown", "x": begin, "y": y - 2, "width": width, "height": 26.0])
        }
        body += label("0", x: left, y: y + 34, "tick")
        body += label(Figures.time(end), x: left + width, y: y + 34, "tick end")
        body += label(
            "operations on these pages; framed: what is drawn below",
            x: left + width / 2, y: y + 34, "tick middle")
        return y + 42
    }

    // MARK: - Through all lanes

    /// When the violation was seen.
    private func observation(from top: Double, to bottom: Double) -> Markup {
        let episode = view.episode
        guard episode.end > 0 else { return Markup() }
        let x = view.axis.x(episode.begin)
        let width = max(view.axis.x(max(episode.begin, episode.end)) - x, 3)
        let isLate = x > EpisodeDrawing.right - 120
        let band = Markup(
            "rect",
            ["class": "seen", "x": x, "y": top, "width": width, "height": bottom - top])
        let place = isLate ? x - 4 : x + width + 4
        return band
            + label("seen here", x: place, y: top + 11, isLate ? "strong end" : "strong")
    }

    /// A line for each order of the proof, so that the eye finds what was at the same time.
    private func guides(from top: Double, to bottom: Double) -> Markup {
        Markup(
            view.proof.map { event in
                Markup(
                    "path",
                    [
                        "class": "guide",
                        "d": "M\(view.axis.x(event.order.invoked).text) \(top.text)V\(bottom.text)",
                    ])
            })
    }

    // MARK: - Time

    private func cuts(from top: Double, to bottom: Double) -> Markup {
        Markup(
            view.axis.pieces.indices.dropFirst().map { index in
                let x = view.axis.pieces[index].x - TimeAxis.cut
                var zigzag = "M\((x + 5).text) \(top.text)"
                var y = top
                var side = 4.0
                while y < bottom {
                    zigzag += "l\(side.text) 6"
                    y += 6
                    side = -side
                }
                let time = Figures.time(view.axis.gap(before: index))
                let (begin, width, height) = (x + 1, TimeAxis.cut - 2, bottom - top)
                return Markup([
                    Markup(
                        "rect",
                        ["class": "ground", "x": begin, "y": top, "width": width, "height": height]
                    ),
                    Markup("path", ["class": "zigzag", "d": zigzag]),
                    Markup(
                        "path", ["class": "zigzag", "transform": "translate(5 0)", "d": zigzag]),
                    label(time, x: x + TimeAxis.cut / 2, y: top - 4, "tick middle"),
                ])
            })
    }

    private func ticks(at y: Double) -> Markup {
        var marks = Markup()
        for piece in view.axis.pieces {
            marks += Markup(
                "path",
                ["class": "axis", "d": "M\(piece.x.text) \(y.text)h\(piece.width.text)"])
            var free = piece.x - 20
            for time in view.axis.ticks(of: piece) {
                let x = view.axis.x(time)
                marks += Markup("path", ["class": "axis", "d": "M\(x.text) \(y.text)v5"])
                let text = view.axis.step % 1000 == 0 ? (time / 1000).grouped : time.microseconds
                let half = Double(text.count) * 3.2
                // A label that has no room beside the one before, or would leave the drawing.
                guard x - half > free, x + half < EpisodeDrawing.width else { continue }
                marks += label(text, x: x, y: y + 17, "tick middle")
                free = x + half + 6
            }
        }
        return marks
            + label(
                "us since the epoch began", x: EpisodeDrawing.right, y: y + 32, "tick end")
    }

    // MARK: - Helpers

    func label(_ text: String, x: Double, y: Double, _ style: String) -> Markup {
        Markup("text", ["class": style, "x": x, "y": y], text)
    }

    mutating func add(_ bar: Bar) { bars.append(bar) }
}
