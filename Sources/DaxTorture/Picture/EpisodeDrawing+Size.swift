import DaxModel
import DaxReport

extension EpisodeDrawing {
    private static let chart = 64.0

    /// The file's size over the same time; `y` moves below it.
    mutating func sizeChart(at y: inout Double) -> Markup {
        guard view.file != nil else { return Markup() }
        let history = SizeHistory(of: view)
        let axis = view.axis
        y += 14
        let top = y
        let ground = top + EpisodeDrawing.chart
        let within = history.steps.filter { axis.shows($0.invoked...max($0.invoked, $0.returned)) }
        let shown =
            within.flatMap { [$0.size, $0.previous] }
            + axis.pieces.map { history.size(at: $0.times.lowerBound) }
        let word = view.episode.violation.offset
        let most = max(shown.max() ?? 0, word, 1)
        func height(_ size: UInt64) -> Double {
            ground - EpisodeDrawing.chart * 0.92 * Double(size) / Double(most)
        }

        var chart = Markup(
            "rect",
            [
                "class": "frame", "x": EpisodeDrawing.left, "y": top,
                "width": EpisodeDrawing.right - EpisodeDrawing.left, "height": EpisodeDrawing.chart,
            ])
        // Level until a call begins, and down or up to where it returned: it was somewhere between.
        let first = height(history.size(at: axis.pieces[0].times.lowerBound)).text
        var line = "M\(axis.left.text) \(first)"
        var area = "M\(axis.left.text) \(ground.text)V\(first)"
        for piece in axis.pieces {
            // Across a cut, whatever became of it there.
            let begin = "L\(piece.x.text) \(height(history.size(at: piece.times.lowerBound)).text)"
            line += begin
            area += begin
            var last = piece.times.lowerBound
            for step in history.steps
            where step.returned > last && step.invoked < piece.times.upperBound {
                // Of calls at the same time, each begins where the one before returned.
                let begin = axis.x(max(step.invoked, last))
                let path =
                    "L\(begin.text) \(height(step.previous).text)"
                    + "L\(axis.x(step.returned).text) \(height(step.size).text)"
                line += path
                area += path
                last = step.returned
            }
            line += "H\((piece.x + piece.width).text)"
            area += "H\((piece.x + piece.width).text)"
        }
        area += "V\(ground.text)Z"
        chart += Markup("path", ["class": "area", "d": area])
        chart += Markup("path", ["class": "level", "d": line])
        let at = height(word)
        chart += Markup(
            "path",
            [
                "class": "word",
                "d": "M\(EpisodeDrawing.left.text) \(at.text)H\(EpisodeDrawing.right.text)",
            ])
        chart += label("size of \(view.episode.violation.file)", x: 4, y: top + 26, "name")
        chart += label(most.hex, x: EpisodeDrawing.left - 6, y: height(most) + 4, "tick end")
        chart += label("0", x: EpisodeDrawing.left - 6, y: ground, "tick end")
        if at > top + 18 && at < ground - 12 {
            chart += label(
                "\u{25b8}" + word.hex, x: EpisodeDrawing.left - 1, y: at + 4, "tick strong end")
        }
        var free = 0.0
        for step in within {
            let x = axis.x(step.returned)
            guard x > free, x < EpisodeDrawing.right - 60 else { continue }
            chart += label(
                step.size.hex, x: x + 4, y: max(height(step.size) - 4, top + 10), "inner")
            free = x + Double(step.size.hex.count) * 6.6 + 10
        }
        y = ground + 8
        return chart
    }
}
