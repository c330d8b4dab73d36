import DaxHost
import DaxSystem
import TestSupport
import Testing

/// ci/daxtorture, which stands before the program, and what all scripts have from ci/lib.sh.
@Suite struct ScriptTests {
    private let tree: ScriptTree

    init() throws { tree = try ScriptTree("script") }

    /// As under sudo, in a service, and from where somebody put a link.
    @Test func aBuiltTreeRunsWithoutHomeSwiftOrItsOwnName() throws {
        try tree.script("tree/ci/fetch-kernel", "echo \"fetch $HOME\" >&2")
        try tree.run(["ln", "-s", "\(tree.path)/ci/daxtorture", "\(tree.scratch.path)/link"])
        let home = tree.said(try tree.run(["sh", "-c", "getent passwd $(id -u) | cut -d : -f 6"]))
        for command in ["\(tree.path)/ci/daxtorture", "\(tree.scratch.path)/link"] {
            let run = try tree.run([command, "--fs", "x y"])
            #expect(run.exit == .exited(0), "\(run.error)")
            #expect(tree.said(run) == "\(tree.path)/.build/release/daxtorture --fs x y\n")
            #expect(run.error == "fetch \(home)")
        }
        #expect(try tree.run(["\(tree.path)/ci/daxtorture"], ["STATUS=1"]).exit == .exited(1))
    }

    @Test func whatIsNotBuiltAndCannotBeIsUntested() throws {
        try tree.script("tree/ci/fetch-kernel", "exit 0")
        try tree.run(["sh", "-c", "sleep 0.02; touch '\(tree.path)/Sources/a.swift'"])
        var run = try tree.run(["\(tree.path)/ci/daxtorture"])
        #expect(run.exit == .exited(125))
        #expect(run.error.hasPrefix("ci/daxtorture: no swift in PATH, and \(tree.path)/.build/"))
        try tree.script("bin/swift", "exit 1")
        run = try tree.run(["\(tree.path)/ci/daxtorture"])
        #expect(run.exit == .exited(125), "\(run.error)")
        try tree.script("tree/ci/install", "exit 1")
        #expect(try tree.run(["\(tree.path)/ci/daxtorture"]).exit == .exited(125))
        try Files.remove("\(tree.path)/ci/lib.sh")
        #expect(try tree.run(["\(tree.path)/ci/daxtorture"]).exit == .exited(125))
    }

    /// ext4 is built into the default kernel: to break it takes another.
    @Test func whatTheArgumentsNeedIsFetched() throws {
        try tree.script("tree/ci/fetch-kernel", "echo \"fetch $*\" >&2")
        try tree.scratch.write("broken.toml", Array("[vm]\nmutant = \"ext4-stale-punch\"\n".utf8))
        try tree.scratch.write("sound.toml", Array("[vm]\n# mutant = \"ext4-x\"\n".utf8))
        let (once, both) = ("fetch \n", "fetch \nfetch 6.1-generic\n")
        for (arguments, fetched) in [
            ("--fs ext4-dax", once),
            ("--fs ext4-dax --mutant ext4-stale-punch", both),
            ("run --mutant=ext4-stale-punch --fs ext4-dax", both),
            ("--mutant ext4-stale-punch --kernel k", once),
            ("--kernel=k --mutant ext4-stale-punch", once),
            ("--mutant xfs-stale-mapping", once), ("--report ext4-run", once),
            ("--set vm.mutant=\"ext4-x\"", both), ("prove --seeds 1", both),
            ("prove --kernel k", once), ("--config \(tree.scratch.path)/broken.toml", both),
            ("--config=\(tree.scratch.path)/sound.toml", once), ("--config /no/such", once),
            ("exec --fs ext4-dax -- fsx --mutant ext4-x", once),
            ("exec --fs ext4-dax -- fsx --help", once), ("--help", ""), ("run --help", ""),
            ("--version", ""), ("configs --bugs", ""), ("fetch", ""), ("mutants", ""),
            ("report r1", ""),
            ("reproducer c.toml", ""),
        ] {
            let run = try tree.run(
                ["\(tree.path)/ci/daxtorture"] + arguments.split(separator: " ").map(String.init))
            #expect(run.exit == .exited(0), "\(arguments)")
            #expect(run.error == fetched, "\(arguments)")
        }
    }

    /// A damaged kernel that could not be fetched again would be booted; what is named is not it.
    @Test func aDamagedKernelIsUntestedUnlessAnotherIsNamed() throws {
        try tree.script("tree/ci/fetch-kernel", "exit 125")
        for arguments in [["--fs", "ext4-dax"], ["exec", "--", "fsx", "--kernel", "k"]] {
            let run = try tree.run(["\(tree.path)/ci/daxtorture"] + arguments)
            #expect(run.exit == .exited(125) && run.output.isEmpty)
            #expect(run.error.contains("untested: the kernel is damaged"), "\(run.error)")
        }
        let named = try tree.run(["\(tree.path)/ci/daxtorture", "--kernel", "k"])
        #expect(named.exit == .exited(0) && named.error.hasSuffix("going on without it\n"))
        // Where there is none at all, the program says so.
        try tree.script("tree/ci/fetch-kernel", "exit 1")
        #expect(try tree.run(["\(tree.path)/ci/daxtorture"]).exit == .exited(0))
    }

    /// The head of each script that takes arguments is its help.
    @Test(arguments: [
        "bench-checking", "bench-oracle", "compare-peers", "fetch-kernel", "fuzz-configs",
        "check-examples", "harness-mutants", "known-bugs", "nightly", "package", "prove",
        "slurm/collect", "slurm/shard", "slurm/submit", "soak", "try-bisect", "try-minimise",
        "try-nightly", "try-package", "try-slurm",
    ])
    func helpIsNoBadUsage(_ name: String) throws {
        for arguments in [["--help"], ["-h"], ["--fs", "xfs-dax", "--help"]] {
            let run = try tree.run(["\(Host.repository)/ci/\(name)"] + arguments)
            #expect(run.exit == .exited(0), "\(run.error)")
            let lines = tree.said(run).split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines[0].hasPrefix("usage: ci/\(name) "))
            #expect(
                lines.count > 4 && !lines.contains { $0.hasPrefix("set -") || $0.hasPrefix("#") })
        }
    }

    /// As the program does not.
    @Test func noTerminalIsCommandedByAnArgument() throws {
        for name in ["fetch-kernel", "nightly", "soak", "known-bugs"] {
            let run = try tree.run(["\(Host.repository)/ci/\(name)", "\u{1b}]0;x\u{7}\u{9b}é"])
            #expect(run.error.contains("?]0;x??é"), "\(run.error)")
            #expect(!run.error.contains("\u{1b}") && run.exit != .exited(0))
        }
    }

    /// A relative home directory would be another in each working directory.
    @Test func relativePlacesArePassedOver() throws {
        let home =
            tree.said(try tree.run(["sh", "-c", "getent passwd $(id -u) | cut -d : -f 6"]))
            .split(separator: "\n").first ?? ""
        for (variables, places) in [
            (["HOME=here"], "\(home)/.cache/daxtorture \(home)/.local/state/daxtorture"),
            (["HOME="], "\(home)/.cache/daxtorture \(home)/.local/state/daxtorture"),
            (
                ["HOME=/h", "XDG_CACHE_HOME=cache", "XDG_STATE_HOME=/s"],
                "/h/.cache/daxtorture /s/daxtorture"
            ),
        ] {
            let told = try tree.run(
                ["bash", "-c", ". \(tree.path)/ci/lib.sh; echo $cache $state"], variables)
            #expect(tree.said(told) == "\(places)\n")
        }
    }
}
