import DaxHost
package import DaxReport
import DaxSystem
import DaxText

/// A run of the program as a process of its own, by the report that it leaves.
///
/// It ends with the thread that started it, however that ends. A run whose report is there already is not
/// run again, so that whoever needs many goes on where it was stopped.
package enum ReportedRun {
    /// What it left.
    package enum End {
        case report(Report)
        /// It was stopped, by the caller or by a signal that was meant for it alone, before it had found
        /// anything: another time it may.
        case stopped
        /// No report; the last that it said is why.
        case none(String)
    }

    /// Runs `arguments[0]`, which leave their report in `directory`; until `isStopped`.
    package static func run(
        _ arguments: [String], in directory: String, isStopped: () -> Bool
    ) throws -> End {
        if let end = kept(in: directory) { return end }
        try clear(directory)
        try Files.makeDirectories(Files.parent(of: directory))
        let output = try HostFile.memory("output")
        let error = try HostFile.memory("error")
        var child = try ChildProcess(
            arguments, environment: ChildProcess.environment, output: output, error: error)
        while try child.wait(milliseconds: 300) == nil {
            // The report would be that of a machine that was switched off half-way.
            if isStopped() { return .stopped }
        }
        if let report = read(directory) {
            // A signal was meant for it alone, or has not been seen here yet.
            return isUnfinished(report) ? .stopped : .report(report)
        }
        let said = String(decoding: try error.readAll(), as: UTF8.self)
        let reason = said.split(separator: "\n").last ?? "it said nothing"
        return .none(Layout.oneLine(String(reason.suffix(300))))
    }

    /// What a run left there before; nil where it is to be run.
    package static func kept(in directory: String) -> End? {
        guard let report = read(directory), !isUnfinished(report) else { return nil }
        return .report(report)
    }

    private static func isUnfinished(_ report: Report) -> Bool {
        report.interruption != nil && report.verdict != .violation
    }

    private static func read(_ directory: String) -> Report? {
        guard let bytes = try? Files.read("\(directory)/report.json"), let json = try? JSON(bytes)
        else { return nil }
        return try? Report(json: json)
    }

    /// Removes what a run that was stopped has left.
    private static func clear(_ directory: String) throws {
        guard Files.exists(directory) else { return }
        for file in ReportDirectory.files where Files.exists("\(directory)/\(file)") {
            try Files.remove("\(directory)/\(file)")
        }
    }
}
