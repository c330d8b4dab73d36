import DaxHost
import DaxModel
import DaxPicture
import DaxReport
import DaxSystem
import TestSupport
import Testing

/// A page is well-formed whatever a report holds, and nothing that it holds is markup.
@Suite struct MarkupTests {
    @Test func textIsEscaped() {
        #expect(
            Markup("p", ["title": "a\"b'<&>"], "</p><script>\u{0}\u{1b}\u{ffff}").text
                == "<p title=\"a&quot;b&#39;&lt;&amp;&gt;\">&lt;/p&gt;&lt;script&gt;"
                + "\\x00\\x1b\\u{ffff}</p>")
        #expect(Markup("br").text == "<br/>")
        #expect(Markup("div").text == "<div></div>")
    }

    @Test func numbersHaveATenth() {
        #expect([0.04, -0.06, 3, -12.36].map(\.text) == ["0", "-0.1", "3", "-12.4"])
    }

    private static let hostile = [
        "</text></svg><script>alert(1)</script>", "\" onload=\"alert(1)", "' onclick='alert(1)",
        "]]>&amp;&#60;script&#62;", "<!-- --><img src=x onerror=alert(1)>",
        "\u{0}\u{b}\u{fffe}\u{202e}",
        "</style><style>*{display:none}", "${x}`{{y}}",
    ]

    /// Parses a page by Python's parsers of XML and of HTML: the names of its elements and attributes.
    private static let parse = """
        import sys, xml.etree.ElementTree as tree
        from html.parser import HTMLParser
        text = open(sys.argv[1], encoding="utf-8").read()
        names = set()
        for element in tree.fromstring(text).iter():
            names.add(element.tag.split("}")[-1])
            names.update("@" + name for name in element.attrib)
        class Reader(HTMLParser):
            open = []
            def handle_starttag(self, tag, attributes):
                html.add(tag)
                html.update("@" + name for name, _ in attributes)
                self.open.append(tag)
            def handle_startendtag(self, tag, attributes):
                html.add(tag)
            def handle_endtag(self, tag):
                assert self.open.pop() == tag, tag
        html = set()
        reader = Reader()
        reader.feed(text)
        reader.close()
        assert not reader.open
        print(*sorted(names))
        print(*sorted(html))
        """

    private func names(of html: String, _ function: String = #function) throws -> [Set<Substring>] {
        let scratch = try Scratch(function)
        try scratch.write("page.html", Array(html.utf8))
        let run = try ChildProcess.run(
            ["/usr/bin/env", "python3", "-c", MarkupTests.parse, "\(scratch.path)/page.html"],
            seconds: 60)
        #expect(run.exit == .exited(0), "\(run.error)")
        return String(decoding: run.output, as: UTF8.self).split(separator: "\n")
            .map { Set($0.split(separator: " ")) }
    }

    @Test func hostileNamesStayText() throws {
        let episode = plausibleEpisode()
        let plain = try names(of: Picture(of: plausibleReport(episode), episodes: [episode]).html)
        #expect(plain.count == 2 && plain[0].contains("svg") && plain[0].contains("@viewBox"))
        #expect(!plain[0].contains("script") && !plain[0].contains("@href"))
        for name in MarkupTests.hostile {
            var episode = plausibleEpisode(name: name, file: name)
            episode.actors[1].role = name
            episode.actors[2].orders[0].kind = name
            episode.actors[2].orders[1].outcome = "SIG\(name)"
            var report = plausibleReport(episode, fs: name)
            report.kernel = name
            report.notes = [name]
            report.latency[name] = Latency(p50: 0, p90: 0, p99: 0, max: .max)
            report.coverage.append(Coverage(name, name, none: 0, pte: 0, pmd: nil))
            report.add(
                Finding(
                    rule: .kernel, file: name, offset: .max, expected: name, observed: name,
                    story: name))
            let html = Picture(of: report, episodes: [episode]).html
            #expect(
                try names(of: html).map { $0.subtracting(["details", "summary"]) }
                    == plain.map { $0.subtracting(["details", "summary"]) }, "\(name)")
        }
    }

    /// Figures from a file that nobody can have meant.
    @Test func absurdFiguresAreDrawn() throws {
        var episode = plausibleEpisode()
        (episode.begin, episode.end) = (.max, 0)
        episode.violation.offset = .max
        episode.files[0].size = .max
        episode.files[0].extents = [EpisodeExtent(offset: .max, length: .max, state: .written)]
        episode.actors[0].orders = [
            order(.max, 0, "store", .max, .max, proves: true),
            order(0, .max, "insert range", .max, .max), order(5, 5, "write", .max, .max),
        ]
        let html = Picture(of: plausibleReport(episode), episodes: [episode]).html
        #expect(!html.contains("nan") && !html.contains("inf"))
        #expect(try names(of: html).count == 2)
    }
}
