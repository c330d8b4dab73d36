import DaxHost
import DaxSystem
import DaxText
import TestSupport
import Testing

/// `daxtorture nightly` as a program: without a machine, since its kernel is not there.
@Suite struct NightlyCommandTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch("nightlycommand")
        try matrix(
            """
            kernels = ["5.4-cloud", "5.4-generic"]
            configs = ["default", "reflink"]
            duration = "1s"
            """)
    }

    private func matrix(_ text: String) throws {
        try scratch.write("m.toml", Array("format = 1\n\(text)\n".utf8))
    }

    private func nightly(
        _ arguments: String...
    ) throws -> (exit: ChildProcess.Exit?, said: String, error: String) {
        let run = try ChildProcess.run(
            [try TestBench.program("daxtorture"), "nightly", "\(scratch.path)/m.toml"] + arguments,
            environment: [
                "DAXTORTURE_DATA=\(Host.repository)", "PATH=/usr/bin:/bin", "HOME=\(scratch.path)",
            ],
            seconds: 120)
        return (run.exit, String(decoding: run.output, as: UTF8.self), run.error)
    }

    private func json(_ path: String) throws -> JSON {
        try JSON(Files.read("\(scratch.path)/\(path)"))
    }

    @Test func badUsageLeavesNothing() throws {
        for arguments in [
            ["--budget", "8"], ["--quick", "--budget", "8h"], ["--shard", "1/2"], ["--collect"],
            ["--shard", "3/2", "--night", "n"], ["--plan", "--collect", "--night", "n"],
            ["--jobs", "0"], ["--set", "fs.nothing=1"],
        ] {
            let run = try ChildProcess.run(
                [try TestBench.program("daxtorture"), "nightly", "\(scratch.path)/m.toml"]
                    + arguments
                    + (arguments.contains("--night") || arguments.contains("--collect")
                        || arguments.contains("--shard")
                        ? [] : ["--state", "\(scratch.path)/s"]),
                seconds: 120)
            #expect(run.exit == .exited(2), "\(arguments): \(run.error)")
        }
        #expect(!Files.exists("\(scratch.path)/s"))
        try matrix("kernels = [\"6.1-cloud\"]\nconfig = [\"default\"]")
        let run = try nightly("--state", "\(scratch.path)/s")
        #expect(run.exit == .exited(2))
        #expect(
            run.error.contains("m.toml:3: config: unknown key; the nearest known key is configs"))
    }

    @Test func kernelsToFetchAreListed() throws {
        try matrix(
            """
            kernels = ["6.1-cloud", "a", "b"]
            [kernel.a]
            kernel = "6.12-generic"
            [kernel.b]
            kernel = "m.toml"
            """)
        let run = try nightly("--kernels")
        #expect(run.exit == .exited(0) && run.said == "6.1-cloud\n6.12-generic\n", "\(run)")
    }

    /// Each planned run is told, though none could be made.
    @Test func aNightWithoutKernelsIsUntested() throws {
        let state = "\(scratch.path)/state"
        let run = try nightly("--state", state)
        #expect(run.exit == .exited(125), "\(run.error)")
        #expect(run.said.hasPrefix("KTAP version 1\n1..6\nnot ok 1 5.4-"), "\(run.said)")
        #expect(run.said.contains("# 6 runs: 6 untested; no failure\n"))
        let results = try json("state/latest/results.json")
        #expect(results["complete"] == .bool(true) && results["runs"]?.values?.count == 6)
        for name in [
            "results.ktap", "junit.xml", "events.jsonl", "metrics.prom", "summary.md", "index.html",
        ] { #expect(Files.exists("\(state)/latest/\(name)"), "\(name)") }
        // ext4 has no reflink.
        #expect(try json("state/latest/plan.json")["unsuited"]?.values?.count == 2)
        // That night is complete: another one begins.
        #expect(try nightly("--state", state).exit == .exited(125))
        #expect(try Files.names(in: state).count { $0.hasPrefix("20") } == 2)
    }

    @Test func aNightInPartsIsTheWhole() throws {
        let night = "\(scratch.path)/night"
        let run = try nightly("--night", night, "--plan", "--budget", "10m")
        let lines = run.said.split(separator: "\n")
        #expect(run.exit == .exited(0) && lines.count == 3 && lines[0] == "\(night)/plan.json")
        #expect(lines[1] == "6 runs" && lines[2].hasSuffix(" s"))
        let plan = try Files.read("\(night)/plan.json")
        // Nothing ran yet: all of it is missing.
        #expect(try nightly("--night", night, "--collect").exit == .exited(125))
        #expect(try json("night/results.json")["complete"] == .bool(false))
        for shard in ["1/2", "2/2", "2/2"] {
            #expect(try nightly("--night", night, "--shard", shard).exit == .exited(0))
        }
        let collected = try nightly("--night", night, "--collect")
        #expect(collected.exit == .exited(125) && collected.said.contains("6 untested"))
        #expect(try json("night/results.json")["complete"] == .bool(true))
        #expect(try Files.read("\(night)/plan.json") == plan)
        // A plan belongs to its matrix.
        try matrix("kernels = [\"5.4-cloud\"]")
        #expect(try nightly("--night", night, "--collect").exit == .exited(2))
    }

    /// Whoever holds a night or a shard is alone there.
    @Test func nobodyElseIsAtWork() throws {
        let night = "\(scratch.path)/night"
        #expect(try nightly("--night", night, "--plan").exit == .exited(0))
        try Files.makeDirectories("\(night)/shards/1-of-2")
        let shard = try Directory("\(night)/shards/1-of-2")
        #expect(try shard.lock())
        #expect(try nightly("--night", night, "--shard", "1/2").exit == .exited(125))
        #expect(try nightly("--night", night, "--shard", "2/2").exit == .exited(0))
        let whole = try Directory(night)
        #expect(try whole.lock())
        #expect(try nightly("--night", night).exit == .exited(2))
    }
}
