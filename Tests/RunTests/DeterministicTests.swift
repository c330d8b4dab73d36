import DaxHost
import DaxReport
import DaxSystem
import DaxText
import TestSupport
import Testing

/// Whole runs in the deterministic machine. They are a suite of their own since they disturb nobody
/// and nobody disturbs them: the machine has one thread, and its clock counts instructions.
@Suite(
    .serialized,
    .enabled(if: TestBench.canBoot, "no QEMU or no kernel here: ci/test brings both"))
struct DeterministicTests {
    /// Memory that fails on purpose: by the kernel's word, which kernels for the cloud may not have,
    /// and by bad blocks of the device. How often in so short a time, the seed decides.
    @Test func memoryThatFailsIsClean() throws {
        let run = try WholeRun.of(
            WholeRun.arguments("ext4-dax", seconds: 2) + Host.kernelWithMemoryFailure
                + ["--deterministic", "--config", "\(Host.repository)/configs/poison.toml"])
        let report = run.report
        #expect(run.exit == .exited(0), "\(run.said)")
        #expect(report.verdict == .clean, "\(report.summary())")
        #expect(report.sigbus.taken == report.sigbus.accounted)
        let told = try #require(report.notes.first { $0.contains(" pages failed on purpose (") })
        let counts = told.split { !$0.isNumber }.compactMap { UInt64($0) }
        try #require(counts.count == 7, "\(told)")
        // Pages that failed, and those of a PMD.
        if Host.kernelWithMemoryFailure.isEmpty {
            #expect(report.notes.contains { $0.contains("no memory failure by MADV_HWPOISON") })
        } else {
            #expect(counts[0] > counts[1] && counts[1] > 0, "\(told)")
        }
        // Bad blocks, their SIGBUS and EIO, and by what they became good again.
        #expect(counts[2] > 0 && counts[5] > 0 && counts[6] > 0, "\(told)")
        #expect(counts[3] == counts[2] && counts[4] == counts[2], "\(told)")
        #expect(report.sigbus.poisoned == counts[0] + counts[3])
    }

    /// Logs that are soon full end epochs early: that costs nothing but epochs. How soon, the seed decides.
    @Test func littleMemoryMakesShortEpochs() throws {
        let run = try WholeRun.of(
            WholeRun.arguments("ext4-dax", seconds: 5, epoch: "1h")
                + ["--deterministic", "--set", "oracle.memory=16MiB"])
        let report = run.report
        #expect(run.exit == .exited(0), "\(run.said)")
        #expect(report.checks.epochs > 1)
        #expect(report.memory.budget == 16 << 20)
        #expect(report.memory.logs + report.memory.judgePeak <= report.memory.budget)
        #expect(report.sigbus.taken == report.sigbus.accounted)
    }

    @Test func theSeedDecidesTheWholeReport() throws {
        func run(_ name: String, _ arguments: [String]) throws -> WholeRun.Outcome {
            let run = try WholeRun.of(arguments, name)
            #expect(run.exit == .exited(0), "\(run.said)")
            return run
        }
        func arguments(seed: Int) -> [String] {
            WholeRun.arguments("ext4-dax", seconds: 1, seed: seed) + ["--deterministic"]
        }
        let first = try run("first", arguments(seed: 7))
        // By what the first one left, and nothing else.
        let scratch = try Scratch()
        try scratch.write("resolved.toml", Array(first.resolved.utf8))
        let second = try run("second", ["--config", "\(scratch.path)/resolved.toml"])
        #expect(second.bytes == first.bytes && second.resolved == first.resolved)
        // The seed itself stands in the report, so that its bytes would differ anyway.
        let (one, other) = (
            try JSON(first.bytes), try JSON(run("other", arguments(seed: 8)).bytes)
        )
        #expect(one["operations"] != nil && one["operations"] != other["operations"])
    }
}
