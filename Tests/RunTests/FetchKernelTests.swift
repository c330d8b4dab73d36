import DaxHost
import DaxSystem
import TestSupport
import Testing

/// ci/fetch-kernel, with stand-ins for apt and dpkg.
@Suite struct FetchKernelTests {
    private let tree: ScriptTree

    init() throws { tree = try ScriptTree("fetch") }

    private let release = "6.1.0-9-cloud-amd64"
    private var kernel: String { "\(tree.scratch.path)/cache/daxtorture/kernels/\(release)" }

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
        _ name: String = "6.1-cloud", _ variables: [String] = [], apt: String = "",
        packing: String = ""
    ) throws -> ChildProcess.Finished {
        try tree.script(
            "bin/apt-get", targets + "*download*) : >linux-image.deb ;; \(apt) esac")
        try tree.script("bin/apt-cache", "echo linux-image-\(release)")
        try tree.script(
            "bin/dpkg",
            packing
                + "mkdir -p $3/boot $3/lib/modules/\(release) && echo kernel >$3/boot/vmlinuz-\(release) "
                + "&& echo module >$3/lib/modules/\(release)/a.ko")
        return try tree.run(
            ["\(tree.path)/ci/fetch-kernel", name],
            [tree.searchPath, "XDG_CACHE_HOME=\(tree.scratch.path)/cache"] + variables)
    }

    /// The archives in the private apt's sources, after a fetch.
    private func archives() throws -> [String] {
        try Files.text("\(tree.scratch.path)/cache/daxtorture/apt/bookworm/debian.sources")
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
            try tree.run(["sh", "-c", "sleep 0.02; \(harm) \(kernel)/\(name)"])
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
        try tree.run(["sh", "-c", "sleep 0.02; touch \(kernel)/boot/vmlinuz-\(release)"])
        let run = try fetch()
        #expect(run.exit == .exited(0) && run.error.isEmpty, "\(run.error)")
        // One from before there were sums gets them.
        try Files.remove("\(kernel)/SHA256SUMS")
        #expect(try fetch().error.isEmpty)
        #expect(Files.exists("\(kernel)/SHA256SUMS"))
    }

    /// Where it cannot be fetched again it stays, lest another is tested in its place, and is no test.
    @Test func aDamagedKernelStaysUntilThereIsAnother() throws {
        #expect(try fetch().exit == .exited(0))
        try tree.run(["sh", "-c", "sleep 0.02; truncate -s 3 \(kernel)/boot/vmlinuz-\(release)"])
        for (apt, why) in [
            (targets + "*) exit 100 ;; esac", "cannot read Debian's"),
            (targets + "*download*) exit 100 ;; esac", "could not download"),
        ] {
            try tree.script("bin/apt-get", apt)
            let run = try tree.run(
                ["\(tree.path)/ci/fetch-kernel", "6.1-cloud"],
                [tree.searchPath, "XDG_CACHE_HOME=\(tree.scratch.path)/cache"])
            #expect(run.exit == .exited(125))
            #expect(run.error.contains("is damaged") && run.error.contains(why), "\(run.error)")
            #expect(try Files.text("\(kernel)/boot/vmlinuz-\(release)") == "ker")
        }
    }

    /// One that is older than a whole one of the name is never booted by it.
    @Test func whatIsDamagedAndOldIsRemoved() throws {
        #expect(try fetch().exit == .exited(0))
        let old = "\(tree.scratch.path)/cache/daxtorture/kernels/6.1.0-8-cloud-amd64"
        try tree.run(["sh", "-c", "cp -a \(kernel) \(old); sleep 0.02; rm -r \(old)/boot/*"])
        let run = try fetch(apt: "*) exit 100 ;;")
        #expect(run.exit == .exited(0), "\(run.error)")
        #expect(!Files.exists(old) && Files.exists(kernel))
    }

    /// A version alone is the small flavour's, and what is no version is none.
    @Test func aKernelMayBeNamedByItsVersion() throws {
        #expect(try fetch("6.1").exit == .exited(0))
        #expect(Files.exists(kernel))
        let strange = try fetch("6.1x")
        #expect(strange.error.contains("names no kernel") && strange.exit == .exited(1))
    }

    @Test func theConfigurationComesWithTheKernel() throws {
        let packed = "mkdir -p $3/boot && echo CONFIG_A=y >$3/boot/config-\(release) && "
        #expect(try fetch("6.1", packing: packed).exit == .exited(0))
        #expect(try Files.text("\(kernel)/boot/config-\(release)") == "CONFIG_A=y\n")
        #expect(try Files.text("\(kernel)/SHA256SUMS").contains("boot/config-\(release)"))
    }

    /// The newest of each version and flavour; a suite that cannot be read costs the exit status.
    @Test func listsWhatIsOffered() throws {
        try tree.script("bin/apt-get", targets + "esac")
        try tree.script(
            "bin/apt-cache",
            "printf 'linux-image-%s\\n' 6.1.0-9-amd64 6.1.0-10-amd64 6.1.0-8-cloud-amd64 amd64 "
                + "6.1.0-9-amd64-dbg")
        func list() throws -> ChildProcess.Finished {
            try tree.run(
                ["\(tree.path)/ci/fetch-kernel", "--list"],
                [tree.searchPath, "XDG_CACHE_HOME=\(tree.scratch.path)/cache"])
        }
        let run = try list()
        #expect(run.exit == .exited(0) && run.error.isEmpty, "\(run.error)")
        let lines = tree.said(run).split(separator: "\n").map(String.init)
        #expect(
            Set(lines)
                == Set(
                    ["bookworm", "trixie"].flatMap {
                        ["6.1.0-10-amd64\t\($0)", "6.1.0-8-cloud-amd64\t\($0)"]
                    }))
        try tree.script(
            "bin/apt-get",
            targets + "*update*) ! grep -q trixie $(dirname $2 2>/dev/null)/debian.sources ;; esac")
        let half = try list()
        #expect(half.exit == .exited(1) && half.error.contains("cannot read Debian's"))
        #expect(tree.said(half).contains("6.1.0-10-amd64\tbookworm"))
        #expect(!tree.said(half).contains("trixie"))
    }
}
