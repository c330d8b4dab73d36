import DaxHost
import DaxSystem
import Glibc
import TestSupport
import Testing

/// Signals that come before there is a machine, while a QEMU that hangs is asked what it is.
@Suite(.enabled(if: TestBench.canBoot, "no kernel here, whose absence would come first"))
struct InterruptedStartTests {
    /// Runs the program until its QEMU has started a process of its own, sends it a signal, and gives how
    /// it ended, what it said, and that process.
    private func end(
        by signal: String, _ arguments: [String], _ function: String = #function
    ) throws -> (exit: ChildProcess.Exit?, said: String, started: Int) {
        let program = try Program(signal + function)
        let qemu = "\(program.directory)/qemu"
        try program.write("qemu", "#!/bin/sh\nsleep 1000 &\necho $! >\(qemu).started\nwait\n")
        _ = try ChildProcess.run(["/bin/chmod", "+x", qemu], seconds: 30)
        let output = try HostFile.memory("output")
        var run = try program.start(
            arguments + ["--fs", "ext4-dax", "--qemu", qemu], output: output)
        var started: Int?
        for _ in 0..<600 where try started == nil && run.wait(milliseconds: 50) == nil {
            let text = (try? Files.text("\(qemu).started")) ?? ""
            guard text.hasSuffix("\n") else { continue }
            started = Int(text.dropLast())
            let pids = TestBench.processes { $0.contains(program.report) && $0.contains(qemu) }
            try TestBench.signal(signal, to: try #require(pids.first))
        }
        for _ in 0..<200 where try run.wait(milliseconds: 50) == nil {}
        let said = String(decoding: try output.readAll(), as: UTF8.self)
        return (run.exit, said, try #require(started, "\(said)"))
    }

    /// It was waited for while gigabytes of its answer were read.
    @Test func anAnswerWithoutAnEndIsNone() throws {
        let program = try Program()
        try program.write("qemu", "#!/bin/sh\nexec yes\n")
        let qemu = "\(program.directory)/qemu"
        try program.refuses(
            ["--fs", "ext4-dax", "--qemu", qemu], exit: 125,
            "\(qemu): it is no program that may be executed")
        _ = try ChildProcess.run(["/bin/chmod", "+x", qemu], seconds: 30)
        try program.refuses(
            ["--fs", "ext4-dax", "--qemu", qemu], exit: 125,
            "\(qemu): its answer to --version has more than 1 MiB: it is no QEMU")
    }

    @Test(arguments: ["TERM", "INT"])
    func aSignalEndsIt(_ signal: String) throws {
        let end = try end(by: signal, [])
        #expect(end.exit == .exited(125), "\(end.said)")
        #expect(end.said.hasSuffix("daxtorture: interrupted before the machine was started\n"))
        #expect(!TestBench.remains(end.started))
    }

    @Test func aKilledOneLeavesNothingOfQEMU() throws {
        let end = try end(by: "KILL", [])
        #expect(end.exit == .killed(signal: SIGKILL))
        #expect(!TestBench.remains(end.started))
    }
}
