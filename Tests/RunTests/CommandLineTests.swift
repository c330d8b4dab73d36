import DaxHost
import DaxReport
import DaxSystem
import DaxText
import TestSupport
import Testing

/// What the program takes from, and gives to, whoever starts it.
@Suite struct CommandLineTests {
    /// Runs a script of bash's in which $daxtorture is the program, and $report no directory yet.
    private func bash(
        _ script: String, in directory: String = "/", data: String? = nil
    ) throws -> (exit: ChildProcess.Exit?, output: String, error: String) {
        let program = try Program()
        let run = try ChildProcess.run(
            ["/bin/bash", "-c", "cd \(directory); \(script)"],
            environment: ChildProcess.environment + [
                "daxtorture=\(try TestBench.program("daxtorture"))", "report=\(program.report)",
                "DAXTORTURE_DATA=\(data ?? "")",
            ], seconds: 60)
        return (run.exit, String(decoding: run.output, as: UTF8.self), run.error)
    }

    private let format = "printf 'format = 1\\n[run]\\nepocs = 1\\n'"
    private let complaint = ":3: run.epocs: unknown key; the nearest known key is run.epoch\n"

    // MARK: what is read

    /// toml++ ended the process by SIGABRT.
    @Test(arguments: ["[", "[.run]", "[!"]) func noTextOfAConfigEndsTheProcess(_ line: String)
        throws
    {
        let program = try Program()
        try program.write("c.toml", "format = 1\n\(line)\n")
        let path = "\(program.directory)/c.toml"
        try program.refuses(
            ["--config", path],
            "\(path):2: the name of a table is missing; it is made of letters, digits, - and _")
    }

    @Test func aConfigMayComeThroughAPipe() throws {
        let substituted = try bash("$daxtorture --config <(sleep 0.3; \(format))")
        #expect(substituted.exit == .exited(2) && substituted.error.hasSuffix(complaint))
        let standard = try bash("\(format) | $daxtorture --config /dev/stdin")
        #expect(standard.error == "daxtorture: /dev/stdin\(complaint)")
    }

    @Test func aConfigWithoutAnEndIsNone() throws {
        try Program().refuses(
            ["--config", "/dev/zero"], "--config: /dev/zero has more than 1MiB: it is no config")
        try Program().refuses(
            ["--config", "/tmp"], "--config: read /tmp: Is a directory (EISDIR)")
    }

    @Test func aPipeThatNobodyWritesIntoIsNotWaitedForForEver() throws {
        let program = try Program()
        let pipe = "\(program.directory)/pipe"
        let made = try ChildProcess.run(["/usr/bin/mkfifo", pipe], seconds: 30)
        try #require(made.exit == .exited(0))
        let run = try ChildProcess.run(
            [try TestBench.program("daxtorture"), "--config", pipe], seconds: 60)
        #expect(run.exit == .exited(2))
        #expect(run.error == "daxtorture: --config: \(pipe): nothing came out of it for 10 s\n")
    }

    // MARK: where configs are

    @Test func configsAreFoundFromAnywhere() throws {
        let listed = try bash("$daxtorture configs")
        #expect(listed.exit == .exited(0))
        #expect(listed.output.contains("\(Host.repository)/configs/punch-storm.toml"))
        // What is wrong is the flag behind: the config was found and read.
        for name in [
            "configs/punch-storm.toml", "punch-storm.toml", "punch-storm", "stale-mapping",
            "configs/bugs/stale-mapping.toml",
        ] {
            let run = try bash("$daxtorture --config \(name) --accel no")
            #expect(run.error.hasPrefix("daxtorture: --accel: unknown accelerator"), "\(name)")
        }
        let run = try bash("$daxtorture --config punch-strom")
        #expect(run.exit == .exited(2))
        #expect(
            run.error
                == "daxtorture: --config: open punch-strom: No such file or directory (ENOENT); "
                + "the nearest that `daxtorture configs` lists is punch-storm\n")
    }

    @Test func configsMayBeElsewhere() throws {
        let program = try Program()
        try program.write("configs/default.toml", "# Another.\nformat = 1\n")
        try program.write("configs/mine.toml", "# Mine.\nformat = 2\n")
        let listed = try bash("$daxtorture configs", data: program.directory)
        #expect(listed.output.contains("\(program.directory)/configs/mine.toml      Mine."))
        let run = try bash("$daxtorture --config mine", data: program.directory)
        #expect(
            run.error == "daxtorture: \(program.directory)/configs/mine.toml:2: format: "
                + "this version reads format = 1 only\n")
    }

    // MARK: what is said

    @Test func saysItsVersion() throws {
        let run = try bash("$daxtorture --version")
        #expect(run.exit == .exited(0) && run.output.hasPrefix("daxtorture "))
    }

    /// What nobody could read was said nowhere, and the exit status was 0.
    @Test func aLossOfOutputIsAnError() throws {
        let full = try bash("$daxtorture --version > /dev/full")
        #expect(full.exit == .exited(125))
        #expect(full.error.hasPrefix("daxtorture: write stdout: No space left on device (ENOSPC);"))
        #expect(full.error.contains("its last line was to be: daxtorture "))
        let closed = try bash("$daxtorture --version >&-")
        #expect(closed.exit == .exited(125) && closed.error.contains("(EBADF)"))
        let gone = try bash("{ sleep 0.5; $daxtorture --version; echo $? >&2; } | :")
        #expect(gone.error.contains("(EPIPE)") && gone.error.hasSuffix("125\n"))
        // Bad usage is that, whoever reads.
        #expect(try bash("$daxtorture --no > /dev/full").exit == .exited(2))
    }

    /// With descriptor 1 closed the next file that is opened would be it, and get the verdict.
    @Test func nothingIsOpenedInThePlaceOfStandardOutput() throws {
        let program = try Program()
        try program.write("c.toml", "# A title.\nformat = 1\n")
        let run = try bash(
            "$daxtorture configs \(program.directory) <&- >&- 2>err; cat err", in: program.directory
        )
        #expect(run.output.contains("(EBADF)"))
        #expect(try Files.text("\(program.directory)/c.toml") == "# A title.\nformat = 1\n")
    }

    @Test func completionsKnowTheNames() throws {
        let script = try bash("$daxtorture --generate-completion-script bash").output
        for name in ["ext4-dax", "xfs-dax", "ext4-stale-punch"] { #expect(script.contains(name)) }
    }

    // MARK: what is not obeyed

    /// From arguments, names and files that somebody else may have made.
    @Test func noTerminalIsCommandedByWhatWasRead() throws {
        let program = try Program()
        let escape = "$'\\e]0;x\\a'"
        try program.write("configs/\u{1b}c.toml", "# A \u{9b}2J title.\nformat = 1\n")
        try program.write("configs/plain.toml", "# A\ttab.\nformat = 1\n")
        var report = Report(fs: "\u{1b}[2J", seed: Seed(1))
        report.verdict = .clean
        report.notes = ["\u{1b}[31m"]
        try program.write("forged/report.json", report.json.text)
        for arguments in [
            "--fs \(escape)", "--config \(escape)", "--\(escape)", "\(escape)", "exec -- \(escape)",
            "--report /\(escape)/r --fs ext4-dax", "prove --only \(escape)", "report \(escape)",
            "--mount \(escape) --fs ext4-dax", "--kernel \(escape) --fs ext4-dax",
            "--set \(escape)=1", "configs \(program.directory)/configs",
            "report \(program.directory)/forged",
        ] {
            let run = try bash("$daxtorture \(arguments)")
            let said = (run.output + run.error).unicodeScalars
            #expect(
                !said.contains {
                    $0.properties.generalCategory == .control && $0 != "\n" && $0 != "\t"
                }, "\(arguments)")
            #expect(!said.isEmpty)
        }
    }

    /// One odd entry does not hide the rest.
    @Test func whatIsNoConfigIsNamedBesideTheOthers() throws {
        let program = try Program()
        let path = "\(program.directory)/configs"
        try program.write("configs/mine.toml", "# Mine.\nformat = 1\n")
        let run = try bash(
            "cd \(path); mkdir a.toml; mkfifo b.toml; ln -s c.toml c.toml; "
                + "$daxtorture configs \(path)")
        #expect(run.exit == .exited(2))
        #expect(run.output.contains("\(path)/mine.toml   Mine."))
        #expect(
            run.error == """
                daxtorture: \(path)/a.toml is not a file
                daxtorture: \(path)/b.toml is not a file
                daxtorture: open \(path)/c.toml: Too many levels of symbolic links (ELOOP)

                """)
    }

    // MARK: what is missing

    /// A limit of the shell's is an error of a call, as a full disk is.
    @Test(.enabled(if: TestBench.canBoot, "no kernel here, whose absence would come first"))
    func aLimitOnFilesEndsNoProcess() throws {
        let program = try Program()
        try program.write("qemu", "#!/bin/sh\necho QEMU emulator version 10.0.2\n")
        let run = try bash(
            "chmod +x qemu; ulimit -f 1; "
                + "$daxtorture --fs xfs-dax --accel tcg --qemu qemu --report $report",
            in: program.directory)
        #expect(run.exit == .exited(125))
        #expect(run.output.contains("untested: "), "\(run.output)")
        #expect((run.output + run.error).contains("(EFBIG)"), "\(run.error)")
    }

    @Test func whatAnExecLeftIsRead() throws {
        let program = try Program()
        for (name, text) in [
            ("ended.txt", "exit status 3 after 1.3 s"), ("fsck.txt", "Block bitmap differences\n"),
            ("console.log", "[    1.0] BUG: bad page\r\n"), ("taint.txt", "the taint went to 512"),
        ] {
            try program.write(name, text)
        }
        let run = try bash("$daxtorture report \(program.directory)")
        #expect(run.exit == .exited(0))
        #expect(
            run.output == """
                kernel: BUG: bad page
                kernel: the taint went to 512
                Block bitmap differences
                exec: program: exit status 3 after 1.3 s; kernel: BUG: bad page (2); filesystem: damaged

                """)
    }
}
