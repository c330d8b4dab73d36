import TestSupport
import Testing

@testable import DaxNightly

/// The night's page as a browser shows it, light and dark.
@Suite(.enabled(if: Browser.path != nil, "no chromium-headless-shell: ci/install test"))
struct PageTests {
    @Test(arguments: [(360, false), (1200, false), (1200, true)])
    func everyResultHasItsShade(_ width: Int, _ dark: Bool) throws {
        let html = NightPage(of: FormatTests.results()).html
        let picture = try Browser().look(
            at: html, as: "index.html", width: width, height: 1600, dark: dark)
        #expect(picture.colour(1, 1) == (dark ? "12161b" : "ffffff"))
        let colours = picture.colours
        // The verdict is a block of ink, and each result has a shade.
        let shades =
            dark
            ? ["12452a", "ff7b8a", "5c4a12", "39424c", "f0f3f6"]
            : ["d7f0dd", "a40e26", "f3e2b3", "dfe3e8", "16191d"]
        for shade in width > 1000 ? shades : [shades[4]] {
            #expect(colours[shade, default: 0] > 200, "\(shade)")
        }
        // Nothing reaches beyond the screen: its last columns are ground.
        let last = (0..<1600).filter { picture.colour(width - 3, $0) != picture.colour(1, 1) }
        #expect(last.isEmpty, "\(last.prefix(9))")
    }

    /// Nothing is loaded, nothing runs, and no text is markup.
    @Test func thePageIsOneFile() throws {
        let html = NightPage(of: FormatTests.results()).html
        for word in ["<script", "<link", "<img", "src=", "http-equiv=\"refresh", "url("] {
            #expect(!html.contains(word), "\(word)")
        }
        #expect(html.contains("&lt;zero&gt;") && !html.contains("<zero>"))
        // Links lead to reports and to nights.
        #expect(html.contains("href=\"../2026-11-27T093015/index.html\""))
        #expect(html.contains("href=\"runs/k1_ext4-dax_plain_default_1/report.json\""))
    }
}
