import DaxHost
import DaxSystem
import TestSupport
import Testing

/// ci/slurm/submit and what it submits, with stand-ins for Slurm and for the program. ci/try-slurm has the real ones.
@Suite struct SlurmTests {
    private let tree: ScriptTree

    init() throws {
        tree = try ScriptTree("slurm")
        for name in ["submit", "shard", "collect"] {
            let script = try Files.text("\(Host.repository)/ci/slurm/\(name)")
            try tree.scratch.write("tree/ci/slurm/\(name)", Array(script.utf8))
            try tree.run(["chmod", "755", "\(tree.path)/ci/slurm/\(name)"])
        }
        for name in ["nightly", "daxtorture"] {
            try tree.script("tree/ci/\(name)", "echo \"\(name) $*\"; exit ${STATUS:-0}")
        }
        try tree.script(
            "bin/sbatch",
            """
            for word; do printf '%s\\n' "$word"; done >>\(tree.scratch.path)/batch
            [ -z "$NO_BATCH" ] || exit 1
            case "$*" in *--array*) echo '7;cluster' ;; *) echo 8 ;; esac
            """)
        try tree.script("bin/squeue", "echo \"$QUEUED\"")
        try tree.script("bin/sinfo", "printf 'n1\\nn2\\nn1\\n'")
        try tree.scratch.write("m.toml", Array("format = 1\n".utf8))
    }

    private var night: String { "\(tree.scratch.path)/a night" }
    private var batch: [String] {
        ((try? Files.text("\(tree.scratch.path)/batch")) ?? "").split(separator: "\n")
            .map(String.init)
    }

    private func submit(
        _ arguments: [String] = [], _ variables: [String] = []
    ) throws -> ChildProcess.Finished {
        try tree.run(
            ["\(tree.path)/ci/slurm/submit", "\(tree.scratch.path)/m.toml", "--night", night]
                + arguments, [tree.searchPath] + variables)
    }

    @Test func aNightIsAnArrayAndASummary() throws {
        let run = try submit(["--quick", "--set", "run.epoch=1s", "--", "--mem=4G"])
        #expect(run.exit == .exited(0), "\(run.error)")
        #expect(tree.said(run) == "7\n8\n")
        let plan =
            "nightly \(tree.scratch.path)/m.toml --night \(night) --quick --set run.epoch=1s --plan\n"
        #expect(run.error == plan)
        // As many as there are nodes, by the stand-in twice the same.
        #expect(batch.contains("--array=1-2") && batch.contains("--mem=4G"))
        #expect(batch.contains("--requeue") && batch.contains("--dependency=afterany:7"))
        #expect(batch.filter { $0 == "--comment=\(night)" }.count == 2)
        let lines = batch.filter { $0.hasPrefix("exec ") }
        try #require(lines.count == 2)
        let common = "nightly \(tree.scratch.path)/m.toml --set run.epoch=1s --night \(night)"
        let shard = try tree.run(["sh", "-c", lines[0]], ["SLURM_ARRAY_TASK_ID=2", "STATUS=125"])
        #expect(shard.exit == .exited(125))
        #expect(tree.said(shard) == "daxtorture \(common) --shard 2/2\n")
        let collect = try tree.run(["sh", "-c", lines[1]], ["STATUS=125"])
        #expect(collect.exit == .exited(125))
        #expect(collect.error.contains("submits those that are missing"))
        #expect(tree.said(collect) == "daxtorture \(common) --collect\n")
    }

    @Test func whatCannotBeSubmittedIsNot() throws {
        for (arguments, variables, exit, text) in [
            (["--shards", "0"], [], 2, "'0' is not a number"),
            (["--no"], [], 2, "'--no' is not known"),
            ([], ["STATUS=2"], 2, ""), ([], ["STATUS=1"], 125, ""),
            ([], ["QUEUED=5 \(night)"], 125, "jobs of this night are in the queue: 5"),
            ([], ["NO_BATCH=1"], 125, "sbatch took no array"),
        ] as [([String], [String], Int32, String)] {
            let run = try submit(arguments, variables)
            #expect(run.exit == .exited(exit) && run.error.contains(text), "\(run.error)")
            #expect(run.output.isEmpty)
        }
        // One of another night stands in nobody's way.
        #expect(try submit([], ["QUEUED=5 \(night)-2"]).exit == .exited(0))
    }
}
