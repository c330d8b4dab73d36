import DaxHost
import DaxModel
import DaxPicture
import DaxReport
import DaxSystem
import DaxText
import TestSupport
import Testing

/// `daxtorture report DIR --html`.
@Suite struct PictureFileTests {
    private let scratch: Scratch
    private var page: String { "\(scratch.path)/report.html" }

    init() throws {
        scratch = try Scratch("picture")
        let finding = Finding(
            rule: .size, file: "file0", offset: 0x3000, expected: "0x1000 bytes",
            observed: "0x2000 bytes", story: "The file was too long.")
        var report = Report(fs: "ext4-dax", seed: Seed(7))
        report.add(finding)
        report.conclude()
        var episode = Episode(finding)
        episode.files = [EpisodeFile(name: "file0", size: 0x4000)]
        try scratch.write("report.json", Array(report.json.text.utf8))
        try scratch.write("episode-1.json", Array(episode.json.text.utf8))
    }

    private func draw(_ more: [String] = []) throws -> ChildProcess.Finished {
        try ChildProcess.run(
            [try TestBench.program("daxtorture"), "report", scratch.path, "--html"] + more,
            seconds: 60)
    }

    @Test func thePageIsWrittenAndWrittenAnew() throws {
        for _ in 0..<2 {
            let run = try draw()
            #expect(run.exit == .exited(0) && run.error.isEmpty)
            #expect(String(decoding: run.output, as: UTF8.self) == "\(page)\n")
            let text = try Files.text(page)
            #expect(text.hasPrefix(Picture.mark) && text.contains("The file was too long."))
            #expect(text.contains("id=\"violation-1\""))
            #expect(
                try Files.names(in: scratch.path) == [
                    "episode-1.json", "report.html", "report.json",
                ])
            // The next replaces what an earlier version may have left.
            try scratch.write("report.html", Array("\(Picture.mark)0 -->\nold".utf8))
        }
    }

    private func isRefused(_ reason: String) throws -> Bool {
        let run = try draw()
        return run.exit == .exited(2) && run.output.isEmpty
            && run.error == "daxtorture: \(reason)\n"
    }

    @Test func whatIsSomebodyElsesStays() throws {
        try scratch.write("report.html", Array("<!DOCTYPE html>\nmine".utf8))
        #expect(try isRefused("\(page): not a page of daxtorture's, and so not replaced"))
        #expect(try Files.text(page) == "<!DOCTYPE html>\nmine")
        try Files.remove(page)
        let link = ["/bin/ln", "-s", "/nonexistent", page]
        try #require(try ChildProcess.run(link, seconds: 30).exit == .exited(0))
        #expect(try isRefused("\(page): not a page of daxtorture's, and so not replaced"))
    }

    @Test func whatIsNoEpisodeIsNamed() throws {
        try scratch.write("episode-2.json", Array("{\"schema\": \"x\"}".utf8))
        let run = try draw()
        #expect(run.exit == .exited(2))
        #expect(run.error.hasPrefix("daxtorture: \(scratch.path)/episode-2.json: "))
        #expect(!Files.exists(page))
    }

    @Test func aRunThatGoesOnIsLeftAlone() throws {
        let held = try Directory(scratch.path)
        #expect(try held.lock())
        #expect(try isRefused("\(scratch.path): in use by a run"))
        #expect(try isRefused("\(scratch.path): in use by a run"))
        _ = consume held
        #expect(try draw(["--field", "verdict"]).exit == .exited(2))
    }
}
