import DaxHost
import DaxSystem
import Testing

@testable import DaxMachine

/// What the host makes of a machine's silence and of its end, with a script in QEMU's place.
@Suite struct MachineWatchTests {
    /// A clock of which each look takes `step` nanoseconds, and one of them `jump`.
    private final class FakeClock {
        private let step: UInt64
        private let jump: UInt64
        private var looks: UInt64 = 0

        init(step: UInt64, jump: UInt64 = 0) { (self.step, self.jump) = (step, jump) }

        func now() -> UInt64 {
            looks += 1
            return looks * step + (looks > 4 ? jump : 0)
        }
    }

    private let second: UInt64 = 1_000_000_000

    /// A guest that says hello and nothing else; QEMU is `script`.
    private func outcome(
        _ script: String, limits: MachineLimits, clock: FakeClock
    ) throws -> MachineRun {
        let memory = try HostFile.memory("outbox", size: 4 << 20)
        let outbox = Outbox(over: try SharedFile(mapping: memory, size: 4 << 20))
        outbox.hello(kernel: "6.1")
        outbox.keepLatest([1, 2, 3])
        let errors = try HostFile.memory("errors")
        var watch = MachineWatch(
            child: try ChildProcess(
                ["/bin/sh", "-c", script], environment: ChildProcess.environment, output: errors,
                error: errors),
            reader: OutboxReader(over: try SharedFile(mapping: memory, size: 4 << 20)),
            monitor: try QEMUMonitor(), limits: limits, deterministic: false, clock: clock.now)
        var run = MachineRun(outcome: .interrupted, initramfsSize: 0, commandLine: "")
        try watch.follow(&run) { _ in }
        return run
    }

    /// A debugger, or whoever stopped QEMU alone, is no fault of the guest's.
    @Test func aStoppedQEMUIsNotSilent() throws {
        var limits = MachineLimits(run: 1000)
        limits.silence = 2
        let run = try outcome(
            "(sleep 1; kill -CONT $$) & kill -STOP $$; exit 0", limits: limits,
            clock: FakeClock(step: second / 10))
        #expect(run.outcome == .qemuDied(reason: "exit status 0, without a reason"))
        #expect(run.longestGap >= 2 * second)
    }

    @Test func silenceIsAHang() throws {
        var limits = MachineLimits(run: 1000)
        limits.silence = 2
        let run = try outcome("sleep 1000", limits: limits, clock: FakeClock(step: second / 10))
        #expect(run.outcome == .hung(seconds: 2))
        #expect(run.latest == [1, 2, 3])
    }

    /// Host and machine were stopped together, and went on: it says nothing of the guest.
    @Test func aStopOfTheHostIsNoSilence() throws {
        let clock = FakeClock(step: second / 1000, jump: 3600 * second)
        var limits = MachineLimits(run: 1000)
        limits.silence = 120
        let run = try outcome("sleep 0.5; exit 3", limits: limits, clock: clock)
        #expect(run.outcome == .qemuDied(reason: "exit status 3"))
        #expect(run.longestGap >= 3600 * second)
    }

    /// An exit status of 0 is no proof that the guest's machine reset itself.
    @Test func anEndWithoutAReasonIsNoReset() throws {
        let run = try outcome(
            "exit 0", limits: MachineLimits(run: 1000), clock: FakeClock(step: second / 1000))
        #expect(run.outcome == .qemuDied(reason: "exit status 0, without a reason"))
        #expect(run.latest == [1, 2, 3])
    }
}

@Suite struct QEMUMonitorTests {
    private func shutdown(_ guest: Bool, _ reason: String) -> QEMUMonitor.Shutdown? {
        QEMUMonitor.shutdown(in: [
            #"{"QMP": {"version": {"qemu": {"micro": 2, "minor": 0, "major": 10}}}}"#,
            #"{"return": {}}"#,
            #"{"timestamp": {"seconds": 1, "microseconds": 9}, "event": "SHUTDOWN", "#
                + #""data": {"guest": \#(guest), "reason": "\#(reason)"}}"#,
            #"{"timestamp": {"sec"#,
        ])
    }

    @Test func tellsAResetFromASignal() {
        #expect(shutdown(true, "guest-reset") == .reset)
        #expect(shutdown(true, "guest-panic") == .reset)
        #expect(shutdown(true, "guest-shutdown") == .switchedOff)
        #expect(shutdown(false, "host-signal") == .signal)
        #expect(shutdown(false, "host-error") == .other("host-error"))
    }

    @Test func doesNotGuess() {
        #expect(QEMUMonitor.shutdown(in: []) == nil)
        #expect(
            QEMUMonitor.shutdown(in: [#"{"event": "RESET", "data": {"reason": "guest-reset"}}"#])
                == nil)
    }
}
