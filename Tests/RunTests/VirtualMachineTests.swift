import DaxHost
import DaxModel
import DaxReport
import DaxSystem
import DaxText
import Glibc
import TestSupport
import Testing

@testable import DaxMachine

/// Whole runs on real DAX. Each takes the better part of a minute, so that there are few.
@Suite(
    .serialized,
    .enabled(if: TestBench.canBoot, "no QEMU or no kernel here: ci/test brings both"))
struct VirtualMachineTests {
    @Test(arguments: ["ext4-dax", "xfs-dax"])
    func aSoundKernelIsClean(_ filesystem: String) throws {
        // A kernel that cannot exchange ranges refuses to mount what is made for it at first.
        let exchange = filesystem == "xfs-dax" ? ["--set", "fs.exchange=true"] : []
        var run = try WholeRun.of(WholeRun.arguments(filesystem, seconds: 3) + exchange)
        // A host with much else to do needs longer for what must happen, and for nothing else.
        if run.report.verdict == .untested {
            run = try WholeRun.of(WholeRun.arguments(filesystem, seconds: 20) + exchange)
        }
        let report = run.report
        #expect(run.exit == .exited(0), "\(run.said)")
        #expect(report.verdict == .clean, "\(report.summary())")
        if !exchange.isEmpty && report.kernel?.hasPrefix("6.1.") == true {
            #expect(report.notes.contains { $0.hasPrefix("no exchange range: ") })
        }
        // The filesystem's own checker was content, and could do its work.
        #expect(!report.notes.contains { $0.contains("was not checked") })
        #expect(report.fs == filesystem)
        #expect(report.dax.isComplete)
        #expect(report.faults.pte > 0 && report.faults.pmd > 0)
        // Mappings that no PMD can map are among what faulters make.
        #expect(report.faults.fellBack > 0)
        #expect(report.overlaps.count == 10 && report.overlaps.values.allSatisfy { $0 > 0 })
        // Two faulters and two writers, so two cells more, and three columns but where neither of
        // io, puncher and truncater faults. Each fault was in some access, so something overlapped
        // with one.
        #expect(report.coverage.count == 12)
        #expect(report.coverage.filter { $0.pte == nil && $0.pmd == nil }.count == 3)
        #expect(report.coverage.reduce(0) { $0 + ($1.pte ?? 0) } > 0)
        for cell in report.coverage where cell.a != cell.b {
            #expect(
                report.overlaps[Report.pair(cell.a, cell.b)]
                    == cell.none + (cell.pte ?? 0) + (cell.pmd ?? 0))
        }
        #expect(report.sigbus.justified > 0)
        #expect(report.sigbus.unjustified == 0 && report.sigbus.missing == 0)
        #expect(report.sigbus.taken == report.sigbus.accounted)
        #expect(report.checks.words > 0)
        #expect(report.power[.sigbusForSuccess].tried > 0 && report.decided.racing.words > 0)
        #expect(
            report.notes.contains { $0.hasPrefix("before mkfs the first 256MiB of the device") })
        let clock = try #require(report.clock)
        #expect(clock.cpus == 2 && clock.slack >= max(clock.before, 1000) && clock.after != nil)
        let space = try #require(report.space)
        #expect(space.violation == nil && space.after > 512 << 20)
        #expect(report.memory.logs > 0 && report.memory.judgePeak > 0)
        #expect(report.memory.logs + report.memory.judgePeak <= report.memory.budget)
        #expect(run.lastLine.hasPrefix("clean: "))
    }

    /// Files of the actors' own, writeback, full and frozen filesystems, remounts.
    @Test(arguments: ["ext4-dax", "xfs-dax"])
    func whatGoesOnAroundTheFilesIsClean(_ filesystem: String) throws {
        let run = try WholeRun.of(
            WholeRun.arguments(filesystem, seconds: 4) + [
                "--config", "\(Host.repository)/configs/churn.toml",
            ])
        let report = run.report
        #expect(report.violationsTotal == 0, "\(report.summary())")
        // How much of it there is in so short a time, the machine decides.
        for kind in ["own store", "own load", "syncfs", "fill", "freeze", "dax flag"] {
            #expect(report.operations[kind, default: 0] > 0, "\(kind)")
        }
        #expect(report.sigbus.taken == report.sigbus.accounted)
        let space = try #require(report.space)
        #expect(space.violation == nil)
    }

    /// The actors do without DAX, too, MAP_SYNC and the traces of DAX excepted: or there would be
    /// nothing to compare with.
    @Test func withoutDAXASoundKernelIsNotAccused() throws {
        let run = try WholeRun.of(
            WholeRun.arguments("ext4-dax", seconds: 2) + ["--set", "fs.dax=never"])
        #expect(run.exit == .exited(125), "\(run.said)")
        #expect(run.report.violationsTotal == 0, "\(run.report.summary())")
        #expect(run.report.vacuity.contains("no file was on DAX, since fs.dax is never"))
        #expect(run.report.checks.words > 0)
    }

    @Test func aViolationIsRepeatedWithoutDAX() throws {
        let run = try WholeRun.of(
            WholeRun.arguments("xfs-dax", seconds: 2) + [
                "--mutant", "xfs-truncate-keeps-blocks", "--differential",
            ])
        #expect(run.exit == .exited(1), "\(run.said)")
        // What is broken is the filesystem's own.
        let differential = try #require(run.report.differential)
        #expect(differential.conclusion == "also without DAX", "\(differential.told)")
        #expect(differential.rule == .bystanders)
        #expect(run.said.contains("now the second half: the same, seed 0x"))
        // The table is printed before that, and not once more.
        #expect(run.said.split(separator: "\n").count { $0.contains("no fault   ") } == 1)
        #expect(run.said.contains("without DAX: 0:"))
    }

    /// A benchmark says what it measured, and is never clean.
    @Test func aComparisonIsUntested() throws {
        let run = try WholeRun.of(
            WholeRun.arguments("ext4-dax", seconds: 1) + ["--set", "oracle.compare=1"])
        #expect(run.exit == .exited(125), "\(run.said)")
        #expect(run.report.violationsTotal == 0, "\(run.report.summary())")
        #expect(run.report.notes.contains { $0.hasPrefix("with checks: ") })
        #expect(run.report.notes.contains { $0.hasPrefix("without checks: ") })
        #expect(run.report.notes.contains { $0.contains("; ratio ") })
        #expect(run.report.checks.words > 0)
    }

    @Test func withoutChecksNothingIsClean() throws {
        let run = try WholeRun.of(
            WholeRun.arguments("ext4-dax", seconds: 1) + ["--set", "oracle.check=false"])
        #expect(run.exit == .exited(125), "\(run.said)")
        #expect(run.report.verdict == .untested && run.report.checks.words == 0)
        #expect(
            run.report.vacuity.contains("oracle.check is false: quiet points checked nothing"))
    }

    /// What makes the green ones mean something: kernels that leave freed blocks mapped, or in their
    /// file, are found out, and the one that they are made from is not accused.
    @Test(arguments: [
        // No stale mapping of XFS's: a store or a pin that meets one faults for ever, and whether that
        // ends the run before anything is wrong with data is a matter of luck.
        (
            ["ext4-dax-control", "ext4-stale-mapping", "xfs-punch-keeps-blocks"],
            "actor.recycle.count=0"
        ),
        // Shows in no byte: only the space of an empty file tells, a recycler's.
        (["xfs-truncate-keeps-blocks"], "actor.recycle.count=1"),
    ])
    func aSmallProofIsComplete(_ subjects: [String], _ recyclers: String) throws {
        let program = try Program()
        let run = try program.run(
            [
                "prove", "--seeds", "1", "--duration", "6s", "--jobs", "1",
                "--configs", "\(Host.repository)/configs/bugs",
                "--set", "run.epoch=500ms", "--set", "fs.file-size=4MiB",
                // So would a warning of the kernel's.
                "--set", "run.until=duration", "--set", recyclers,
            ] + subjects.flatMap { ["--only", $0] }, seconds: 600)
        let said = run.error + String(decoding: run.output, as: UTF8.self)
        #expect(run.exit == .exited(0), "\(said)")
        let json = try JSON(Files.read("\(program.report)/prove.json"))
        #expect(json["proved"] == .bool(true))
        let proofs = try #require(json["proofs"]?.values)
        #expect(proofs.map { $0["subject"] } == subjects.map { .string($0) })
        for proof in proofs where proof["subject"] != .string("ext4-dax-control") {
            // R10 alone would be the kernel's own complaint.
            let byData: [JSON] = ["R1", "R3", "R5", "R7", "R8", "R9", "R12"].map { .string($0) }
            let rules = proof["trials"]?.values?.first?["rules"]?.values
            #expect(rules?.contains(where: byData.contains) == true, "\(said)")
        }
    }

    // MARK: other programs

    @Test func aProgramRunsInTheFilesystem() throws {
        let command =
            "pwd; echo x >f; read -r line </proc/self/mounts; echo $line >&2; hello | tail -n 1; exit 3"
        let program = try Program()
        try program.write("hello", "#!/bin/sh\necho hello | tr a-z A-Z\n")
        let run = try program.run(
            [
                "exec", "--fs", "ext4-dax", "--duration", "60s", "--with",
                "\(program.directory)/hello", "--", "sh", "-c", command,
            ], seconds: 400)
        let lines = String(decoding: run.output, as: UTF8.self).split(separator: "\n")
        #expect(run.exit == .exited(1), "\(run.error)")
        try #require(lines.count == 4, "\(lines) \(run.error)")
        #expect(lines[0] == "/mnt" && lines[1].contains("rootfs") && lines[2] == "HELLO")
        #expect(lines[3].hasPrefix("program: exit status 3 after "))
        #expect(lines[3].hasSuffix("; kernel: silent; filesystem: sound"))
    }

    /// Nothing of the program is left to keep the filesystem busy, nor what it started.
    @Test func aProgramIsStoppedWithItsChildren() throws {
        let run = try Program().run(
            [
                "exec", "--fs", "ext4-dax", "--duration", "1s", "--",
                "sh", "-c", "exec 3>f; (while :; do :; done) & while :; do :; done",
            ], seconds: 400)
        let said = String(decoding: run.output, as: UTF8.self)
        #expect(run.exit == .exited(1), "\(run.error)")
        #expect(said.hasPrefix("program: stopped after "))
        #expect(said.hasSuffix("; kernel: silent; filesystem: sound\n"), "\(said)")
    }

    /// What a script is to look for when it was not the program that saw something.
    @Test func aKernelsComplaintIsToldOfAProgramThatWasContent() throws {
        let run = try Program().run(
            [
                "exec", "--fs", "ext4-dax", "--duration", "60s", "--", "sh", "-c",
                "echo 'WARNING: made up' >/dev/kmsg",
            ], seconds: 400)
        let said = String(decoding: run.output, as: UTF8.self)
        #expect(run.exit == .exited(1), "\(run.error)")
        #expect(said.hasPrefix("program: exit status 0 after "))
        #expect(said.hasSuffix("; kernel: WARNING: made up (1); filesystem: sound\n"), "\(said)")
    }

    // MARK: a device that is no scratch paper

    /// In the machine its pmem is a device like any other, which can be on DAX: the program is there,
    /// too, and must keep off what is mounted.
    @Test func aMountedDeviceIsRefusedWithFormat() throws {
        let command = "/init --fs ext4-dax --device /dev/pmem0 --format --report /tmp/r; echo $?"
        let run = try Program().run(
            ["exec", "--fs", "ext4-dax", "--duration", "60s", "--", "sh", "-c", command],
            seconds: 400)
        let lines = String(decoding: run.output, as: UTF8.self).split(separator: "\n")
        #expect(run.exit == .exited(0), "\(run.error)")
        try #require(lines.count == 3, "\(lines) \(run.error)")
        #expect(lines[0] == "daxtorture: device /dev/pmem0: mounted on /mnt")
        #expect(lines[1] == "2")
        #expect(lines[2].hasSuffix("; kernel: silent; filesystem: sound"))
    }

    // MARK: the command's own end

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
        #expect(
            complaints.count == 2
                && complaints.allSatisfy {
                    $0.hasPrefix(
                        "daxtorture: the report is not complete: openat \(program.report)/")
                }, "\(lines)")
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
