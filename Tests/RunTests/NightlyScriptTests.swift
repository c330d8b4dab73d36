import DaxHost
import DaxSystem
import TestSupport
import Testing

/// ci/nightly and ci/soak, which bring kernels and become the program.
@Suite struct NightlyScriptTests {
    private let tree: ScriptTree

    init() throws {
        tree = try ScriptTree("nightly")
        for name in ["nightly", "soak", "prove"] {
            try tree.scratch.write(
                "tree/ci/\(name)", Files.read("\(Host.repository)/ci/\(name)"))
            try tree.run(["chmod", "755", "\(tree.path)/ci/\(name)"])
        }
        try tree.script("tree/ci/fetch-kernel", "echo \"fetch $*\" >&2; exit ${FETCH:-0}")
        try tree.script(
            "tree/ci/daxtorture",
            """
            for argument; do [ "$argument" != --kernels ] || { printf '%s' "$KERNELS"; exit ${LIST:-0}; }; done
            echo "$*"
            exit ${STATUS:-0}
            """)
        for name in ["mine.toml", "tree/configs/matrices/soak.toml"] {
            try tree.scratch.write(name, [])
        }
    }

    private func night(
        _ arguments: String, _ variables: [String] = [], script: String = "nightly"
    ) throws -> (exit: ChildProcess.Exit?, said: String, error: String) {
        let run = try tree.run(
            ["\(tree.path)/ci/\(script)"] + arguments.split(separator: " ").map(String.init),
            variables)
        return (run.exit, tree.said(run), run.error)
    }

    @Test func theArgumentsAreTheProgramS() throws {
        let (usual, mine) = (
            "nightly \(tree.path)/configs/matrices/nightly.toml", "\(tree.scratch.path)/mine.toml"
        )
        for (arguments, passed) in [
            ("", usual), ("--quick", "\(usual) --quick"), ("8h", "\(usual) --budget 8h"),
            ("10m --strict", "\(usual) --budget 10m --strict"),
            (mine, "nightly \(mine)"), ("\(mine) --budget 1h", "nightly \(mine) --budget 1h"),
        ] {
            let (exit, said, _) = try night(arguments)
            #expect(exit == .exited(0) && said == passed + "\n", "\(arguments)")
        }
        for status in [1, 2, 125] {
            #expect(try night("", ["STATUS=\(status)"]).exit == .exited(Int32(status)))
        }
    }

    @Test func kernelsAreBrought() throws {
        let variables = ["KERNELS=6.1-cloud\n6.12-cloud\n"]
        var run = try night("", variables)
        #expect(run.error == "fetch 6.1-cloud\nfetch 6.12-cloud\n" && run.exit == .exited(0))
        // One that cannot be had is untested, says the program.
        run = try night("", variables + ["FETCH=1"])
        #expect(run.exit == .exited(0) && run.error.contains("6.12-cloud cannot be had"))
        // A damaged one would be booted.
        run = try night("", variables + ["FETCH=125"])
        #expect(run.exit == .exited(125) && run.said.isEmpty)
        // What is wrong with a matrix is told before anything is fetched.
        run = try night("", variables + ["LIST=2"])
        #expect(run.exit == .exited(2) && run.error.isEmpty)
    }

    @Test func badUsageIsTold() throws {
        for arguments in ["1x", "no/such.toml", "10"] {
            let (exit, said, error) = try night(arguments)
            #expect(exit == .exited(2) && said.isEmpty && !error.isEmpty, "\(arguments)")
        }
        #expect(try night("x", script: "soak").exit == .exited(2))
    }

    @Test func aSoakIsAStrictNight() throws {
        let matrix = "nightly \(tree.path)/configs/matrices/soak.toml"
        #expect(try night("", script: "soak").said == "\(matrix) --budget 30m --strict\n")
        #expect(
            try night("480 --jobs 2", script: "soak").said
                == "\(matrix) --budget 480m --strict --jobs 2\n")
    }

    /// Of a script that is killed nobody is there to forward a signal: the run is told by the kernel.
    @Test func aKilledScriptLeavesNoRun() throws {
        let path = tree.scratch.path
        let kernels = "\(path)/cache/daxtorture/kernels/6.1.0-1-cloud-amd64"
        try Files.makeDirectories(kernels)
        try tree.script(
            "tree/ci/daxtorture",
            """
            trap 'echo TERM >>\(path)/signals; exit 125' TERM
            echo "$*" >>\(path)/calls
            while :; do sleep 0.1; done
            """)
        try tree.script("tree/ci/fetch-kernel", "exit 0")
        let output = try HostFile.memory("output")
        var script = try ChildProcess(
            // Out of the group that goes with the child.
            ["/usr/bin/setsid", "--wait", "bash", "\(tree.path)/ci/prove", "--fs", "xfs-dax"],
            environment: [tree.searchPath, "XDG_CACHE_HOME=\(path)/cache", "HOME=\(path)"],
            output: output, error: output)
        for _ in 0..<600 where !Files.exists("\(path)/calls") {
            try script.wait(milliseconds: 50)
        }
        // The run's traps are set a moment before its first line.
        let pids = TestBench.processes { $0.dropFirst().first == "\(tree.path)/ci/prove" }
        try TestBench.signal("KILL", to: try #require(pids.first))
        for _ in 0..<200 where !Files.exists("\(path)/signals") {
            GuestKernel.sleep(milliseconds: 50)
        }
        #expect(try Files.text("\(path)/signals") == "TERM\n")
    }
}
