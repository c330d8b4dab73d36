import DaxHost
import DaxSystem
import DaxText
import Glibc
import TestSupport
import Testing

@testable import DaxMachine

/// Real boots. Each takes some seconds, so that there are few and each proves several things.
@Suite(
    .serialized,
    .enabled(if: TestBench.canBoot, "no QEMU or no kernel here: ci/test brings both"))
struct MachineBootTests {
    private struct Boot {
        var run: MachineRun
        var progress: [String]
        var console: ConsoleLog
    }

    private func boot(
        _ config: String, in scratch: Scratch,
        _ change: (inout Machine, inout MachineLimits) -> Void = { _, _ in }
    ) throws -> Boot {
        var (machine, kernel) = try TestBench.machine()
        var limits = MachineLimits(run: 120)
        change(&machine, &limits)
        var progress: [String] = []
        let run = try machine.run(
            try TestBench.initramfs(for: kernel), config: Array(config.utf8),
            in: Directory(scratch.path), limits: limits
        ) { progress.append($0) }
        let console = ConsoleLog(try Files.read("\(scratch.path)/console.log"))
        return Boot(run: run, progress: progress, console: console)
    }

    @Test func comesUpWithDAXAndSendsAnArtifact() throws {
        let scratch = try Scratch()
        let boot = try boot("file dax", in: scratch)
        #expect(boot.run.outcome == .finished(status: 0), "\(boot.run.lastLines)")
        #expect(boot.progress == ["sent true", "dax mounted"])
        #expect(boot.run.kernelRelease == (try TestBench.machine().1.image.release))
        #expect(boot.run.initramfsSize <= 40 << 20)
        let digests = try #require(boot.run.digests)
        for (file, digest) in [
            (try TestBench.machine().1.image.path, digests.kernel),
            (try TestBench.machine().0.qemu.path, digests.qemu),
        ] {
            let told = try ChildProcess.run(["/usr/bin/sha256sum", file], seconds: 60).output
            #expect(String(decoding: told.prefix(64), as: UTF8.self) == digest)
        }
        #expect(digests.initramfs != digests.kernel && digests.modules["nd_pmem"] != nil)
        // The same bytes as Probe.artifact.
        #expect(Array(boot.run.files.keys) == ["artifact.bin"])
        let artifact = try #require(boot.run.files["artifact.bin"])
        #expect(artifact.count == 30 * 1_048_583)
        for piece in 0..<30 {
            let part = artifact[piece * 1_048_583..<(piece + 1) * 1_048_583]
            #expect(Array(part) == [UInt8](repeating: UInt8(piece), count: 1_048_583))
        }
        // An ordinary boot and an ordinary mount are no report.
        #expect(boot.run.reports.isEmpty, "\(boot.run.reports)")
        #expect(boot.console.lines.contains { $0.contains("EXT4-fs (pmem0): mounted") })
    }

    @Test func aPanicLeavesWhatCameBefore() throws {
        let scratch = try Scratch()
        let boot = try boot("file keep panic", in: scratch)
        #expect(boot.run.outcome == .panicked)
        #expect(boot.run.latest == Array("2".utf8))
        #expect(boot.progress == ["sent true"])
        #expect(boot.run.files["artifact.bin"]?.count == 30 * 1_048_583)
        #expect(boot.run.lastLines.count == 50)
        #expect(boot.run.reports.contains { $0.kind == .panic })
    }

    /// QEMU ends with status 0 then, too.
    @Test(arguments: ["TERM", "HUP"])
    func aSignalToQEMUIsNoReset(_ signal: String) throws {
        let scratch = try Scratch()
        let (machine, kernel) = try TestBench.machine()
        let mark = "machine-probe=\(scratch.path)"
        var marked = machine
        marked.kernelArguments = [mark]
        var sent = false
        let run = try marked.run(
            try TestBench.initramfs(for: kernel), config: Array("tick".utf8),
            in: Directory(scratch.path), limits: MachineLimits(run: 120)
        ) { _ in
            if sent { return }
            sent = true
            for pid in TestBench.processes({ $0.contains { $0.contains(mark) } }) {
                try? TestBench.signal(signal, to: pid)
            }
        }
        guard case .qemuStopped(let reason) = run.outcome else {
            Issue.record("\(run.outcome)")
            return
        }
        #expect(reason.contains("terminating on signal"))
    }

    @Test func aHangEnds() throws {
        let boot = try boot("hang", in: try Scratch()) { $1.silence = 2 }
        // Or four times as long as the boot took.
        guard case .hung(let seconds) = boot.run.outcome else {
            Issue.record("\(boot.run.outcome)")
            return
        }
        #expect(seconds >= 2 && seconds <= 120)
    }

    @Test func aGuestWithoutInitNeverBooted() throws {
        let boot = try boot("", in: try Scratch()) { machine, _ in
            machine.kernelArguments = ["rdinit=/nonexistent"]
        }
        guard case .neverBooted = boot.run.outcome else {
            Issue.record("\(boot.run.outcome)")
            return
        }
        #expect(boot.run.lastLines.contains { $0.contains("Kernel panic") })
    }

    @Test func aGuestWithoutItsDeviceSaysSo() throws {
        let scratch = try Scratch()
        var (machine, _) = try TestBench.machine()
        machine.acceleration = .tcg
        // No modules: on a distribution's kernel that means no persistent memory.
        let run = try machine.run(
            try Initramfs(program: TestBench.probe()), config: [], in: Directory(scratch.path),
            limits: MachineLimits(run: 60)
        ) { _ in }
        guard case .neverBooted(let reason) = run.outcome else {
            Issue.record("\(run.outcome)")
            return
        }
        #expect(reason.contains("/dev/pmem0"))
    }

    /// As with --kernel and no --modules.
    @Test func aKernelWithoutItsModulesIsToldWhichAreMissing() throws {
        let scratch = try Scratch()
        var (machine, _) = try TestBench.machine()
        machine.acceleration = .tcg
        var initramfs = try Initramfs(program: TestBench.probe())
        initramfs.require(builtIn: machine.persistentDevice.modules + ["xfs"])
        let run = try machine.run(
            initramfs, config: [], in: Directory(scratch.path), limits: MachineLimits(run: 60)
        ) { _ in }
        guard case .neverBooted(let reason) = run.outcome else {
            Issue.record("\(run.outcome)")
            return
        }
        #expect(reason.hasPrefix("the kernel came without --modules, and has no "), "\(reason)")
        #expect(reason.contains("nd_pmem, ") && reason.contains("xfs built in: give"))
    }

    // MARK: KVM that was thought to work

    /// Runs `config` under KVM by a QEMU that has none, which a memory says works; whether the user
    /// insists. With the memory's answer afterwards.
    private func bootUnderKVM(_ config: String, _ scratch: Scratch, isInsistedOn: Bool) throws -> (
        Boot, answer: String?
    ) {
        let wrapper = "\(scratch.path)/qemu"
        let memory = KVMMemory(path: "\(scratch.path)/kvm-trial")
        memory.keep("", to: "here")
        let boot = try boot(config, in: scratch) { machine, _ in
            try? Script.write(
                wrapper,
                "#!/bin/sh\ncase \"$*\" in *' kvm '*) echo 'no MSR 0x10a' >&2; exit 1 ;; esac\n"
                    + "exec \(machine.qemu.path) \"$@\"\n")
            machine.qemu.path = wrapper
            machine.acceleration = .kvm
            machine.trustInKVM = KVMTrust(
                memory: memory, question: "here", isInsistedOn: isInsistedOn)
        }
        return (boot, memory.answer(to: "here"))
    }

    @Test func aKVMThatDoesNotBootIsWithdrawnAndDoneWithout() throws {
        let scratch = try Scratch()
        let (boot, answer) = try bootUnderKVM("dax", scratch, isInsistedOn: false)
        #expect(boot.run.outcome == .finished(status: 0), "\(boot.run.lastLines)")
        #expect(boot.run.acceleration == .tcg)
        #expect(boot.run.failureOfKVM?.contains("no MSR 0x10a") == true)
        #expect(boot.progress.first?.hasPrefix("KVM does not boot it (") == true)
        // It is not tried again as long as the host is up.
        #expect(answer == boot.run.failureOfKVM)
        #expect(Files.exists("\(scratch.path)/console-kvm.log"))
    }

    @Test func aKVMThatIsInsistedOnIsWithdrawnAlone() throws {
        let (boot, answer) = try bootUnderKVM("", try Scratch(), isInsistedOn: true)
        guard case .qemuDied = boot.run.outcome else {
            Issue.record("\(boot.run.outcome)")
            return
        }
        #expect(boot.run.failureOfKVM == nil && boot.progress.isEmpty)
        #expect(answer == nil)
    }

    @Test func aBrokenQEMUSaysWhy() throws {
        let boot = try boot("", in: try Scratch()) { machine, _ in
            machine.qemu.dataArguments += ["-no-such-option"]
        }
        guard case .qemuDied(let reason) = boot.run.outcome else {
            Issue.record("\(boot.run.outcome)")
            return
        }
        #expect(reason.contains("no-such-option"))
    }

    /// A QEMU that is silent the first time and dies the second.
    private func bootSilently(_ scratch: Scratch, seed: UInt64?) throws -> Boot {
        let qemu = "\(scratch.path)/qemu"
        let script = "#!/bin/sh\nmkdir \(qemu).ran && exec sleep 100\nexit 3\n"
        try Script.write(qemu, script)
        return try boot("", in: scratch) { machine, limits in
            machine.qemu.path = qemu
            machine.seed = seed
            limits.boot = 2
        }
    }

    @Test func aSilentMachineIsBootedOnceMore() throws {
        let scratch = try Scratch()
        let boot = try bootSilently(scratch, seed: nil)
        guard case .qemuDied = boot.run.outcome else {
            Issue.record("\(boot.run.outcome)")
            return
        }
        #expect(boot.run.silentBoots == 1)
        #expect(boot.progress == ["no sign of life in 2 s: booting once more"])
        #expect(Files.exists("\(scratch.path)/console-silent.log"))
    }

    /// What is a function of the seed would be as silent again.
    @Test func aSilentDeterministicMachineIsNot() throws {
        let boot = try bootSilently(try Scratch(), seed: 1)
        #expect(boot.run.outcome == .silent(seconds: 2))
        #expect(boot.run.silentBoots == 0)
    }

    @Test func aReportDirectoryIsNotOverwritten() throws {
        let scratch = try Scratch()
        try scratch.write("console.log", [1])
        #expect(throws: MachineError.self) { try boot("", in: scratch) }
        #expect(try Files.read("\(scratch.path)/console.log") == [1])
    }

    @Test func theSeedDecidesEverything() throws {
        func run(_ name: String, seed: UInt64) throws -> Boot {
            let inner = try Scratch("seed-\(name)")
            return try boot("random dax", in: inner) { machine, _ in machine.seed = seed }
        }
        let one = try run("one", seed: 7)
        let same = try run("same", seed: 7)
        let other = try run("other", seed: 8)
        #expect(one.run.outcome == .finished(status: 0), "\(one.run.lastLines)")
        #expect(one.console == same.console)
        #expect(one.progress == same.progress)
        #expect(one.progress.first != other.progress.first)
    }

    // MARK: the command's own end

    /// Starts a host of its own, waits until its guest ticks, sends it a signal, and returns what
    /// it said and whether a QEMU of it is left.
    private func interrupt(_ scratch: Scratch, signal: String) throws -> (
        said: String, orphan: Bool
    ) {
        let output = try HostFile.memory("output")
        var host = try ChildProcess(
            [try TestBench.probe(), scratch.path, "tick"], environment: ChildProcess.environment,
            output: output, error: output)
        var sent = false
        let deadline = monotonicMilliseconds() + 120_000
        while try host.wait(milliseconds: 50) == nil, monotonicMilliseconds() < deadline {
            let said = String(decoding: try output.readAll(), as: UTF8.self)
            if !sent && said.contains("tick") {
                sent = true
                let hosts = TestBench.processes { $0.dropFirst().first == scratch.path }
                let pid = try #require(hosts.first)
                try TestBench.signal(signal, to: pid)
            }
        }
        // The kernel needs a moment to take a machine's memory apart.
        var orphan = true
        for _ in 0..<200 where orphan {
            orphan = !TestBench.processes {
                $0.contains { $0.contains("machine-probe=\(scratch.path)") }
            }
            .isEmpty
            if orphan { usleep(50_000) }
        }
        return (String(decoding: try output.readAll(), as: UTF8.self), orphan)
    }

    @Test func ctrlCEndsTheRunInGoodOrder() throws {
        let (said, orphan) = try interrupt(try Scratch(), signal: "INT")
        #expect(said.contains("asked to stop"))
        #expect(said.contains("outcome finished(status: 0)"))
        #expect(!orphan)
    }

    @Test func aKilledCommandLeavesNoMachine() throws {
        let (said, orphan) = try interrupt(try Scratch(), signal: "KILL")
        #expect(said.contains("tick"))
        #expect(!said.contains("outcome"))
        #expect(!orphan)
    }
}
