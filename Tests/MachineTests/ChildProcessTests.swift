import DaxSystem
import Glibc
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
}
