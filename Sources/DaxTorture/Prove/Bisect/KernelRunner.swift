package import DaxConfig
import DaxHost
import DaxModel
import DaxSystem
package import DaxText
import Glibc

/// The kernel of a bisection as files.
package struct KernelFiles: Hashable, Sendable {
    /// A bzImage or vmlinuz.
    package var image: String
    /// As /lib/modules/RELEASE is; nil: what the config says, or everything is built in.
    package var modules: String?

    package init(image: String, modules: String?) { (self.image, self.modules) = (image, modules) }
}

/// Runs the kernels of a bisection by the program itself, each run from a seed of its own, and keeps their
/// reports below a directory: KERNEL/run-N.
package final class KernelRunner {
    private let program: String
    private let directory: String
    private let config: String
    private let plan: RunConfig
    private let seed: Seed
    private let log: HostFile

    /// Runs `program`, this one, with the file `config`, which plans them as `plan` says, from
    /// seeds that follow from `seed`. `directory`, which is there, gets a line for each run into `bisect.log`,
    /// which it begins anew.
    package init(
        program: String, directory: String, config: String, plan: RunConfig, seed: Seed
    ) throws {
        (self.program, self.directory, self.config) = (program, directory, config)
        (self.plan, self.seed) = (plan, seed)
        log = try HostFile.creating("\(directory)/bisect.log", replacing: true)
    }

    /// A seed for each run of each kernel.
    package static func seed(_ first: Seed, kernel: String, number: Int) -> Seed {
        let name = kernel.utf8.reduce(first.value) { Random.mix($0 ^ UInt64($1)) }
        return Seed(Random.mix(name &+ UInt64(number)))
    }

    /// The arguments of a run, but for the report, as a user would give them.
    package func arguments(_ kernel: String, _ files: KernelFiles, number: Int) -> [String] {
        let seed = KernelRunner.seed(seed, kernel: kernel, number: number)
        return ["run", "--config", config, "--kernel", files.image]
            + (files.modules.map { ["--modules", $0] } ?? []) + ["--seed", "\(seed)"]
    }

    /// Where the report of a run is.
    package func report(_ kernel: String, number: Int) -> String {
        "\(directory)/\(kernel)/run-\(number)"
    }

    /// Runs a kernel once more. Where the report is there already, as after a stop, that is what it comes to;
    /// else `prepare` makes the kernel ready, or says why not.
    package func run(
        _ kernel: String, _ files: KernelFiles, number: Int, isStopped: () -> Bool,
        prepare: () throws -> Bisector.Answer?
    ) throws -> Bisector.Answer {
        let report = report(kernel, number: number)
        if ReportedRun.kept(in: report) == nil, let answer = try prepare() { return answer }
        let arguments = arguments(kernel, files, number: number) + ["--report", report]
        let end = try ReportedRun.run([program] + arguments, in: report, isStopped: isStopped)
        let findings: RunFindings
        switch end {
        case .stopped: return .interrupted
        case .report(let report): findings = RunFindings(report, plan: plan)
        case .none(let reason): findings = RunFindings(excuse: reason)
        }
        let seed = KernelRunner.seed(seed, kernel: kernel, number: number)
        var told = findings.signatures
        if let excuse = findings.excuse { told.append("no test: \(excuse)") }
        let line =
            "\(kernel) \(number) \(seed) \(told.isEmpty ? "-" : told.joined(separator: "; "))"
        try log.write(Array((Layout.oneLine(line) + "\n").utf8))
        return .run(findings)
    }
}
