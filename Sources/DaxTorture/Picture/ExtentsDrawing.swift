import DaxModel
import DaxReport
import DaxText

/// A file's extents when the epoch began: all of the file, and below the pages that the episode's drawing
/// shows.
struct ExtentsDrawing {
    let file: EpisodeFile
    let view: EpisodeView
    let prefix: String

    private static let bar = 22.0

    var markup: Markup {
        let end = max(
            file.size, file.extents.map { $0.offset &+ $0.length }.max() ?? 0,
            view.offsets.upperBound, 1)
        let height = 118.0
        return Markup(
            "svg",
            [
                "xmlns": "http://www.w3.org/2000/svg", "class": "drawing", "role": "img",
                "viewBox": "0 0 \(EpisodeDrawing.width.text) \(height.text)",
                "width": EpisodeDrawing.width, "height": height,
            ],
            [
                Markup("title", [:], "Extents of \(file.name) when the epoch began"),
                Sort.definitions(prefix), row(0..<end, at: 22, "all of it"),
                row(view.offsets, at: 80, "these pages"),
            ])
    }

    /// A range of the file as one bar, the word marked above it.
    private func row(_ range: Range<UInt64>, at y: Double, _ name: String) -> Markup {
        let (left, width) = (EpisodeDrawing.left, EpisodeDrawing.right - EpisodeDrawing.left)
        let length = Double(range.upperBound - range.lowerBound)
        func x(_ offset: UInt64) -> Double {
            let at = min(max(offset, range.lowerBound), range.upperBound)
            return left + width * Double(at - range.lowerBound) / length
        }
        var row =
            text(name, 4, y + 15, "name")
            + Markup(
                "rect",
                ["class": "hole", "x": left, "y": y, "width": width, "height": ExtentsDrawing.bar])
        for extent in file.extents {
            let (begin, end) = (x(extent.offset), x(extent.offset &+ extent.length))
            guard end > begin else { continue }
            let sort: Sort =
                switch extent.state {
                // Of the grey ones: no operation has these here.
                case .written: .mapping
                case .unwritten: .sync
                case .shared: .other
                }
            row += Markup(
                "g", [:],
                [
                    Markup(
                        "title", [:],
                        "\(extent.state.rawValue): \(extent.offset.hex), "
                            + Figures.count(extent.length, "byte")),
                    Markup(
                        "rect",
                        [
                            "class": "bar \(extent.state.rawValue) \(sort.rawValue)",
                            "fill": sort.fill(prefix),
                            "x": begin,
                            "y": y, "width": max(end - begin, 1), "height": ExtentsDrawing.bar,
                        ]),
                ])
            if end - begin > 70 {
                row += text(extent.state.rawValue, (begin + end) / 2, y + 15, "inner middle")
            }
        }
        if range.contains(file.size) {
            row += Markup(
                "path", ["class": "eof", "d": "M\(x(file.size).text) \((y - 4).text)v30"])
            let isLate = x(file.size) > EpisodeDrawing.right - 120
            row += text(
                "end of file, \(file.size.hex)", x(file.size) + (isLate ? -4 : 4), y - 6,
                isLate ? "tick end" : "tick")
        }
        let word = x(view.episode.violation.offset)
        if range.contains(view.episode.violation.offset) {
            row += Markup("path", ["class": "fault", "d": "M\(word.text) \(y.text)l-5 -8h10z"])
            row += text(
                "the word", word + (word > 900 ? -8 : 8), y - 2,
                word > 900 ? "tick strong end" : "tick strong")
        }
        row += text(range.lowerBound.hex, left, y + 36, "tick")
        row += text(range.upperBound.hex, EpisodeDrawing.right, y + 36, "tick end")
        return row
    }

    private func text(_ text: String, _ x: Double, _ y: Double, _ style: String) -> Markup {
        Markup("text", ["class": style, "x": x, "y": y], text)
    }
}
