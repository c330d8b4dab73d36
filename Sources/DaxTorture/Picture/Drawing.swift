/// What all drawings have in common.
package enum Drawing {
    /// Text whose place is (`x`, `y`), by a class of the page's style.
    package static func label(_ text: String, _ x: Double, _ y: Double, _ style: String) -> Markup {
        Markup("text", ["class": style, "x": x, "y": y], text)
    }

    /// Charts beside and below each other, three in a row. `chart` draws one from its left and upper edge on.
    static func charts<Item>(
        _ title: String, _ items: [Item], _ chart: (Item, Double, Double) -> Markup
    ) -> Markup {
        var body = Markup()
        for (index, item) in items.enumerated() {
            body += chart(
                item, Double(index % 3) * (chartWidth + 30) + 55,
                Double(index / 3) * (chartHeight + 50) + 30)
        }
        return svg(title, Double((items.count + 2) / 3) * (chartHeight + 50) + 10, body)
    }

    /// Of a chart of ``charts(_:_:_:)``.
    static let (chartWidth, chartHeight) = (310.0, 190.0)

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
