/// What all drawings have in common.
package enum Drawing {
    /// Text whose place is (`x`, `y`), by a class of the page's style.
    package static func label(_ text: String, _ x: Double, _ y: Double, _ style: String) -> Markup {
        Markup("text", ["class": style, "x": x, "y": y], text)
    }

    /// A drawing as wide as all, with a title for who cannot see it.
    static func svg(_ title: String, _ height: Double, _ body: Markup) -> Markup {
        Markup(
            "svg",
            [
                "xmlns": "http://www.w3.org/2000/svg", "class": "drawing", "role": "img",
                "viewBox": "0 0 \(EpisodeDrawing.width.text) \(height.text)",
                "width": EpisodeDrawing.width, "height": height,
            ],
            [Markup("title", [:], title), body])
    }
}
