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

    /// A sequence without a race, on a kernel that is broken as it is shipped.
    @Test func aScriptShowsTheWrongBytes() throws {
        let config = "\(Host.repository)/configs/bugs/cow-pwrite-stale-mmap-steps.toml"
        let run = try WholeRun.of(["--config", config, "--seed", "7"])
        // Linux 6.2 has the fix.
        guard run.report.kernel?.hasPrefix("6.1.") == true else {
            #expect(run.report.verdict != .violation, "\(run.said)")
            return
        }
        #expect(run.exit == .exited(1), "\(run.said)")
        // Where in its steps the script stands at a quiet point decides whether R8 and R12 see it, too.
        let stale = try #require(run.report.violations.first { $0.rule == .freshness })
        #expect(stale.file == "file0" && stale.story.contains("show 1's pwrite"), "\(stale.story)")
        // What was said is in resolved.toml, and says it again.
        #expect(run.resolved.contains("\"clone f1 0 f0 0 4KiB\", \"load f0 0 64\""))
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

    /// What runs on hardware: a device that holds something is refused, formatted when that is asked for,
    /// and left unmounted; then the program's own directory of a mount.
    @Test func aDeviceIsFormattedAndTortured() throws {
        let torture =
            "/init --fs ext4-dax --duration 5s --seed 7 --epoch 500ms --set fs.file-size=4MiB"
        let command = """
            cd / && umount /mnt
            \(torture) --device /dev/pmem0 --report /tmp/a; echo exit $?
            \(torture) --device /dev/pmem0 --format --report /tmp/b; echo exit $?
            grep -c pmem0 /proc/self/mounts
            mount -t ext4 -o dax=always /dev/pmem0 /mnt && mkdir /mnt/t
            \(torture) --mount /mnt/t --report /tmp/c; echo exit $?
            ls /mnt/t | wc -l
            """
        let run = try Program().run(
            ["exec", "--fs", "ext4-dax", "--duration", "120s", "--", "sh", "-c", command],
            seconds: 400)
        let said = String(decoding: run.output, as: UTF8.self)
        let lines = said.split(separator: "\n")
        #expect(run.exit == .exited(0), "\(run.error)")
        let holds =
            "daxtorture: device /dev/pmem0: holds ext4; --format says that it may be destroyed"
        #expect(lines.first.map(String.init) == holds, "\(said)")
        #expect(lines.contains("device /dev/pmem0, formatted anew"), "\(said)")
        let ends = lines.filter { $0.hasPrefix("exit ") }
        #expect(ends.count == 3 && ends[0] == "exit 2", "\(said)")
        // What is short of a clean run is a kind of operation that a slow host had no time for.
        let verdicts = lines.filter { $0.hasPrefix("clean: ") || $0.hasPrefix("untested: no ") }
        #expect(verdicts.count == 2, "\(said)")
        for (end, verdict) in zip(ends.dropFirst(), verdicts) {
            #expect(end == (verdict.hasPrefix("clean: ") ? "exit 0" : "exit 125"), "\(said)")
        }
        // Neither a mount nor a file is left of them.
        #expect(lines.count { $0 == "0" } == 2, "\(said)")
    }

    // MARK: the command's own end
}
