import DaxModel
import DaxReport
import DaxText

/// A run that exercised everything and found nothing.
func cleanReport() -> Report {
    var report = Report(fs: "ext4-dax", seed: Seed(7))
    report.kernel = "6.1.0-50-cloud-amd64"
    report.duration = 20
    report.dax = DaxProof(files: 1, statx: 1, mapSync: 1)
    report.operations = ["store": 1_200_000, "fault": 30_000, "punch": 4000, "truncate": 500]
    report.operationsFailed = ["punch": ["ENOSPC": 3, "ECANCELED": 1], "store": ["SIGBUS": 890]]
    report.faults = FaultCounts(pte: 12_345, pmd: 678, fellBack: 91)
    report.sigbus = SigbusCounts(
        justified: 890, poisoned: 1, noSpace: 10, taken: 901)
    report.overlaps = [
        "faulter x puncher": 5, "faulter x truncater": 6, "faulter x writer": 7,
        "puncher x truncater": 8, "puncher x writer": 9, "truncater x writer": 10,
    ]
    report.coverage = [
        Coverage("faulter", "faulter", none: 1, pte: 2, pmd: 3),
        Coverage("faulter", "puncher", none: 1000, pte: 4, pmd: 0),
        Coverage("puncher", "truncater", none: 8, pte: nil, pmd: nil),
    ]
    report.checks = CheckCounts(words: 4_321_000, bytes: 34_568_000, epochs: 20)
    report.power[.zeroForStamp] = PowerFacts.Count(tried: 400, refused: 301)
    report.power[.successForSigbus] = PowerFacts.Count(tried: 20, refused: 20)
    (report.decided.racing.words, report.decided.racing.exact) = (21_000, 20_500)
    (report.decided.racing.torn, report.decided.racing.undecided) = (480, 20)
    (report.decided.audits.words, report.decided.audits.exact) = (4_300_000, 4_300_000)
    (report.decided.sizes.searched, report.decided.sizes.undecided) = (800, 12)
    report.space = SpaceFacts(baseline: 1_000_000_000, after: 999_995_904)
    report.memory = MemoryFacts(
        budget: 536_870_912, logs: 33_554_432, judgePeak: 12_345_678)
    report.clock = ClockFacts(source: "tsc", cpus: 2, before: 31, after: 30, slack: 1000)
    report.actors = [
        ActorFacts(name: "fault", role: "faulter", count: 2),
        ActorFacts(name: "punch", role: "puncher", count: 1),
        ActorFacts(name: "truncate", role: "truncater", count: 1),
        ActorFacts(name: "write", role: "writer", count: 2),
    ]
    report.processes = ProcessFacts(
        actors: [["fault 1", "punch 1", "write 1"], ["fault 2", "truncate 1", "write 2"]],
        overlaps: 23)
    report.latency = ["store": Latency(p50: 850, p90: 1234, p99: 45_600, max: 2_100_000)]
    report.machine = MachineFacts(
        acceleration: "tcg", qemuVersion: "10.0.2", cpus: 2, memory: .gib(1), pmem: .gib(1),
        device: "memmap", map: "mem", initramfs: ByteSize(bytes: 7_123_456),
        commandLine: "console=ttyS0 memmap=1G!1G", seed: Seed(7),
        digests: MachineDigests(
            kernel: "4b", qemu: "5c", initramfs: "6d", modules: ["nd_pmem": "7e", "xfs": "8f"]))
    report.volume = VolumeFacts(
        mkfs: "mke2fs -q -t ext4 /dev/pmem0", tool: "mke2fs 1.47.0 (5-Feb-2023)",
        mount: "-t ext4 -o dax=always")
    report.conclude()
    return report
}

let staleRead = Finding(
    rule: .regrowth, file: "file0", offset: 0x20_3000, expected: "zero",
    observed: "0x03000000070a1b2c, stamp 7 of writer 3",
    operations: [
        "writer 3 #7 store 0x200000+65536 [1000, 1400]",
        "truncater 1 #2 truncate to 0x100000 [1500, 1900]",
        "faulter 2 #9 load 0x203000 [2100, 2200]",
    ],
    story:
        "faulter 2 read stamp 7 of writer 3 in kernel 6.1.0 after truncater 1 had cut it off. The "
        + "file had been grown again, so every word there had to be zero.\nThe mapping was stale.")
