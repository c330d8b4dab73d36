import ArgumentParser
import DaxConfig
import DaxDevices
import DaxReport
import DaxSystem
import DaxText

struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Torture a filesystem and give a verdict (the default).")

    @OptionGroup var options: RunOptions

    /// Checks everything that can be checked before anything is touched, then runs.
    mutating func run() throws {
        let schema = ConfigSchema()
        let config = try options.resolve(schema)
        try checkPlace(config)
        let directory = try ReportDirectory(options.report ?? ReportDirectory.defaultPath())

        Console.line(config.summary())
        Console.line("report in \(directory.path)")
        try directory.write(Array(config.text(schema: schema).utf8), as: "resolved.toml")
        let (report, figures) = torture(config, in: directory)
        try directory.write(report)
        try directory.write(figures)
        Console.line(report.verdictLine)
        throw ExitStatus(code: report.verdict.exitStatus)
    }

    /// What the config names must be there, and a device must be free.
    private func checkPlace(_ config: Config) throws {
        if options.format && config.fs.device == nil {
            throw UsageError("--format: there is no --device to format")
        }
        for (name, path) in [("--mount", config.fs.mount), ("--modules", config.vm.modules)] {
            if let path, Files.kind(path) != .directory {
                throw UsageError("\(name): \(path) is not a directory")
            }
        }
        for (name, path) in [("--kernel", config.vm.kernel), ("--qemu", config.vm.qemu)] {
            if let path, Files.kind(path) != .regular {
                throw UsageError("\(name): \(path) is not a file")
            }
        }
        if let device = config.fs.device,
            let refusal = DeviceCheck().refusal(of: device, format: options.format)
        {
            throw UsageError(refusal.description)
        }
    }
}

/// Runs `config` and gives what came of it.
private func torture(
    _ config: Config, in directory: borrowing ReportDirectory
) -> (Report, HostFigures) {
    var report = Report(fs: config.fs.type.rawValue, seed: config.run.seed ?? Seed(0))
    report.actors = config.actors.map { ActorFacts(name: $0.name, role: $0.role, count: $0.count) }
    report.conclude(obstacles: ["this build has no actors to run"])
    return (report, HostFigures(started: 0, total: 0))
}
