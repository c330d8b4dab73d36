import ArgumentParser
import DaxDoctor
import DaxHost
import DaxMachine
import DaxText
import DaxTorture

struct Doctor: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what this host can do, what is missing, and what mends it.",
        discussion: """
            One line each: ok, missing or broken, and the command that mends it. Without an argument it \
            looks at what a run in a machine needs (KVM is tried by booting a kernel), and at what runs \
            on this host itself would have. With a directory it says whether files there are on DAX, and \
            why not. With --kernel-config it compares a kernel's .config with what a machine needs \
            (docs/kernels.md).

            Exit status: 0 a machine can run here (files there are on DAX, the kernel will do), 1 not, \
            2 bad usage.
            """)

    @Argument(help: "A directory of a mounted filesystem.", completion: .directory)
    var directory: String?

    @Option(
        help: ArgumentHelp("A kernel's .config, or a config-RELEASE.", valueName: "file"),
        completion: .file())
    var kernelConfig: String?

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        if directory != nil && kernelConfig != nil {
            throw ValidationError("a directory and --kernel-config exclude each other")
        }
    }

    mutating func run() throws {
        let report: DoctorReport
        do {
            report = try self.report()
        } catch MachineError.interrupted {
            throw RunError.untested("interrupted")
        } catch let error as MachineError {
            throw RunError.config("\(error)")
        }
        Console.text(json ? report.json.text : report.text)
        if !report.isPossible { throw ExitStatus.violation }
    }

    private func report() throws -> DoctorReport {
        if let kernelConfig {
            let config = try KernelConfig(path: kernelConfig)
            return DoctorReport(
                "a run with this kernel", ConfigDoctor.diagnoses(config, path: kernelConfig))
        }
        if let directory {
            return DoctorReport("a run in \(directory)", MountDoctor(directory).diagnoses())
        }
        try Interrupts.count()
        return DoctorReport(
            "a run in a machine",
            try MachineDoctor(cache: CacheDirectory.path).diagnoses() + PmemDoctor().diagnoses
                + RightsDoctor().diagnoses)
    }
}
