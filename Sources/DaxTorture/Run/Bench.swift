package import DaxBench
package import DaxConfig
import DaxHost
import DaxSystem
import DaxText

/// Measures what a config's `[bench]` asks for, in a directory on the filesystem.
package struct Bench {
    private let config: Config
    private let directory: String

    /// How a benchmark's result is called in the report directory.
    static let file = "bench.json"

    package init(_ config: Config, in directory: String) {
        (self.config, self.directory) = (config, directory)
    }

    /// - Parameter progress: gets what comes next, before it is measured.
    package func run(_ progress: (String) -> Void) throws -> BenchReport {
        try Mapping.guardAccess()
        var report = BenchReport()
        report.kernel = GuestKernel.release()
        report.filesystem = config.fs.type.rawValue
        report.cpus = UInt64(Processors.online)
        switch config.bench.kind {
        case nil: break
        case .instructions:
            progress("counting instructions")
            report.instructions = try InstructionBench(in: directory).run()
            report.curves = try CurveBench(in: directory).run()
        case .faults:
            let ticksPerSecond = Clock.measureTicksPerSecond()
            for point in BenchPlan.points(threads: Int(config.bench.threads)) {
                progress(
                    "\(point.path.rawValue) \(point.size.rawValue), \(point.threads) threads, "
                        + "\(point.sharing.rawValue), \(point.beside.rawValue)")
                report.faults.append(
                    try FaultBench(point, in: directory, ticksPerSecond: ticksPerSecond).run(
                        passes: Int(config.bench.passes)))
            }
        }
        return report
    }
}
