import DaxSystem
import TestSupport
import Testing

/// The shell scripts that stand before the program, on a copy of them whose neighbours are stand-ins.
@Suite struct ScriptTests {
    private let scratch: Scratch
    private var tree: String { "\(scratch.path)/tree" }

    init() throws {
        scratch = try Scratch("script\(Clock.ticks())")
        for name in ["daxtorture", "fetch-kernel", "lib.sh"] {
            try scratch.write("tree/ci/\(name)", Files.read("\(Host.repository)/ci/\(name)"))
        }
        for name in ["install", "fetch-qemu"] { try script("tree/ci/\(name)", "exit 0") }
        try scratch.write("tree/Package.swift", [])
        try scratch.write("tree/Sources/a.swift", [])
        try script("tree/.build/release/daxtorture", "echo \"$0 $*\"; exit ${STATUS:-0}")
        try scratch.write("tree/.build/release-built", [])
        try run(["chmod", "755", "\(tree)/ci/daxtorture", "\(tree)/ci/fetch-kernel"])
    }

    private func script(_ name: String, _ text: String) throws {
        try scratch.write(name, Array("#!/bin/sh\n\(text)\n".utf8))
        try run(["chmod", "755", "\(scratch.path)/\(name)"])
    }

    @discardableResult
    private func run(_ command: [String], _ variables: [String] = []) throws
        -> ChildProcess.Finished
    {
        try ChildProcess.run(
            ["/usr/bin/env"] + command,
            environment: variables + (variables.contains { $0.hasPrefix("PATH=") } ? [] : [path]),
            seconds: 60)
    }

    /// Without any swift, and with stand-ins before everything else.
    private var path: String { "PATH=\(scratch.path)/bin:/usr/bin:/bin:/usr/sbin:/sbin" }

    private func said(_ run: ChildProcess.Finished) -> String {
        String(decoding: run.output, as: UTF8.self)
    }

    // MARK: ci/daxtorture

    /// As under sudo, in a service, and from where somebody put a link.
    @Test func aBuiltTreeRunsWithoutHomeSwiftOrItsOwnName() throws {
        try script("tree/ci/fetch-kernel", "echo \"fetch $HOME\" >&2")
        try run(["ln", "-s", "\(tree)/ci/daxtorture", "\(scratch.path)/link"])
        let home = said(try run(["sh", "-c", "getent passwd $(id -u) | cut -d : -f 6"]))
        for command in ["\(tree)/ci/daxtorture", "\(scratch.path)/link"] {
            let run = try run([command, "--fs", "x y"])
            #expect(run.exit == .exited(0), "\(run.error)")
            #expect(said(run) == "\(tree)/.build/release/daxtorture --fs x y\n")
            #expect(run.error == "fetch \(home)")
        }
        #expect(try run(["\(tree)/ci/daxtorture"], ["STATUS=1"]).exit == .exited(1))
    }

    @Test func whatIsNotBuiltAndCannotBeIsUntested() throws {
        try script("tree/ci/fetch-kernel", "exit 0")
        try run(["sh", "-c", "sleep 0.02; touch '\(tree)/Sources/a.swift'"])
        var run = try run(["\(tree)/ci/daxtorture"])
        #expect(run.exit == .exited(125))
        #expect(run.error.hasPrefix("ci/daxtorture: no swift in PATH, and \(tree)/.build/"))
        try script("bin/swift", "exit 1")
        run = try self.run(["\(tree)/ci/daxtorture"])
        #expect(run.exit == .exited(125), "\(run.error)")
        try script("tree/ci/install", "exit 1")
        #expect(try self.run(["\(tree)/ci/daxtorture"]).exit == .exited(125))
        try Files.remove("\(tree)/ci/lib.sh")
        #expect(try self.run(["\(tree)/ci/daxtorture"]).exit == .exited(125))
    }

    /// ext4 is built into the default kernel: to break it takes another.
    @Test func whatTheArgumentsNeedIsFetched() throws {
        try script("tree/ci/fetch-kernel", "echo \"fetch $*\" >&2")
        try scratch.write("broken.toml", Array("[vm]\nmutant = \"ext4-stale-punch\"\n".utf8))
        try scratch.write("sound.toml", Array("[vm]\n# mutant = \"ext4-x\"\n".utf8))
        let (once, both) = ("fetch \n", "fetch \nfetch 6.1-generic\n")
        for (arguments, fetched) in [
            ("--fs ext4-dax", once),
            ("--fs ext4-dax --mutant ext4-stale-punch", both),
            ("run --mutant=ext4-stale-punch --fs ext4-dax", both),
            ("--mutant ext4-stale-punch --kernel k", once),
            ("--kernel=k --mutant ext4-stale-punch", once),
            ("--mutant xfs-stale-mapping", once), ("--report ext4-run", once),
            ("--set vm.mutant=\"ext4-x\"", both), ("prove --seeds 1", both),
            ("prove --kernel k", once), ("--config \(scratch.path)/broken.toml", both),
            ("--config=\(scratch.path)/sound.toml", once), ("--config /no/such", once),
            ("exec --fs ext4-dax -- fsx --mutant ext4-x", once),
            ("exec --fs ext4-dax -- fsx --help", once), ("--help", ""), ("run --help", ""),
            ("--version", ""), ("configs --bugs", ""), ("mutants", ""), ("report r1", ""),
        ] {
            let run = try run(
                ["\(tree)/ci/daxtorture"] + arguments.split(separator: " ").map(String.init))
            #expect(run.exit == .exited(0), "\(arguments)")
            #expect(run.error == fetched, "\(arguments)")
        }
    }

    // MARK: ci/fetch-kernel

    private let release = "6.1.0-9-cloud-amd64"
    private var kernel: String { "\(scratch.path)/cache/daxtorture/kernels/\(release)" }

    /// What the machine's apt is set up for: somebody else's archive and two of Debian's, one of which
    /// has no lists yet.
    private let targets = """
        case "$*" in
        *no-release-info*) echo 'main bookworm http://unlisted.test/debian/ $(ORIGIN)' ;;
        *indextargets*)
            echo 'main bookworm http://other.test/debian/ Other'
            echo 'contrib bookworm http://contrib.test/debian/ Debian'
            echo 'main bookworm-security http://mirror.test/security/ Debian'
            echo 'main bookworm-updates http://mirror.test/debian/ Debian' ;;

        """

    /// Brings a kernel from an archive that is a stand-in, as often as it is asked.
    private func fetch(
        _ name: String = "6.1-cloud", _ variables: [String] = [], apt: String = ""
    ) throws -> ChildProcess.Finished {
        try script(
            "bin/apt-get", targets + "*download*) : >linux-image.deb ;; \(apt) esac")
        try script("bin/apt-cache", "echo linux-image-\(release)")
        try script(
            "bin/dpkg",
            "mkdir -p $3/boot $3/lib/modules/\(release) && echo kernel >$3/boot/vmlinuz-\(release) "
                + "&& echo module >$3/lib/modules/\(release)/a.ko")
        return try run(
            ["\(tree)/ci/fetch-kernel", name],
            [path, "XDG_CACHE_HOME=\(scratch.path)/cache"] + variables)
    }

    /// The archives in the private apt's sources, after a fetch.
    private func archives() throws -> [String] {
        try Files.text("\(scratch.path)/cache/daxtorture/apt/bookworm/debian.sources")
            .split(separator: "\n").filter { $0.hasPrefix("URIs: ") }
            .map { String($0.dropFirst("URIs: ".count)) }
    }

    @Test func archivesAreThoseOfTheMachine() throws {
        #expect(try fetch().exit == .exited(0))
        #expect(try archives() == ["http://mirror.test/debian/", "http://mirror.test/security/"])
    }

    /// One whose lists cannot be read, such as a partial mirror, gives way to the next.
    @Test func anArchiveThatDoesNotServeIsPassedOver() throws {
        let run = try fetch(
            apt: "*update*) ! grep -q mirror.test/debian $(dirname $2)/debian.sources ;;")
        #expect(run.exit == .exited(0), "\(run.error)")
        #expect(try archives() == ["http://unlisted.test/debian/", "http://mirror.test/security/"])
    }

    @Test func anArchiveCanBeNamed() throws {
        let named = ["DAXTORTURE_ARCHIVE=file:/a", "DAXTORTURE_SECURITY_ARCHIVE=file:/b"]
        #expect(try fetch("6.1-cloud", named).exit == .exited(0))
        #expect(try archives() == ["file:/a", "file:/b"])
    }

    @Test func aKernelThatIsDamagedIsNamedAndFetchedAgain() throws {
        var run = try fetch()
        #expect(run.exit == .exited(0), "\(run.error)")
        #expect(try Files.text("\(kernel)/SHA256SUMS").split(separator: "\n").count == 2)
        // What is whole is not fetched again.
        run = try fetch()
        #expect(run.error.isEmpty && run.exit == .exited(0))
        for (name, harm) in [
            ("boot/vmlinuz-\(release)", "truncate -s 3"),
            ("lib/modules/\(release)/a.ko", "sed -i s/d/D/"), ("lib/modules/\(release)/a.ko", "rm"),
        ] {
            try self.run(["sh", "-c", "sleep 0.02; \(harm) \(kernel)/\(name)"])
            run = try fetch()
            #expect(run.exit == .exited(0))
            #expect(
                run.error.contains(
                    "the kernel \(release) in the cache is damaged: \(name) is not what was fetched"
                ),
                "\(run.error)")
            #expect(try Files.text("\(kernel)/boot/vmlinuz-\(release)") == "kernel\n")
            #expect(try Files.text("\(kernel)/lib/modules/\(release)/a.ko") == "module\n")
        }
    }

    /// A change that leaves every byte as it was, such as another owner or a touch, costs the sums and no more.
    @Test func aKernelThatIsOnlyTouchedIsKept() throws {
        #expect(try fetch().exit == .exited(0))
        try run(["sh", "-c", "sleep 0.02; touch \(kernel)/boot/vmlinuz-\(release)"])
        let run = try fetch()
        #expect(run.exit == .exited(0) && run.error.isEmpty, "\(run.error)")
        // One from before there were sums gets them.
        try Files.remove("\(kernel)/SHA256SUMS")
        #expect(try fetch().error.isEmpty)
        #expect(Files.exists("\(kernel)/SHA256SUMS"))
    }

    /// Where it cannot be fetched again, none is better than a broken one.
    @Test func aDamagedKernelIsNotKept() throws {
        #expect(try fetch().exit == .exited(0))
        try run(["sh", "-c", "sleep 0.02; truncate -s 3 \(kernel)/boot/vmlinuz-\(release)"])
        try script("bin/apt-get", targets + "*) exit 100 ;; esac")
        let run = try run(
            ["\(tree)/ci/fetch-kernel", "6.1-cloud"],
            [path, "XDG_CACHE_HOME=\(scratch.path)/cache"])
        #expect(run.exit == .exited(1))
        #expect(run.error.contains("is damaged") && run.error.contains("cannot read Debian's"))
        #expect(!Files.exists(kernel))
    }
}
