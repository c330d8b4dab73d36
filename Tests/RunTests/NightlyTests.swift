import DaxHost
import DaxReport
import DaxSystem
import DaxText
import TestSupport
import Testing

/// ci/nightly, with a script in place of the runs: it leaves a report and says which signal came.
struct NightlyTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch("nightly\(Clock.ticks())")
        for name in ["nightly", "lib.sh"] {
            let bytes = try Files.read("\(Host.repository)/ci/\(name)")
            try scratch.write("ci/\(name)", bytes)
        }
        var report = Report(fs: "ext4-dax", seed: Seed(1))
        report.verdict = .clean
        try scratch.write("clean.json", Array(report.json.text.utf8))
        let run = """
            #!/bin/sh
            case $1 in configs | night) exec \(try TestBench.program("daxtorture")) "$@" ;; esac
            echo "$*" >>\(scratch.path)/calls
            while [ "$1" != --report ]; do shift; done
            mkdir "$2"
            cp \(scratch.path)/clean.json "$2/report.json"
            case $2 in */xfs-dax/reflink|*/xfs-dax/pins)
                [ ! -e \(scratch.path)/fails ] || { cp \(scratch.path)/fails "$2/report.json"; exit 1; }
            esac
            for signal in INT TERM HUP; do
                trap "echo $signal >>\(scratch.path)/signals; exit 125" $signal
            done
            [ ! -e \(scratch.path)/waits ] || while :; do sleep 0.1; done
            """
        try program(run)
        try makeConfigs([])
    }

    /// Makes `script` what stands for a run.
    private func program(_ script: String) throws {
        try scratch.write("ci/daxtorture", Array(script.utf8))
        _ = try ChildProcess.run(
            ["/bin/chmod", "+x", "\(scratch.path)/ci/daxtorture"], seconds: 30)
    }

    private func lines(_ name: String) -> [Substring] {
        ((try? Files.text("\(scratch.path)/\(name)")) ?? "").split(separator: "\n")
    }

    private func command(_ arguments: [String]) -> [String] {
        ["/bin/bash", "\(scratch.path)/ci/nightly"] + arguments
    }

    private var night: [String] { command(["1s", "--reports", "\(scratch.path)/reports"]) }

    @Test func helpIsNoBadUsage() throws {
        let run = try ChildProcess.run(command(["--help"]), seconds: 30)
        #expect(run.exit == .exited(0))
        #expect(String(decoding: run.output, as: UTF8.self).hasPrefix("usage: ci/nightly DURATION"))
        #expect(try ChildProcess.run(command(["--hlep"]), seconds: 30).exit == .exited(2))
    }

    @Test func aNightRunsBoth() throws {
        let run = try ChildProcess.run(night, seconds: 60)
        #expect(run.exit == .exited(0), "\(run.error)")
        #expect(lines("calls").count == 2)
    }

    /// The default and as many others as there is time for; of those that only XFS has ext4 gets none.
    @Test func aLongNightRunsAllConfigs() throws {
        try makeConfigs()
        let run = try ChildProcess.run(
            command(["40s", "--reports", "\(scratch.path)/reports"]), seconds: 60)
        #expect(run.exit == .exited(0), "\(run.error)")
        let calls = lines("calls")
        func count(_ fs: String, _ config: String, _ length: String) -> Int {
            calls.count {
                $0.contains("--fs \(fs) ") && $0.contains("/\(config).toml --duration \(length) ")
            }
        }
        #expect(
            count("ext4-dax", "sync", "13333ms") == 1 && count("ext4-dax", "pins", "13333ms") == 1)
        for config in ["sync", "pins", "reflink"] {
            #expect(count("xfs-dax", config, "10000ms") == 1)
        }
        #expect(calls.count == 3 + 4)
        #expect(calls.count { !$0.contains("--config") } == 2)
    }

    @Test func aShortNightRunsTheDefault() throws {
        try makeConfigs()
        let run = try ChildProcess.run(night, seconds: 60)
        #expect(run.exit == .exited(0), "\(run.error)")
        #expect(
            lines("calls").count == 2 && lines("calls").allSatisfy { $0.contains("--duration 1s ") }
        )
    }

    @Test func soundKernelsGetNoConfigThatIsKnownToFail() throws {
        try makeConfigs()
        let run = try ChildProcess.run(
            command(["40s", "--sound", "--reports", "\(scratch.path)/reports"]), seconds: 60)
        #expect(run.exit == .exited(0), "\(run.error)")
        #expect(
            lines("calls").count { $0.contains("/sync.toml") } == 2 && lines("calls").count == 4)
    }

    /// A violation is known on the kernels that are known to have it, and on no later one.
    @Test(arguments: [("6.12.117", 0), ("6.13.1", 1)] as [(String, Int32)])
    func whatIsKnownIsToldAndDoesNotCount(_ kernel: String, _ exit: Int32) throws {
        try makeConfigs(["sync", "reflink"])
        var report = Report(fs: "xfs-dax", seed: Seed(1))
        (report.verdict, report.kernel) = (.violation, kernel)
        try scratch.write("fails", Array(report.json.text.utf8))
        let run = try ChildProcess.run(
            command(["40s", "--reports", "\(scratch.path)/reports"]), seconds: 60)
        #expect(run.exit == .exited(exit), "\(run.error)")
        let said = String(decoding: run.output, as: UTF8.self)
        #expect(said.contains("violation (known)") == (exit == 0))
        #expect(
            said.contains("reflink on xfs-dax is known to fail up to Linux 6.12: ") == (exit == 0))
    }

    private func makeConfigs(_ names: [String] = ["sync", "pins", "reflink"]) throws {
        for name in ["default"] + names {
            var text = "format = 1\n[fs]\n"
            if name == "reflink" {
                text += "type = \"xfs-dax\"\nreflink = true\n[actor.w]\nrole = \"writer\"\n"
            }
            if ["reflink", "pins"].contains(name) {
                text += "[known-failure]\nuntil = \"6.12\"\nreason = \"a fix\"\n"
            }
            try scratch.write("configs/\(name).toml", Array(text.utf8))
        }
    }

    /// How a night ended that got `signal` during its first run, and what it said.
    private func ended(by signal: String) throws -> (exit: ChildProcess.Exit?, said: String) {
        let output = try HostFile.memory("output")
        var night = try ChildProcess(
            night, environment: ChildProcess.environment, output: output, error: output)
        var isSent = false
        for _ in 0..<600 where try night.wait(milliseconds: 50) == nil {
            guard !isSent, !lines("calls").isEmpty else { continue }
            // The run's traps are set a moment after its first line.
            GuestKernel.sleep(milliseconds: 500)
            let pids = TestBench.processes {
                $0.first == "/bin/bash" && $0.dropFirst().first == "\(scratch.path)/ci/nightly"
            }
            try TestBench.signal(signal, to: try #require(pids.first))
            isSent = true
        }
        let said = String(decoding: try output.readAll(), as: UTF8.self)
        return (night.exit, said)
    }

    /// Sent to the script alone: the run gets it and is waited for, no other begins, and the night is no
    /// good one.
    @Test(arguments: ["TERM", "HUP", "INT"])
    func aSignalEndsTheNight(_ signal: String) throws {
        try scratch.write("waits", [])
        let (exit, said) = try ended(by: signal)
        #expect(exit == .exited(125), "\(said)")
        #expect(lines("signals") == [Substring(signal)])
        #expect(lines("calls").count == 1)
        #expect(
            said.contains(
                "xfs-dax      default   -        -                    never run"
            ))
    }

    /// There is nobody then to forward anything: the run is told by the kernel.
    @Test func aKilledNightLeavesNoRun() throws {
        try scratch.write("waits", [])
        #expect(try ended(by: "KILL").exit == .killed(signal: 9))
        for _ in 0..<200 where lines("signals").isEmpty { GuestKernel.sleep(milliseconds: 50) }
        #expect(lines("signals") == ["TERM"])
    }

    /// Whatever fails on the way, in a script that ends at the first failure.
    @Test func aNightThatCannotBeginIsUntested() throws {
        try scratch.write("file", [])
        let run = try ChildProcess.run(
            command(["1s", "--reports", "\(scratch.path)/file/reports"]), seconds: 60)
        #expect(run.exit == .exited(125) && lines("calls").isEmpty, "\(run.error)")
    }

    /// Such as --version among the arguments: the program is content, and tested nothing.
    @Test func aRunWithoutReportIsUntested() throws {
        try program(
            "#!/bin/sh\ncase $1 in configs | night) exec \(try TestBench.program("daxtorture")) \"$@\" ;; esac\nexit 0\n"
        )
        let run = try ChildProcess.run(night, seconds: 60)
        #expect(run.exit == .exited(125), "\(run.error)")
        #expect(String(decoding: run.output, as: UTF8.self).contains(" no report "))
    }
}
