import DaxHost
import DaxSystem
import TestSupport
import Testing

/// `daxtorture bisect` up to where a machine would boot.
@Suite struct BisectCommandTests {
    private let step = ["bisect", "--step", "--signature", "R3", "--fs", "xfs-dax"]

    private func said(_ run: ChildProcess.Finished) -> String {
        String(decoding: run.output, as: UTF8.self)
    }

    /// `git bisect run` would take 2 for a bad commit, and ends at more than 127.
    @Test func badUsageOfAStepEndsTheBisection() throws {
        for arguments in [
            [], ["--rate", "9/8"], ["--rate", "8/27", "--fs", "no"], ["--rate", "8/27", "--no"],
            ["--rate", "8/27", "--set", "run.no=1"], ["--rate", "8/27", "--kernels", "/"],
            ["--rate", "8/27", "--", "/no/such/builder"],
        ] {
            let run = try Program().run(step + arguments, seconds: 60)
            #expect(run.exit == .exited(128), "\(arguments) \(run.error)")
            #expect(run.error.hasPrefix("daxtorture: "))
        }
    }

    @Test func badUsageOtherwiseIsTwo() throws {
        for arguments in [
            [], ["--kernels", "/no/such"], ["--good", "HEAD"], ["--good", "a", "--bad", "b"],
            ["--kernels", "/", "--measure"], ["--measure", "--mount", "/"],
            ["--measure", "--hits", "0"], ["--measure", "--confidence", "1"],
            ["--measure", "--signature", "R3", "--rate", "8/27"],
            ["--measure", "--", "true", "--step"],
        ] {
            let run = try Program().run(["bisect", "--fs", "xfs-dax"] + arguments, seconds: 60)
            // The last of them is none; it has no kernel.
            let exit: Int32 = arguments.last == "--step" ? 125 : 2
            #expect(run.exit == .exited(exit), "\(arguments) \(run.error)")
        }
    }

    /// What was not built, and what does not boot, is skipped.
    @Test func whatCannotBeTestedIsSkipped() throws {
        let rate = ["--rate", "8/27"]
        for (arguments, reason) in [
            (["--", "/bin/false"], "kernel: untestable: /bin/false failed ("),
            (["--", "/bin/true"], "kernel: untestable: /bin/true left no /no/such/kernel"),
            ([], "kernel: untestable: "),
        ] {
            let program = try Program()
            let kernel = ["--kernel", "/no/such/kernel"]
            let run = try program.run(step + rate + kernel + arguments, seconds: 60)
            #expect(run.exit == .exited(125), "\(run.error)")
            #expect(said(run).contains(reason), "\(said(run))")
            // Each step has a directory of its own.
            _ = try program.run(step + rate + kernel + arguments, seconds: 60)
            #expect(Files.exists("\(program.report)/step-2/bisect.toml"))
        }
    }

    /// Commits of which none can be built: an end cannot be tested, and the tree is left as it was.
    @Test func aTreeIsLeftAsItWas() throws {
        let program = try Program()
        let script = """
            cd \(program.directory); git init -q -b main .
            git config user.email a@b; git config user.name a
            for i in 1 2 3; do echo $i >number; git add number; git commit -qm $i; git tag v$i; done
            \(try TestBench.program("daxtorture")) bisect --good v1 --bad v3 --fs xfs-dax \
            --report \(program.report) -- /bin/false
            echo "status $?, on $(git branch --show-current)"; git bisect log
            """
        let run = try ChildProcess.run(["/bin/bash", "-c", script], seconds: 60)
        #expect(said(run).contains("could not be tested: /bin/false failed ("), "\(run.error)")
        #expect(said(run).hasSuffix("status 125, on main\n"), "\(said(run))")
        #expect(Files.exists("\(program.report)/git-bisect.log"))
    }

    /// By a signal that is meant for it, and by one that it does not see.
    @Test(arguments: ["TERM", "KILL"]) func nothingIsLeftOfOneThatIsEnded(_ signal: String) throws {
        let program = try Program()
        let output = try HostFile.memory("output")
        let builder = "sleep 98\(signal == "TERM" ? 1 : 2); true"
        var bisect = try ChildProcess(
            [try TestBench.program("daxtorture")] + step
                + ["--rate", "8/27", "--report", program.report, "--", "/bin/sh", "-c", builder],
            environment: ChildProcess.environment, output: output, error: output)
        func sleepers() -> [Int] {
            TestBench.processes {
                $0.first == "sleep" && builder.hasPrefix($0.joined(separator: " "))
            }
        }
        for _ in 0..<600 where sleepers().isEmpty && bisect.exit == nil {
            try bisect.wait(milliseconds: 50)
        }
        let sleeper = try #require(sleepers().first)
        let own = TestBench.processes { $0.contains(builder) && $0.contains("--step") }
        try TestBench.signal(signal, to: try #require(own.first))
        for _ in 0..<200 where try bisect.wait(milliseconds: 50) == nil {}
        #expect(bisect.exit == (signal == "TERM" ? .exited(128) : .killed(signal: 9)))
        #expect(!TestBench.remains(sleeper))
    }

    /// What was begun by one config is not gone on with by another.
    @Test func anotherConfigIsAnotherBisection() throws {
        let program = try Program()
        let measure = ["bisect", "--measure", "--fs", "xfs-dax", "--kernel", "/no/such/kernel"]
        #expect(try program.run(measure, seconds: 60).exit == .exited(125))
        // The seed was drawn, and is that of the first.
        #expect(try program.run(measure, seconds: 60).exit == .exited(125))
        for other in [["--duration", "7s"], ["--seed", "1"]] {
            let run = try program.run(measure + other, seconds: 60)
            #expect(run.exit == .exited(2))
            #expect(run.error.contains("holds a bisection by another config or seed"))
        }
    }
}
