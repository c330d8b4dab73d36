import Testing

@testable import DaxMachine

@Suite struct KernelReportTests {
    private func reports(_ lines: [String]) -> [KernelReport] {
        ConsoleLog(Array(lines.joined(separator: "\r\n").utf8)).reports
    }

    @Test(arguments: [
        ("BUG: unable to handle page fault for address: ffffc90000e3d000", KernelReport.Kind.bug),
        ("BUG: Bad page state in process daxtorture  pfn:12345", .bug),
        ("BUG: sleeping function called from invalid context at mm/memory.c:5", .bug),
        ("kernel BUG at fs/dax.c:1234!", .bug),
        ("WARNING: CPU: 1 PID: 77 at fs/dax.c:380 dax_insert_entry+0x2a0/0x300", .warning),
        ("WARNING: fs/dax.c:380 at dax_insert_entry+0x2a0/0x300, CPU#1: puncher/77", .warning),
        ("Oops: 0002 [#1] PREEMPT SMP NOPTI", .oops),
        (
            "Oops: general protection fault, probably for non-canonical address: 0000 [#1] SMP",
            .oops
        ),
        ("general protection fault, probably for non-canonical address 0xdead: 0000 [#1]", .oops),
        ("invalid opcode: 0000 [#1] PREEMPT SMP PTI", .oops),
        ("traps: PANIC: double fault, error_code: 0x0", .oops),
        ("list_del corruption. prev->next should be ffff8880, but was 0", .oops),
        ("INFO: task puncher:77 blocked for more than 120 seconds.", .hungTask),
        ("rcu: INFO: rcu_preempt self-detected stall on CPU", .stall),
        ("rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:", .stall),
        ("watchdog: BUG: soft lockup - CPU#0 stuck for 26s! [writer:70]", .stall),
        ("watchdog: Watchdog detected hard LOCKUP on cpu 1", .stall),
        ("WARNING: possible circular locking dependency detected", .lockdep),
        ("WARNING: inconsistent lock state", .lockdep),
        ("INFO: possible recursive locking detected", .lockdep),
        ("INFO: trying to register non-static key.", .lockdep),
        ("BUG: KASAN: slab-use-after-free in dax_writeback+0x10/0x20", .sanitizer),
        ("BUG: KCSAN: data-race in a / b", .sanitizer),
        ("UBSAN: array-index-out-of-bounds in fs/x.c:3:4", .sanitizer),
        ("EXT4-fs error (device pmem0): ext4_lookup:1855: inode #2: bad", .corruption),
        ("XFS (pmem0): Internal error i != 1 at line 2210 of file fs/xfs/x.c", .corruption),
        ("XFS (pmem0): Metadata corruption detected at xfs_agf_verify", .corruption),
        ("XFS: Assertion failed: ip->i_nblocks == 0, file: fs/xfs/xfs_inode.c", .corruption),
        ("Kernel panic - not syncing: Fatal exception", .panic),
    ])
    func sees(line: String, kind: KernelReport.Kind) {
        for prefix in ["", "[    3.140000] ", "[   12.345678][  T123] ", "[ 9999.1][    C1] "] {
            let found = reports(["[    1.0] before", prefix + line, "[    4.0] after"])
            #expect(found.map(\.kind) == [kind])
            #expect(found.first?.line == line)
            #expect(found.first?.index == 1)
            #expect(found.first?.context.count == 3)
        }
    }

    /// Lines of ordinary boots of Debian's 6.1 and 6.12, and of runs in which nothing is wrong.
    @Test(arguments: [
        "XFS (pmem0): DAX enabled. Warning: EXPERIMENTAL, use at your own risk",
        "nd_pmem namespace0.0: unable to guarantee persistence of writes",
        "Unknown kernel command line parameters \"SWIFT_ROOT=/\", will be passed to user space.",
        "mtrr: your CPUs had inconsistent fixed MTRR settings",
        "NMI watchdog: Perf NMI watchdog permanently disabled",
        "watchdog: NMI not fully supported",
        "RETBleed: WARNING: Spectre v2 mitigation leaves CPU vulnerable to RETBleed attacks",
        "Spectre V2 : WARNING: Unprivileged eBPF is enabled with eIBRS on, data leaks possible!",
        "clocksource: timekeeping watchdog on CPU1: Marking clocksource 'tsc' as unstable",
        "rcu: Preemptible hierarchical RCU implementation.",
        "rcu: RCU calculated value of scheduler-enlistment delay is 25 jiffies.",
        "rcu: \tRCU lockdep checking is enabled.",
        "Lock dependency validator: Copyright (c) 2006 Red Hat, Inc., Ingo Molnar",
        "pci 0000:00:01.1: [8086:7010] type 00 class 0x010180 conventional PCI endpoint",
        "PCI: Using host bridge windows from ACPI; if necessary, use \"pci=nocrs\" and report a bug",
        "traps: a.out[77] general protection fault ip:55d sp:7ff error:0 in a.out[55d+1000]",
        "daxtorture[70]: segfault at 7f00 ip 000055 sp 00007f error 6 in daxtorture",
        "unchecked MSR access error: RDMSR from 0x852 at rIP: 0xffffffff8 (native_read_msr+0x4)",
        "EXT4-fs (pmem0): mounted filesystem with ordered data mode. Quota mode: none.",
        "EXT4-fs (pmem0): DAX enabled. Warning: EXPERIMENTAL, use at your own risk",
        "XFS (pmem0): Ending clean mount", "XFS (pmem0): Unmounting Filesystem",
        "ACPI BIOS Warning (bug): 32/64X length mismatch in FADT/Gpe0Block: 128/32",
        "workqueue: blk_mq_run_work_fn hogged CPU for >10000us 4 times, consider switching",
        "perf: interrupt took too long (2504 > 2500), lowering kernel.perf_event_max_sample_rate",
        "input: AT Translated Set 2 keyboard as /devices/platform/i8042/serio0/input/input1 [#x]",
        "ima: No TPM chip found, activating TPM-bypass!",
        "x86/fpu: Enabled xstate features 0x21f, context size is 2696 bytes, using 'standard' format.",
    ])
    func passesOver(line: String) {
        #expect(reports(["[    1.234567] " + line, line]).isEmpty)
    }

    @Test func oneCrashIsOneReport() {
        let crash = [
            "[1.0] ordinary", "[2.0] BUG: kernel NULL pointer dereference, address: 0",
            "[2.0] #PF: supervisor write access", "[2.0] Oops: 0002 [#1] PREEMPT SMP",
            "[2.0] Call Trace:", "[2.0] ---[ end trace 0000000000000000 ]---",
            "[2.1] Kernel panic - not syncing: Fatal exception",
            "[2.1] Kernel Offset: disabled",
        ]
        let found = reports(crash)
        #expect(found.map(\.kind) == [.bug, .panic])
        #expect(found[0].context == Array(crash[0...5]))
    }

    /// Lines as Linux 6.1 and 6.12 print them.
    @Test(
        arguments: [
            (
                ["WARNING: CPU: 1 PID: 77 at fs/dax.c:380 dax_insert_entry+0x2a0/0x300"],
                "dax_insert_entry"
            ),
            (
                ["WARNING: CPU: 0 PID: 7 at fs/dax.c:9 dax_iter.constprop.0+0x1/0x2 [ext4]"],
                "dax_iter"
            ),
            (
                [
                    "kernel BUG at fs/dax.c:1234!", "RIP: 0010:dax_writeback_one+0x1b/0x2c",
                    "RIP: 0033:0x7f00",
                ], "dax_writeback_one"
            ),
            (["BUG: KASAN: slab-use-after-free in dax_lock_page+0x10/0x20"], "dax_lock_page"),
            (
                [
                    "INFO: task write:77 blocked for more than 30 seconds.", "Call Trace:",
                    " <TASK>",
                    " __schedule+0x2d1/0x830", " schedule+0x5a/0xd0",
                    " rwsem_down_write_slowpath+0x1/0x2", " ? prepare+0x1/0x2",
                    " ext4_dax_huge_fault+0x1/0x2 [ext4]",
                ], "ext4_dax_huge_fault"
            ),
            (["EXT4-fs error (device pmem0): ext4_lookup:1855: inode #2: bad"], "ext4_lookup"),
            (
                ["XFS (pmem0): Metadata corruption detected at xfs_agf_verify+0x11/0x22 [xfs], x"],
                "xfs_agf_verify"
            ),
            (["WARNING: possible circular locking dependency detected"], nil),
        ] as [([String], String?)])
    func namesTheFunction(_ lines: [String], _ function: String?) {
        #expect(reports(lines.map { "[    2.0] \($0)" }).map(\.function) == [function])
    }

    @Test func boundsTheContext() {
        let stall = "[1.0] rcu: INFO: rcu_preempt self-detected stall on CPU"
        let long = [String](repeating: "[1.1] text", count: 500)
        let found = reports(long + [stall] + long + [stall])
        #expect(found.map(\.index) == [500, 1001])
        #expect(found[0].context.count == 62)
        #expect(found[1].context.count == 3)
    }

    @Test func splitsAnythingIntoLines() {
        let bytes: [UInt8] = Array("a\r\nb\n\n".utf8) + [0xff, 0xfe, 0x0a] + Array("c".utf8)
        let lines = ConsoleLog(bytes).lines
        #expect(lines.count == 4)
        #expect(lines[0] == "a" && lines[1] == "b" && lines[3] == "c")
    }
}
