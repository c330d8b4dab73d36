import DaxHost
import DaxProve
import DaxReport
import DaxSystem
import DaxText

/// The runs of a night by the program itself, each a process whose report lies in the night's directory.
package struct ProgramRuns: Sendable {
    private let program: String
    private let directory: String

    /// Runs `program`, this one; `directory` is the night's.
    package init(program: String, directory: String) {
        (self.program, self.directory) = (program, directory)
    }

    /// Makes a run. One whose report is there already is not made again.
    package func execute(
        _ request: NightRunner.Request, _ isStopped: () -> Bool
    ) -> NightRunner.End {
        let place = "\(directory)/runs/\(request.report)"
        let began = Clock.secondsSinceEpoch()
        let watch = Clock.monotonicNanoseconds()
        func outcome(_ sentence: String) -> NightRunner.End {
            let wall = Double(Clock.monotonicNanoseconds() - watch) / 1e9
            return .outcome(
                RunOutcome(
                    id: request.run.id, verdict: .untested, sentence: sentence,
                    seed: request.run.seed, began: began, wall: wall))
        }
        do {
            let end = try ReportedRun.run(
                [program] + request.arguments + ["--report", place], in: place,
                isStopped: isStopped)
            switch end {
            case .stopped: return .stopped
            case .none(let reason): return outcome("no report: \(reason)")
            case .report(let report):
                let host = try? JSON(Files.input("\(place)/host.json", limit: 1 << 20))
                let wall =
                    host?["total_s"]?.number
                    ?? Double(Clock.monotonicNanoseconds() - watch) / 1e9
                var outcome = RunOutcome(
                    report, of: request.run, began: host?["started_unix_s"]?.count ?? began,
                    wall: wall)
                outcome.start = host?["first_verified_operation_s"]?.number ?? 0
                outcome.hasPage = Files.exists("\(place)/report.html")
                return .outcome(outcome)
            }
        } catch { return outcome("\(error)") }
    }
}
