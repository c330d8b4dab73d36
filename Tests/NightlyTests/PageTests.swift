import DaxHost
import DaxSystem
import TestSupport
import Testing

@testable import DaxNightly

/// The night's page as a browser shows it, light and dark: its layout is measured, not its text.
@Suite(
    .enabled(
        if: ChildProcess.find("chromium-headless-shell") != nil,
        "no chromium-headless-shell: ci/install test"))
struct PageTests {
    /// What the browser says of the page at that width.
    private func dump(_ html: String, width: Int, dark: Bool) throws -> String {
        let scratch = try Scratch("page\(width)\(dark)")
        try scratch.write("index.html", Array(html.utf8))
        let browser = try #require(ChildProcess.find("chromium-headless-shell"))
        let run = try ChildProcess.run(
            [
                browser, "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                "--user-data-dir=\(scratch.path)/profile", "--window-size=\(width),900",
                "--blink-settings=preferredColorScheme=\(dark ? 0 : 1)",
                "--screenshot=\(scratch.path)/page.png", "file://\(scratch.path)/index.html",
            ], seconds: 120)
        #expect(run.exit == .exited(0), "\(run.error)")
        let pixels = try ChildProcess.run(
            ["/usr/bin/python3", "-c", PageTests.histogram, "\(scratch.path)/page.png"],
            seconds: 120)
        #expect(pixels.exit == .exited(0), "\(pixels.error)")
        return String(decoding: pixels.output, as: UTF8.self)
    }

    /// Decodes an 8-bit PNG and prints its width, its first pixel's luminance, and which of the colours given
    /// it has.
    private static let histogram = """
        import struct, sys, zlib
        data = open(sys.argv[1], 'rb').read()
        at, body, channels = 8, b'', 0
        while at < len(data):
            size, kind = struct.unpack('>I4s', data[at:at + 8])
            chunk = data[at + 8:at + 8 + size]
            if kind == b'IHDR':
                width, height, depth, color = struct.unpack('>IIBB', chunk[:10])
                channels = {2: 3, 6: 4}[color]
            if kind == b'IDAT': body += chunk
            at += size + 12
        raw, step, before, seen, first = zlib.decompress(body), channels, None, {}, None
        line = width * step
        for row in range(height):
            kind = raw[row * (line + 1)]
            now = bytearray(raw[row * (line + 1) + 1:(row + 1) * (line + 1)])
            for i in range(line):
                a = now[i - step] if i >= step else 0
                b = before[i] if before else 0
                c = before[i - step] if before and i >= step else 0
                p = a + b - c
                near = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
                now[i] = (now[i] + (0, a, b, (a + b) // 2, near)[kind]) & 255
            for i in range(0, line, step):
                pixel = bytes(now[i:i + 3]).hex()
                seen[pixel] = seen.get(pixel, 0) + 1
            if first is None: first = bytes(now[:3]).hex()
            before = now
        print(width, first, *sorted(pixel for pixel, count in seen.items() if count > 60))
        """

    @Test(arguments: [(360, false), (1200, false), (1200, true)])
    func everyResultHasItsShade(_ width: Int, _ dark: Bool) throws {
        let html = NightPage(of: FormatTests.results()).html
        let words = try dump(html, width: width, dark: dark).split(separator: " ").map {
            $0.filter { !$0.isNewline }
        }
        #expect(words[0] == "\(width)" && words[1] == (dark ? "12161b" : "ffffff"), "\(words)")
        // The verdict is a block of ink, and on a wide screen each result's shade is there.
        let shades =
            dark
            ? ["12452a", "ff7b8a", "5c4a12", "39424c", "f0f3f6"]
            : ["d7f0dd", "a40e26", "f3e2b3", "dfe3e8", "16191d"]
        for shade in width > 1000 ? shades : [shades[4]] {
            #expect(words.contains(shade), "\(shade): \(words)")
        }
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
