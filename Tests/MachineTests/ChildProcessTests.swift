import DaxHost
import DaxSystem
import Glibc
import TestSupport
import Testing

@Suite struct ChildProcessTests {
    @Test func returnsWhatACommandDid() throws {
        let run = try ChildProcess.run(
            ["/bin/sh", "-c", "echo out; echo err >&2; exit 7"], seconds: 30)
        #expect(run.exit == .exited(7))
        #expect(run.output == Array("out\n".utf8))
        #expect(run.error == "err\n")
        let killed = try ChildProcess.run(["/bin/sh", "-c", "kill -9 $$"], seconds: 30)
        #expect(killed.exit == .killed(signal: SIGKILL))
    }

    @Test func saysThatThereIsNoProgram() throws {
        #expect(throws: SystemError("execve", code: ENOENT, target: "/nonexistent")) {
            try ChildProcess.run(["/nonexistent"], seconds: 30)
        }
        #expect(throws: SystemError("execve", code: EACCES, target: "/etc/passwd")) {
            try ChildProcess.run(["/etc/passwd"], seconds: 30)
        }
    }

    @Test func endsACommandWhoseTimeIsOver() throws {
        let run = try ChildProcess.run(["/bin/sleep", "1000"], seconds: 0)
        #expect(run.exit == nil)
    }

    /// The number that a script prints first: the process that it started beside itself.
    private func started(_ output: [UInt8]) throws -> Int {
        let line = String(decoding: output, as: UTF8.self).split(separator: "\n").first
        return try #require(line.flatMap { Int($0) })
    }

    @Test func takesWhatItStartedAlong() throws {
        let script = "sleep 1000 & echo $!"
        let late = try ChildProcess.run(["/bin/sh", "-c", script + "; wait"], seconds: 1)
        #expect(late.exit == nil)
        #expect(!TestBench.remains(try started(late.output)))
        let ended = try ChildProcess.run(["/bin/sh", "-c", script], seconds: 30)
        #expect(ended.exit == .exited(0))
        #expect(!TestBench.remains(try started(ended.output)))
    }

    /// The kernel's signal at the death of a parent does not reach so far.
    @Test func aGuardedOneLeavesNothingToAParentThatIsKilled() throws {
        let scratch = try Scratch()
        let said = "\(scratch.path)/said"
        let output = try HostFile.memory("output")
        var parent = try ChildProcess(
            [
                "/bin/sh", "-c", "exec \"$@\"", "sh", try TestBench.probe(), "guarded", said,
                "sleep 1000 & echo $!; wait",
            ], environment: ChildProcess.environment, output: output, error: output)
        for _ in 0..<600 where ((try? Files.read(said)) ?? []).isEmpty {
            try parent.wait(milliseconds: 50)
        }
        let grandchild = try started(try Files.read(said))
        let pid = try #require(
            TestBench.processes { $0.contains(said) && $0[1] == "guarded" }.first)
        try TestBench.signal("KILL", to: pid)
        while try parent.wait(milliseconds: -1) == nil {}
        #expect(parent.exit == .killed(signal: SIGKILL))
        #expect(!TestBench.remains(grandchild))
    }

    @Test func inheritsOnlyWhatWasGiven() throws {
        let given = try HostFile.memory("given")
        let kept = try HostFile.memory("kept")
        let output = try HostFile.memory("output")
        var child = try ChildProcess(
            ["/bin/ls", "/proc/self/fd"], environment: ["A=1"], output: output, error: output,
            inherited: [given.descriptor])
        while try child.wait(milliseconds: -1) == nil {}
        let open = String(decoding: try output.readAll(), as: UTF8.self)
            .split(separator: "\n").compactMap { Int32($0) }
        // One more is ls's own, on the directory that it lists: the lowest that is free.
        let own: Int32 = given.descriptor == 3 ? 4 : 3
        #expect(Set(open) == [0, 1, 2, given.descriptor, own])
        #expect(kept.descriptor != given.descriptor)
    }

    /// The process group a child is in is its own, so that a terminal's Ctrl-C passes it by.
    @Test func standsInAGroupOfItsOwn() throws {
        let run = try ChildProcess.run(
            ["/bin/sh", "-c", "echo $$; ps -o pgid= -p $$"], seconds: 30)
        let numbers = String(decoding: run.output, as: UTF8.self).split { " \n".contains($0) }
        #expect(numbers.count == 2 && numbers[0] == numbers[1])
    }

    /// Its output is in memory: what writes without an end is ended, long before its time is over.
    @Test func endsACommandThatWritesTooMuch() throws {
        let scratch = try Scratch()
        for stream in ["", " >&2"] {
            let script =
                "head -c 100000 /dev/zero\(stream); sleep 2; : >\(scratch.path)/went-on"
            let run = try ChildProcess.run(["/bin/sh", "-c", script], seconds: 60, most: 65536)
            #expect(run.exit == nil && run.isCutShort)
            #expect(run.output.count == (stream.isEmpty ? 65536 : 0))
            #expect(run.error.utf8.count == (stream.isEmpty ? 0 : 65536))
        }
        #expect(!Files.exists("\(scratch.path)/went-on"))
        let whole = try ChildProcess.run(
            ["/usr/bin/head", "-c9", "/dev/zero"], seconds: 30, most: 9)
        #expect(whole.exit == .exited(0) && !whole.isCutShort && whole.output.count == 9)
    }
}
