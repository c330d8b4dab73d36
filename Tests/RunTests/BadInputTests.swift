import DaxReport
import DaxSystem
import TestSupport
import Testing

/// What cannot be run is refused by one line, and nothing is touched.
@Suite struct BadInputTests {
    @Test func unknownFilesystem() throws {
        try Program().refuses(
            ["--fs", "ext5"], "--fs: unknown filesystem \"ext5\"; known: ext4-dax, xfs-dax")
    }

    @Test func badSize() throws {
        let program = try Program()
        try program.refuses(
            ["--fs", "ext4-dax", "--pmem", "1GB"],
            "--pmem: \"1GB\" is not a size; write it as \"2MiB\"")
        try program.refuses(
            ["--fs", "ext4-dax", "--memory", "1MiB"],
            "--memory: 1MiB is not in the range 256MiB to 1TiB")
    }

    @Test func badDuration() throws {
        try Program().refuses(
            ["--fs", "ext4-dax", "--duration", "1w"],
            "--duration: \"1w\" is not a duration; write it as \"45s\"")
    }

    @Test func aSeedThatIsNone() throws {
        for seed in ["-1", "18446744073709551616", "x"] {
            try Program().refuses(
                ["--fs", "ext4-dax", "--seed", seed],
                "--seed: \"\(seed)\" is not a seed, which is a whole number from 0 to 2^64-1: 7, or "
                    + "\"0x7\"")
        }
    }

    @Test func modulesOfNoKernel() throws {
        try Program().refuses(
            ["--fs", "ext4-dax", "--modules", "/"],
            "--modules: belong to a kernel; name it by --kernel or vm.kernel")
    }

    /// Before any run of it, as a run would refuse it.
    @Test func aProofThatEveryRunWouldRefuse() throws {
        let program = try Program()
        for (arguments, line) in [
            (
                ["--set", "vm.cpu=2"],
                "--set: vm.cpu: unknown key; the nearest known key is vm.cpus"
            ),
            (
                ["--duration", "400d"],
                "--duration: 400d is not a time, such as 20s"
            ),
            (
                ["--set", "vm.cpus=none"],
                "--set: vm.cpus: \"none\" is not a whole number; write it as 4"
            ),
        ] {
            try program.refuses(["prove", "--seeds", "1", "--fs", "xfs-dax"] + arguments, line)
        }
    }

    @Test func unknownKeyInAConfig() throws {
        let program = try Program()
        try program.write("c.toml", "format = 1\n\n[run]\nduration = \"1s\"\nepocs = \"1s\"\n")
        let path = "\(program.directory)/c.toml"
        try program.refuses(
            ["--config", path],
            "\(path):5: run.epocs: unknown key; the nearest known key is run.epoch")
        try program.refuses(
            ["--config", "/no/such"],
            "--config: open /no/such: No such file or directory (ENOENT)")
    }

    @Test func unknownOption() throws {
        try Program().refuses(
            ["--cpu", "2"], "Unknown option '--cpu'. Did you mean '--cpus'?")
    }

    @Test func noProgramToRun() throws {
        let program = try Program()
        try program.refuses(
            ["exec", "--fs", "ext4-dax"], "Missing expected argument '-- <program> ...'")
        try program.refuses(
            ["exec", "--fs", "ext4-dax", "--", "no-such-program"],
            "exec: no-such-program is not a program, nor one in PATH")
        try program.refuses(
            ["exec", "--fs", "ext4-dax", "--mount", "/mnt", "--", "true"],
            "exec: runs in a machine; no --mount, no --device")
    }

    @Test func aDirectoryThatHoldsAReport() throws {
        let program = try Program()
        try program.write("report/report.json", "{}\n")
        try program.refuses(
            ["--fs", "ext4-dax"],
            "report directory \(program.report): holds a report already (report.json); "
                + "name another")
    }

    @Test func aDirectoryInUse() throws {
        let program = try Program()
        let directory = try ReportDirectory(program.report)
        try program.refuses(
            ["--fs", "ext4-dax"], "report directory \(program.report): in use by another run")
        directory.discard()
    }

    @Test func aDirectoryWithoutAParent() throws {
        let program = try Program()
        try program.refuses(
            ["--fs", "ext4-dax"], report: "\(program.directory)/no/report",
            "report directory \(program.directory)/no/report: there is no directory "
                + "\(program.directory)/no to make it in")
    }

    @Test func aDeviceThatIsNone() throws {
        let program = try Program()
        try program.write("plain", "precious")
        for format in [[], ["--format"]] {
            try program.refuses(
                ["--fs", "ext4-dax", "--device", "\(program.directory)/plain"] + format,
                "device \(program.directory)/plain: not a block device")
        }
    }

    /// It is mounted, too, but that a disk can never be on DAX comes first.
    @Test(.enabled(if: Host.rootDevice != nil, "no block device is mounted on /"))
    func aDeviceThatCannotBeOnDAX() throws {
        let device = try #require(Host.rootDevice)
        let program = try Program()
        for format in [[], ["--format"]] {
            try program.refuses(
                ["--fs", "ext4-dax", "--device", device] + format,
                "device \(device): cannot be on DAX (its queue/dax is 0)")
        }
    }

    @Test(
        .enabled(if: TestBench.canBoot, "no kernel here, whose absence would come first"),
        .disabled(if: Host.hasQEMUInstalled, "a QEMU is installed, and would be found"))
    func noQEMU() throws {
        let program = try Program()
        let cache = try program.cache(of: ["kernels"])
        try program.refuses(
            ["--fs", "ext4-dax"], cache: cache, exit: 125,
            "no qemu-system-x86_64: looked in \(cache)/daxtorture/qemu/usr/bin, PATH; daxtorture fetch brings one"
        )
    }

    @Test(.disabled(if: Host.hasKernelInstalled, "a kernel is installed, and would be found"))
    func noKernel() throws {
        let program = try Program()
        let cache = try program.cache(of: ["qemu"])
        try program.refuses(
            ["--fs", "ext4-dax"], cache: cache, exit: 125,
            "no kernel to boot: looked for /boot/vmlinuz-*, "
                + "\(cache)/daxtorture/kernels/*/boot/vmlinuz-*; daxtorture fetch brings one, or give "
                + "one by --kernel")
    }

    /// `git bisect run` takes 2 for bad: what was not built, or cannot be booted, is 125.
    @Test func aKernelThatIsNone() throws {
        let program = try Program()
        try program.write("bzImage", "no kernel\n")
        let path = "\(program.directory)/bzImage"
        try program.refuses(
            ["--fs", "ext4-dax", "--kernel", path], exit: 125,
            "\(path) is not a bootable x86-64 kernel: it has no Linux boot header")
        try program.refuses(
            ["--fs", "ext4-dax", "--kernel", "/no/such"], exit: 125,
            "--kernel: /no/such is neither a file nor a kernel tree")
        try program.refuses(
            ["--fs", "ext4-dax", "--kernel", path, "--modules", "/no/such"], exit: 125,
            "--modules: /no/such is not a directory")
        try program.refuses(
            ["--fs", "ext4-dax", "--qemu", "/no/such"], exit: 125, "--qemu: /no/such is not a file")
        try program.refuses(
            ["--fs", "ext4-dax", "--mount", "/no/such"], "--mount: /no/such is not a directory")
    }

    @Test(.enabled(if: Host.mismatch != nil, "it takes two kernels: ci/test brings them"))
    func modulesOfAnotherKernel() throws {
        let (kernel, modules) = try #require(Host.mismatch)
        let program = try Program()
        let release = try #require(kernel.split(separator: "/").last).dropFirst("vmlinuz-".count)
        let other = try #require(modules.split(separator: "/").last)
        try program.refuses(
            ["--fs", "xfs-dax", "--kernel", kernel, "--modules", modules], exit: 125,
            "the modules in \(modules) do not fit the kernel: they are for \(other), "
                + "it is \(release)")
        try program.refuses(
            ["--fs", "xfs-dax", "--kernel", kernel, "--modules", program.directory], exit: 125,
            "\(program.directory) holds no kernel modules "
                + "(a directory such as /lib/modules/RELEASE is wanted)")
    }
}
