import DaxHost
import DaxModel
import DaxReport
import DaxSystem
import DaxText
import Glibc
import TestSupport
import Testing

@testable import DaxMachine

/// What is left of a run that ends before its time: a signal, a panic, a killed QEMU.
///
/// A suite of its own, beside that of whole runs: one of these machines waits most of the time.
@Suite(
    .serialized,
    .enabled(if: TestBench.canBoot, "no QEMU or no kernel here: ci/test brings both"))
struct RunEndTests {
    /// The report directory goes in mid-run: what was found is told all the same, and first.
    @Test func aViolationOutlivesItsReport() throws {
        let program = try Program()
        let output = try HostFile.memory("output")
        let arguments = WholeRun.arguments("xfs-dax", seconds: 4)
        var run = try program.start(
            arguments + ["--mutant", "xfs-truncate-keeps-blocks"], output: output)
        func said() throws -> String { String(decoding: try output.readAll(), as: UTF8.self) }
        var isThere = true
        for _ in 0..<3600 where try run.wait(milliseconds: 50) == nil {
            guard isThere, try said().contains("operations/s") else { continue }
            _ = try ChildProcess.run(["/bin/rm", "-r", program.report], seconds: 60)
            isThere = false
        }
        let lines = try said().split(separator: "\n")
        #expect(run.exit == .exited(1), "\(lines)")
        #expect(!isThere && !Files.exists(program.report))
        let verdict = try #require(lines.firstIndex { $0.hasPrefix("violation: ") }, "\(lines)")
        let complaints = lines[(verdict + 1)...]
        let prefix = "daxtorture: the report is not complete: "
        #expect(complaints.allSatisfy { $0.hasPrefix(prefix) }, "\(lines)")
        for name in ["report.json", "host.json"] {
            let missing = complaints.filter {
                $0.hasPrefix("\(prefix)openat \(program.report)/\(name)")
            }
            #expect(missing.count == 1, "\(name): \(lines)")
        }
    }

    /// Starts a run that would last an hour and, once its progress fits, sends it or its machine a
    /// signal; returns what it said, and whether a machine of it is left.
    private func interrupt(
        _ program: Program, signal: String, _ arguments: [String] = [], toMachine: Bool = false,
        once isFit: (String) -> Bool = { $0.contains("operations/s") },
        meanwhile: () throws -> Void = {}
    ) throws -> (exit: ChildProcess.Exit?, said: String, orphan: Bool) {
        let output = try HostFile.memory("output")
        var run = try program.start(
            WholeRun.arguments("ext4-dax", seconds: 3600) + arguments, output: output)
        func said() throws -> String { String(decoding: try output.readAll(), as: UTF8.self) }
        var machine: [Int] = []
        for _ in 0..<3600 where try run.wait(milliseconds: 50) == nil {
            guard machine.isEmpty, isFit(try said()) else { continue }
            machine = machines(of: program)
            try meanwhile()
            let pids = TestBench.processes { !isMachine($0) && $0.contains(program.report) }
            try TestBench.signal(
                signal, to: try #require(toMachine ? machine.first : pids.first))
        }
        let words = try said()
        #expect(machine.count == 1, "\(words)")
        // The kernel needs a moment to take a machine's memory apart.
        var orphan = true
        for _ in 0..<200 where orphan {
            orphan = !machines(of: program).isEmpty
            if orphan { usleep(50_000) }
        }
        return (run.exit, words, orphan)
    }

    private func isMachine(_ command: [String]) -> Bool {
        command.first?.hasSuffix("qemu-system-x86_64") == true
    }

    /// The machines that have this run's console open.
    private func machines(of program: Program) -> [Int] {
        TestBench.processes(isMachine).filter { pid in
            let open = (try? Files.names(in: "/proc/\(pid)/fd")) ?? []
            return open.contains {
                (try? Files.canonical("/proc/\(pid)/fd/\($0)")) == "\(program.report)/console.log"
            }
        }
    }

    @Test func ctrlCEndsTheRunWithAReport() throws {
        let program = try Program()
        let end = try interrupt(
            program, signal: "INT",
            meanwhile: {
                try program.refuses(
                    ["--fs", "ext4-dax"],
                    "report directory \(program.report): in use by another run")
            })
        // So short a run may have missed something, and then says so.
        #expect(end.exit == .exited(0) || end.exit == .exited(125), "\(end.said)")
        let report = try program.reportRead()
        #expect(report.violationsTotal == 0, "\(report.summary())")
        #expect(report.checks.words > 0)
        #expect(report.duration > 0 && report.duration < 3600)
        #expect(report.interruption?.interrupt == Interrupt(signal: "SIGINT", times: 1))
        #expect(
            end.said.contains("interrupted after \(Figures.seconds(report.duration)) of 3600.0 s"))
        #expect(!end.orphan)
    }

    /// Nobody waits to see what it was worth.
    @Test func aTerminatedRunIsUntested() throws {
        let program = try Program()
        let end = try interrupt(program, signal: "TERM")
        #expect(end.exit == .exited(125), "\(end.said)")
        let report = try program.reportRead()
        #expect(report.violationsTotal == 0, "\(report.summary())")
        #expect(report.checks.words > 0)
        #expect(report.interruption?.interrupt == Interrupt(signal: "SIGTERM", times: 1))
        #expect(!end.orphan)
    }

    /// A service manager stops QEMU, too, and then the guest has no last word. The mutant is found seldom
    /// and hangs nobody: a thousand violations, or an actor that hangs, would end the run before.
    @Test func aViolationThatWasFoundOutlivesTheMachine() throws {
        let program = try Program()
        let end = try interrupt(
            program, signal: "TERM", ["--mutant", "ext4-no-sync-fault"], toMachine: true,
            once: { $0.contains(" violations") && !$0.hasSuffix(" 0 violations\n") })
        #expect(end.exit == .exited(1), "\(end.said)")
        let report = try program.reportRead()
        #expect(report.violations.contains { $0.rule != .kernel })
        #expect(report.vacuity.first?.hasPrefix("interrupted: ") == true, "\(report.vacuity)")
    }

    /// A script that stands for QEMU; `lines` come before the call, of which the last words are `rest`.
    private func script(
        _ program: Program, _ lines: String = "", rest: String = "\"$@\""
    ) throws -> String {
        let qemu = try QEMU.find(cache: Host.cache)
        let words = ["env"] + qemu.environment + [qemu.path] + qemu.dataArguments + [rest]
        try program.write("qemu", "#!/bin/bash\n\(lines)\n\(words.joined(separator: " "))\n")
        let script = "\(program.directory)/qemu"
        _ = try ChildProcess.run(["/bin/chmod", "+x", script], seconds: 30)
        return script
    }

    /// Whether the first quiet point lies behind a line of progress.
    private static func isPastAQuietPoint(_ said: String) -> Bool { said.contains(" overlaps, ") }

    /// A report of what a guest knew that died in mid-run.
    private func checkKnown(_ report: Report) {
        #expect(report.dax.isComplete && report.duration > 0)
        #expect(report.operations.values.contains { $0 > 0 } && report.checks.epochs > 0)
        #expect(report.overlaps.values.contains { $0 > 0 } && !report.coverage.isEmpty)
        #expect(report.checks.words > 0 && !report.latency.isEmpty && report.faults.pte > 0)
        let time = Figures.seconds(report.duration)
        #expect(
            report.notes.contains {
                $0.hasPrefix("the guest ended after the quiet point at \(time),")
            },
            "\(report.notes)")
    }

    @Test func whatAPanicLeaves() throws {
        let program = try Program()
        // An NMI that nobody has an explanation for, by QEMU's monitor.
        let human = "\(program.directory)/human"
        let script = try script(
            program,
            """
            args=()
            for word; do
                if [ "$word" = -append ]; then
                    args+=(-chardev "pipe,id=human,path=\(human)" -mon chardev=human)
                fi
                args+=("${word/rdinit=/unknown_nmi_panic rdinit=}")
            done
            """, rest: "\"${args[@]}\"")
        for end in ["in", "out"] {
            _ = try ChildProcess.run(["/bin/mkfifo", "\(human).\(end)"], seconds: 30)
        }
        let output = try HostFile.memory("output")
        var run = try program.start(
            WholeRun.arguments("ext4-dax", seconds: 3600) + ["--qemu", script], output: output)
        func said() throws -> String { String(decoding: try output.readAll(), as: UTF8.self) }
        var isSent = false
        for _ in 0..<3600 where try run.wait(milliseconds: 50) == nil {
            guard !isSent, Self.isPastAQuietPoint(try said()) else { continue }
            try HostFile.writing("\(human).in").write(Array("nmi\n".utf8).span)
            isSent = true
        }
        let text = try said()
        #expect(run.exit == .exited(1), "\(text)")
        let report = try program.reportRead()
        let summary = report.summary()
        #expect(report.violations.first?.rule == .kernel, "\(summary)")
        checkKnown(report)
    }

    @Test func whatAKilledQEMULeaves() throws {
        let program = try Program()
        let end = try interrupt(
            program, signal: "KILL", toMachine: true, once: Self.isPastAQuietPoint)
        #expect(end.exit == .exited(125), "\(end.said)")
        let report = try program.reportRead()
        #expect(report.vacuity.first?.hasPrefix("QEMU died: signal 9") == true, "\(report.vacuity)")
        checkKnown(report)
    }

    @Test func aKilledRunLeavesNoMachine() throws {
        let program = try Program()
        // The kernel's signal at our death reaches the script alone.
        let script = try script(program)
        let end = try interrupt(program, signal: "KILL", ["--qemu", script])
        #expect(end.exit == .killed(signal: SIGKILL))
        #expect(!Files.exists("\(program.report)/report.json"))
        #expect(!end.orphan)
    }
}
