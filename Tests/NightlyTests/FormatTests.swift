import DaxHost
import DaxReport
import DaxSystem
import DaxText
import TestSupport
import Testing

@testable import DaxNightly

/// One result in many formats: parsers that are not ours read each, and they say the same.
@Suite(.enabled(if: Parsers.areThere, "no parsers: ci/install test"))
struct FormatTests {
    private static let root =
        "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

    /// A night with each result, and with text that would be markup in one format or another.
    static func results(night: String = "2026-11-28T093015") -> NightResults {
        var plan = filled(
            plan(options: ["plain", "inode"], configs: ["default", "sync"], budget: 9000))
        plan.leftOut = ["k1_x"]
        plan.unsuited = [NightPlan.Unsuited("k2_x", "<no> & \"never\"")]
        var outcomes: [String: RunOutcome] = [:]
        for (index, run) in plan.runs.enumerated() {
            switch index % 5 {
            case 0: outcomes[run.id] = outcome(run)
            case 1:
                outcomes[run.id] = outcome(run, ["R3 | <zero> & \"one\" | load", "R10 | a \\ b"])
            case 2:
                outcomes[run.id] = outcome(run, ["R5 | SIGBUS # SKIP"])
                outcomes[run.id]?.knownFailure = "a fix # TODO <x>"
            case 3:
                outcomes[run.id] = RunOutcome(
                    id: run.id, verdict: .untested,
                    sentence: "no report:\nok 7 | *it* said\u{1b}[0m # SKIP <nothing> \\",
                    seed: run.seed)
            default: break
            }
            outcomes[run.id]?.known = [RunOutcome.Known("i", signature: "R1", count: UInt64(index))]
        }
        outcomes[plan.runs[1].id]?.repeats = [
            RunOutcome.Repeats(kernel: plan.runs[1].kernel, runs: 3, shown: ["R10 | a \\ b": 2])
        ]
        var old = NightFinding(
            kernel: "k1", filesystem: "ext4-dax", head: "R4 | gone", state: .new, first: "n0",
            last: "n0")
        old.combinations = [plan.runs[0].combination]
        var tally = NightTally(night: "2026-11-27T093015", started: 999)
        tally.results = [.passed: 10, .failed: 2, .notRun: 4]
        (tally.operations, tally.duration) = (900, 10)
        var results = NightResults(
            plan, outcomes, night: night, before: [old], history: [tally])
        results.problems = ["stopped by <SIGTERM>"]
        return results
    }

    private func check(_ directory: String) throws -> (exit: ChildProcess.Exit?, said: String) {
        let run = try ChildProcess.run(
            ["/usr/bin/python3", "\(FormatTests.root)/ci/check-night", directory],
            seconds: 120)
        return (run.exit, String(decoding: run.output, as: UTF8.self) + run.error)
    }

    private func write(_ results: NightResults, _ scratch: Scratch) throws -> String {
        let night = NightDirectory("\(scratch.path)/2026-11-28T093015")
        try Files.makeDirectories(night.path)
        #expect(NightWriter(results).write(to: night).isEmpty)
        return night.path
    }

    @Test func othersReadThemAndTheyAgree() throws {
        let scratch = try Scratch()
        let results = FormatTests.results()
        for word in RunResult.Word.allCases { #expect(results.count(word) >= 3) }
        let (exit, said) = try check(write(results, scratch))
        #expect(exit == .exited(0), "\(said)")
        #expect(said == "7 formats agree on 16 runs\n")
    }

    /// A night of which nothing ran has all its runs in each format.
    @Test func nothingRanIsTold() throws {
        let scratch = try Scratch()
        let (exit, said) = try check(
            write(NightResults(filled(plan()), [:], night: "n"), scratch))
        #expect(exit == .exited(0) && said == "7 formats agree on 4 runs\n", "\(said)")
    }

    /// The check can fail.
    @Test func oneThatSaysSomethingElseIsFound() throws {
        let scratch = try Scratch()
        let path = try write(FormatTests.results(), scratch)
        for (name, old, new) in [
            ("results.json", "\"result\": \"passed\"", "\"result\": \"failed\""),
            ("events.jsonl", "\"result\": \"known\"", "\"result\": \"passed\""),
            ("junit.xml", "<skipped", "<system-out"), ("junit.xml", "</testsuites>", ""),
            ("metrics.prom", "result=\"untested\"} 1", "result=\"passed\"} 1"),
            ("metrics.prom", "# EOF\n", ""), ("results.ktap", "\nnot ok", "\nok"),
            ("results.ktap", "1..16", "1..17"), ("summary.md", "| not run |", "| passed |"),
            ("index.html", ": passed: ", ": failed: "), ("index.html", "</main>", ""),
        ] {
            let sound = try Files.text("\(path)/\(name)")
            let place = try #require(sound.firstRange(of: old), "\(name): \(old)")
            var changed = sound
            changed.replaceSubrange(place, with: new)
            try Files.write(Array(changed.utf8), to: "\(path)/\(name)")
            let (exit, said) = try check(path)
            #expect(exit == .exited(1) && said.hasPrefix(name), "\(name): \(new): \(said)")
            try Files.write(Array(sound.utf8), to: "\(path)/\(name)")
        }
        #expect(try check(path).exit == .exited(0))
    }

    @Test func aSignatureHasOneAnnotation() {
        let results = FormatTests.results()
        let lines = results.annotations
        let heads = Set(results.findings.filter { $0.state == .new }.map(\.head))
        #expect(lines.count == heads.count && heads.count == 2)
        #expect(lines.allSatisfy { $0.hasPrefix("::error title=new") && !$0.contains("\n") })
        #expect(lines[0].contains("%0A"))
    }

    /// A panic or a runner that was killed never reads as a pass.
    @Test func whatDidNotEndIsNotOk() {
        let results = FormatTests.results()
        for result in results.runs {
            let line = results.ktap(result, number: 1).split(separator: "\n").last!
            #expect(line.hasPrefix("ok 1 ") == (result.word == .passed), "\(line)")
            #expect(line.contains("# TODO") == (result.word == .known), "\(line)")
        }
    }
}

/// What ci/check-night reads the formats by.
enum Parsers {
    static let areThere: Bool = {
        let run = try? ChildProcess.run(
            ["/usr/bin/python3", "-c", "import junitparser, prometheus_client"], seconds: 60)
        return run?.exit == .exited(0)
    }()
}
