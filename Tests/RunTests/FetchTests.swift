import DaxHost
import DaxSystem
import TestSupport
import Testing

/// What a run without a QEMU or a kernel says, asks and fetches; the scripts that fetch are stand-ins.
@Suite(.disabled(if: Host.hasKernelInstalled, "a kernel is installed, and would be found"))
struct FetchTests {
    private let scratch: Scratch

    /// The program as if it were installed, below the scratch directory.
    init() throws {
        scratch = try Scratch("fetch\(Clock.ticks())")
        for name in ["fetch-qemu", "fetch-kernel"] {
            let path = "libexec/daxtorture/\(name)"
            let script =
                "#!/bin/sh\necho \"\(name) $*\" | tee -a \(scratch.path)/calls\nexit $FETCH\n"
            try scratch.write(path, Array(script.utf8))
            try shell("chmod 755 \(scratch.path)/\(path)")
        }
        let program = try TestBench.program("daxtorture")
        try shell("mkdir bin; ln \(program) bin/daxtorture || cp \(program) bin/daxtorture")
    }

    /// Runs a line of the shell's there, with a cache that is empty.
    @discardableResult
    private func shell(_ line: String, fetch: Int = 1) throws -> ChildProcess.Finished {
        try ChildProcess.run(
            ["/bin/sh", "-c", "cd \(scratch.path) && \(line)"],
            environment: [
                "PATH=/usr/bin:/bin", "XDG_CACHE_HOME=\(scratch.path)/cache", "FETCH=\(fetch)",
            ], seconds: 60)
    }

    private var calls: String { (try? Files.text("\(scratch.path)/calls")) ?? "" }
    private let run = "bin/daxtorture --fs ext4-dax --report r"

    @Test func nothingIsFetchedUnasked() throws {
        let run = try shell(run)
        #expect(run.exit == .exited(125))
        #expect(run.error.hasSuffix("; daxtorture fetch brings one, or give one by --kernel\n"))
        #expect(!run.error.contains("[y/N]") && calls.isEmpty)
        #expect(!Files.exists("\(scratch.path)/r") && !Files.exists("\(scratch.path)/cache"))
    }

    /// Only where there is a terminal on both sides.
    @Test func whoSitsAtATerminalIsAsked() throws {
        let terminal = "\(Host.repository)/ci/at-terminal"
        for (answer, fetched) in [
            ("n", ""), ("", ""), ("nay", ""), ("y", "fetch-qemu \n"), ("Yes", "fetch-qemu \n"),
        ] {
            try shell("rm -f calls")
            let asked = try shell("\(terminal) '\(answer)' \(run)")
            #expect(asked.exit == .exited(125), "\(answer)")
            let said = String(decoding: asked.output, as: UTF8.self)
            #expect(said.contains("needs QEMU 10 and a kernel, and there is none here."), "\(said)")
            // The first that fails is the last.
            #expect(calls == fetched, "\(answer)")
            let unasked = try shell("\(terminal) y sh -c '\(run) 2>said'")
            #expect(unasked.exit == .exited(125) && calls == fetched)
        }
    }

    @Test func theOptionFetchesWhatIsMissing() throws {
        for (option, fetched) in [
            ("--fetch", "fetch-qemu \nfetch-kernel \n"),
            ("--fetch --qemu /bin/true", "fetch-kernel \n"),
            ("--fetch --mutant ext4-stale-punch", "fetch-qemu \nfetch-kernel 6.1-generic\n"),
        ] {
            try shell("rm -f calls")
            // What is there now is no more than before.
            let run = try shell("\(run) \(option)", fetch: 0)
            #expect(run.exit == .exited(125) && run.error.contains("no kernel"), "\(run.error)")
            #expect(calls == fetched, "\(option)")
            #expect(!String(decoding: run.output, as: UTF8.self).contains("fetch-"))
        }
        let failed = try shell("\(run) --fetch")
        #expect(failed.exit == .exited(125))
        #expect(failed.error.hasSuffix("/libexec/daxtorture/fetch-qemu: exit status 1\n"))
        // On a mount there is no machine.
        let local = try shell("rm -f calls; \(run) --fetch --mount /tmp")
        #expect(local.exit != .exited(0) && calls.isEmpty)
    }

    @Test func theCommandFetches() throws {
        #expect(try shell("bin/daxtorture fetch", fetch: 0).exit == .exited(0))
        #expect(
            try shell("bin/daxtorture fetch 6.12-generic 6.1-cloud", fetch: 0).exit == .exited(0))
        #expect(
            calls
                == "fetch-qemu \nfetch-kernel \nfetch-kernel 6.12-generic\nfetch-kernel 6.1-cloud\n"
        )
        #expect(try shell("bin/daxtorture fetch").exit == .exited(125))
        let gone = try shell("rm -r libexec; bin/daxtorture fetch")
        #expect(gone.exit == .exited(125))
        #expect(
            gone.error.contains(
                "the script fetch-qemu is not there: looked for \(scratch.path)/bin/"))
    }
}
