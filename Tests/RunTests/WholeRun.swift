import DaxHost
import DaxReport
import DaxSystem
import DaxText
import TestSupport
import Testing

/// Whole runs of the program in a virtual machine.
enum WholeRun {
    /// A small file, so that an unoptimised program gets through its audits.
    static func arguments(
        _ filesystem: String, seconds: Int, seed: Int = 7, epoch: String = "500ms"
    ) -> [String] {
        [
            "--fs", filesystem, "--duration", "\(seconds)s", "--seed", "\(seed)",
            "--epoch", epoch, "--set", "fs.file-size=4MiB",
        ]
    }

    struct Outcome {
        var exit: ChildProcess.Exit?
        var report: Report
        var bytes: [UInt8]
        /// resolved.toml.
        var resolved: String
        var said: String

        var lastLine: Substring { said.split(separator: "\n").last ?? "" }
    }

    /// Runs it to its end.
    static func of(_ arguments: [String], _ function: String = #function) throws -> Outcome {
        let program = try Program(function)
        let run = try program.run(arguments, seconds: 400)
        let said = run.error + String(decoding: run.output, as: UTF8.self)
        try #require(Files.exists("\(program.report)/report.json"), "\(said)")
        return Outcome(
            exit: run.exit, report: try program.reportRead(),
            bytes: try Files.read("\(program.report)/report.json"),
            resolved: try Files.text("\(program.report)/resolved.toml"), said: said)
    }
}
