import DaxHost
import DaxSystem
import TestSupport
import Testing

@testable import DaxMachine

@Suite struct AccelerationTests {
    @Test func remembersAnAnswerForItsQuestionOnly() throws {
        let scratch = try Scratch()
        let memory = KVMMemory(path: "\(scratch.path)/new/kvm")
        #expect(memory.answer(to: "boot 1") == nil)
        memory.keep("hangs", to: "boot 1")
        #expect(memory.answer(to: "boot 1") == "hangs")
        #expect(memory.answer(to: "boot 2") == nil)
        memory.keep("", to: "boot 2")
        #expect(memory.answer(to: "boot 2") == "")
        try scratch.write("new/kvm", Array("boot 2".utf8))
        #expect(memory.answer(to: "boot 2") == nil)
    }

    /// Whoever opens a FIFO waits for a writer; this one has one, so that nothing hangs here.
    @Test func whatIsNoFileHoldsNoAnswer() throws {
        let scratch = try Scratch()
        let path = "\(scratch.path)/kvm-trial"
        _ = try ChildProcess.run(["/usr/bin/mkfifo", path], seconds: 30)
        let output = try HostFile.memory("output")
        let writer = try ChildProcess(
            ["/bin/sh", "-c", "printf 'boot 1\\nhangs\\n' >\(path)"],
            environment: ChildProcess.environment, output: output, error: output)
        #expect(KVMMemory(path: path).answer(to: "boot 1") == nil)
        _ = consume writer
    }

    private func log(_ text: String) -> ConsoleLog { ConsoleLog(Array(text.utf8)) }

    @Test func believesOnlyAKernelThatGotThrough() {
        let good = log(
            "[0.1] Linux version 6.1\r\n"
                + "[1.0] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)"
        )
        let half = log("[0.1] Linux version 6.1\r\n[0.2] Probing EDD")
        #expect(KVMTrial.verdict(exit: .exited(0), console: good, errors: log("")) == nil)
        #expect(
            KVMTrial.verdict(exit: nil, console: half, errors: log(""))?.contains("15 s") == true)
        #expect(KVMTrial.verdict(exit: .exited(0), console: half, errors: log("")) != nil)
        #expect(KVMTrial.verdict(exit: .exited(0), console: log(""), errors: log("")) != nil)
        #expect(
            KVMTrial.verdict(
                exit: .killed(signal: 6), console: half,
                errors: log("error: failed to set MSR 0x10a"))
                == "error: failed to set MSR 0x10a")
    }
}
