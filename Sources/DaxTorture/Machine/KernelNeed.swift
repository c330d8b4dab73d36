/// One option that a kernel should be configured with, and why.
package struct KernelNeed: Sendable {
    /// What is lost without it.
    package enum Weight: Sendable {
        /// No machine comes up, or no filesystem in it.
        case required
        /// A run proves less: it says what.
        case wanted
    }

    /// Without CONFIG_.
    package let option: String
    package let weight: Weight
    /// Whether `=m` will do, since the program loads the module.
    package let canBeModule: Bool
    /// What needs it.
    package let purpose: String

    /// The line of a config fragment that asks for it.
    package var line: String { "CONFIG_\(option)=\(canBeModule ? "m" : "y")" }

    /// What is wrong with it in a kernel; nil if nothing.
    package func complaint(of config: KernelConfig) -> String? {
        switch config[option] {
        case .builtIn: nil
        case .module:
            canBeModule ? nil : "is a module, and nothing loads it: it must be built in (=y)"
        case .off: "is not set"
        case .value(let text): "is \(text), and no yes or no"
        }
    }

    private init(
        _ option: String, _ purpose: String, _ weight: Weight = .required, module: Bool = false
    ) {
        (self.option, self.purpose, self.weight) = (option, purpose, weight)
        canBeModule = module
    }

    /// All of them, in the order in which docs/kernels.md has them.
    package static let all = machine + memory + filesystems + checks

    private static let machine = [
        KernelNeed("64BIT", "the program is x86-64"),
        KernelNeed("PRINTK", "what the kernel says of itself is judged"),
        KernelNeed("BLK_DEV_INITRD", "the machine boots from an initramfs"),
        KernelNeed("BINFMT_ELF", "/init is an ELF file"),
        KernelNeed("TTY", "the console"),
        KernelNeed("SERIAL_8250", "the console is a serial line"),
        KernelNeed("SERIAL_8250_CONSOLE", "the console is a serial line"),
        KernelNeed("PCI", "what the run found reaches the host by a PCI device (ivshmem)"),
        KernelNeed("ACPI", "switches the machine off"),
        KernelNeed("PROC_FS", "the program looks for itself in /proc"),
        KernelNeed("SYSFS", "devices are found there"),
        KernelNeed("DEVTMPFS", "/dev/pmem0"),
        KernelNeed("SHMEM", "logs and heaps that processes share (memfd)"),
        KernelNeed("TMPFS", "/tmp, and memfd"),
        KernelNeed("FUTEX", "threads wait for each other"),
        KernelNeed("UNIX", "the actors' processes talk over sockets"),
        KernelNeed("MULTIUSER", "mke2fs and mkfs.xfs ask who they are", .wanted),
        KernelNeed("SMP", "on one CPU races are rare", .wanted),
        KernelNeed("HYPERVISOR_GUEST", "PVH asks for it", .wanted),
        KernelNeed(
            "PVH", "QEMU starts the kernel unpacked: 10 s earlier where it emulates", .wanted),
        KernelNeed("PREEMPT_DYNAMIC", "preempt=full: more interleavings on few CPUs", .wanted),
        KernelNeed("BINFMT_SCRIPT", "exec runs scripts, too", .wanted),
    ]

    private static let memory = [
        KernelNeed("MEMORY_HOTPLUG", "ZONE_DEVICE asks for it"),
        KernelNeed("MEMORY_HOTREMOVE", "ZONE_DEVICE asks for it"),
        KernelNeed("ZONE_DEVICE", "struct pages for pmem, without which nothing is on DAX"),
        KernelNeed("LIBNVDIMM", "pmem", module: true),
        KernelNeed("BLK_DEV_PMEM", "/dev/pmem0", module: true),
        KernelNeed("X86_PMEM_LEGACY", "pmem of memmap=", module: true),
        KernelNeed("FS_DAX", "files on DAX"),
        KernelNeed("FS_DAX_PMD", "faults that map 2 MiB at once", .wanted),
        KernelNeed("TRANSPARENT_HUGEPAGE", "FS_DAX_PMD asks for it", .wanted),
        KernelNeed("NVDIMM_PFN", "vm.map = \"dev\"", .wanted),
        KernelNeed("ACPI_NFIT", "vm.device = \"nvdimm\"", .wanted, module: true),
        KernelNeed("VIRTIO_PCI", "vm.device = \"virtio-pmem\"", .wanted, module: true),
        KernelNeed("VIRTIO_PMEM", "vm.device = \"virtio-pmem\"", .wanted, module: true),
    ]

    private static let filesystems = [
        KernelNeed("EXT4_FS", "ext4-dax; a mutant needs it as a module", module: true),
        KernelNeed("XFS_FS", "xfs-dax; a mutant needs it as a module", module: true),
        KernelNeed("QUOTA", "quotas (fs.mount-options)", .wanted),
        KernelNeed("QFMT_V2", "quotas of ext4", .wanted, module: true),
        KernelNeed("XFS_QUOTA", "quotas of XFS", .wanted),
    ]

    private static let checks = [
        KernelNeed("IO_URING", "the role io, and audits by io_uring"),
        KernelNeed("FTRACE", "faults and writeback are counted by tracepoints", .wanted),
        KernelNeed("FUNCTION_TRACER", "brings EVENT_TRACING", .wanted),
        KernelNeed("EVENT_TRACING", "faults and writeback are counted by tracepoints", .wanted),
        KernelNeed("PERF_EVENTS", "faults and writeback are counted by tracepoints", .wanted),
        KernelNeed("PROC_PAGE_MONITOR", "which PFN a mapping has", .wanted),
        KernelNeed("USERFAULTFD", "system calls that stand still in their midst", .wanted),
        KernelNeed("MEMORY_FAILURE", "the role poisoner", .wanted),
        KernelNeed("KPROBES", "probes of the kernel's own functions", .wanted),
        KernelNeed("KALLSYMS", "stacks that name functions", .wanted),
        KernelNeed("DETECT_HUNG_TASK", "a task that is stuck is named", .wanted),
        KernelNeed("SOFTLOCKUP_DETECTOR", "a CPU that is stuck is named", .wanted),
        KernelNeed("MAGIC_SYSRQ", "the stacks of a run that does not come forward", .wanted),
    ]
}
