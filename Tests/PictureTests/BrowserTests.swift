import DaxHost
import DaxPicture
import DaxReport
import DaxSystem
import TestSupport
import Testing

/// The page and its drawing as a browser shows them: pixels, not text.
///
/// ci/install brings the browser; where there is none the tests say so.
@Suite(.enabled(if: Browser.path != nil, "no chromium-headless-shell: ci/install test"))
struct BrowserTests {
    private let drawing = EpisodeDrawing(plausibleEpisode(), prefix: "e1")

    /// What of the drawing is looked at, as points of it.
    private func points(_ bar: EpisodeDrawing.Bar) -> (edge: (Int, Int), inside: (Int, Int)) {
        (
            (Int(bar.x), Int(bar.y + bar.height / 2)),
            (Int(bar.x + bar.width / 2), Int(bar.y + bar.height / 2))
        )
    }

    private func bar(_ kind: String) throws -> EpisodeDrawing.Bar {
        try #require(drawing.bars.first { $0.event.order.kind == kind })
    }

    @Test(arguments: [false, true]) func theProofStandsOutInBlackAndWhite(_ dark: Bool) throws {
        let picture = try Browser().look(
            at: drawing.file.text, as: "drawing.svg", width: 1000, height: Int(drawing.height) + 1,
            dark: dark)
        #expect(picture.width == 1000 && picture.height == Int(drawing.height) + 1)
        // A corner in which nothing is drawn.
        let ground = picture.luminance(997, Int(drawing.height) - 20)
        #expect(dark ? ground < 0.1 : ground > 0.9)
        let proof = drawing.bars.filter { $0.event.number != nil }
        #expect(proof.count == 3)
        for bar in proof {
            let edge = picture.luminance(points(bar).edge.0, points(bar).edge.1)
            #expect(picture.contrast(edge, ground) > 7, "\(bar.event.order.kind)")
        }
        // A bar that proves nothing has a finer edge, and is no filled block.
        let fault = try bar("fault")
        let inside = points(fault).inside
        #expect(picture.contrast(picture.luminance(inside.0, inside.1), ground) < 1.5)
    }

    /// By hatching alone: no two sorts have the same shades in a square of theirs.
    @Test func sortsDifferInBlackAndWhite() throws {
        var episode = plausibleEpisode()
        let kinds = [
            "store", "load", "pwrite", "pread", "clone range", "punch", "truncate", "fsync", "mmap",
            "thaw",
        ]
        #expect(Set(kinds.map(Sort.init(kind:))) == Set(Sort.allCases))
        episode.actors[2].orders = kinds.enumerated().map { index, kind in
            let begin = 104_105_000 + UInt64(index) * 12_000
            var order = order(begin, begin + 8000, kind, 0x30_4000, 8192)
            // Wide enough for its pattern, and not for its name.
            if kind == "truncate" { order.offset = 0 }
            return order
        }
        let drawing = EpisodeDrawing(episode, prefix: "e1")
        let picture = try Browser().look(
            at: drawing.file.text, as: "drawing.svg", width: 1000, height: Int(drawing.height) + 1)
        var seen: [Sort: [Int]] = [:]
        for bar in drawing.bars where bar.event.actor == 2 {
            // A block within the bar as black and white: how much of it is black, and how often that
            // changes along its rows, its columns and its diagonals.
            let (left, top) = (Int(bar.x) + 4, Int(bar.y) + 3)
            func isBlack(_ x: Int, _ y: Int) -> Bool {
                picture.luminance(left + x, top + y) < 0.6
            }
            func changes(_ dx: Int, _ dy: Int) -> Int {
                (1..<15).reduce(0) { sum, x in
                    sum + (0..<6).count { isBlack(x, $0) != isBlack(x + dx, $0 + dy) }
                }
            }
            seen[Sort(kind: bar.event.order.kind)] = [
                (0..<16).reduce(0) { sum, x in sum + (0..<7).count { isBlack(x, $0) } },
                changes(1, 0), changes(0, 1), changes(1, 1), changes(-1, 1),
            ]
        }
        #expect(seen.count == Sort.allCases.count)
        #expect(Set(seen.values).count == seen.count, "\(seen)")
    }

    @Test(arguments: [360, 1280]) func thePageFitsTheScreen(_ width: Int) throws {
        let episode = plausibleEpisode(name: String(repeating: "long", count: 40))
        let html = Picture(of: plausibleReport(episode), episodes: [episode]).html
        let picture = try Browser().look(at: html, as: "page.html", width: width, height: 900)
        #expect(picture.width == width)
        // The verdict is a dark block with light text in it, and ends before the screen does.
        // Where the screen is wider than the page, that is in its middle.
        let row = (0..<120).first { y in
            (0..<width / 2 - 12).contains { x in
                (0..<12).allSatisfy { picture.luminance(x + $0, y) < 0.1 }
            }
        }
        let block = try #require(row)
        #expect(picture.luminance(width - 4, block) > 0.9)
    }
}
