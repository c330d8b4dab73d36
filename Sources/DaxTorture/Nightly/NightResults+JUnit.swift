import DaxPicture
import DaxText

/// JUnit's XML, as Jenkins, GitLab and others read it: a suite for each kernel.
extension NightResults {
    /// junit.xml.
    package var junit: String {
        let suites = plan.kernels.map { kernel in
            (kernel.name, runs.filter { $0.run.kernel == kernel.name })
        }.filter { !$0.1.isEmpty }
        let root = Markup(
            "testsuites",
            [
                "name": "daxtorture \(plan.matrix)", "tests": runs.count,
                "failures": count(.failed), "errors": errors(runs), "skipped": count(.known),
                "time": seconds(runs.reduce(0) { $0 + ($1.outcome?.wall ?? 0) }),
            ], suites.map { suite($0, $1) })
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + root.text + "\n"
    }

    private func errors(_ runs: [RunResult]) -> Int {
        runs.count { $0.word == .untested || $0.word == .notRun }
    }

    private func suite(_ kernel: String, _ runs: [RunResult]) -> Markup {
        Markup(
            "testsuite",
            [
                "name": kernel, "tests": runs.count, "failures": runs.count { $0.word == .failed },
                "errors": errors(runs), "skipped": runs.count { $0.word == .known },
                "time": seconds(runs.reduce(0) { $0 + ($1.outcome?.wall ?? 0) }),
                "timestamp": Nights.timestamp(plan.started),
            ], runs.map(test))
    }

    private func test(_ result: RunResult) -> Markup {
        let run = result.run
        let message = Layout.oneLine(result.sentence)
        let told = ([result.sentence, "seed \(result.seed)"] + notes(result))
            .joined(separator: "\n")
        let body: [Markup]
        switch result.word {
        case .passed: body = []
        case .failed:
            let kind = findings.first { $0.runs.contains(run.id) }?.title ?? "failed"
            body = [Markup("failure", ["type": kind, "message": message], told)]
        case .known:
            body = [
                Markup(
                    "skipped", ["message": "known: \(result.outcome?.knownFailure ?? "-")"], told)
            ]
        case .untested, .notRun:
            body = [Markup("error", ["type": result.word.rawValue, "message": message], told)]
        }
        // What was left out of an id is left out of a name, too: they are compared from night to night.
        return Markup(
            "testcase",
            [
                "classname": "\(run.kernel)_\(run.filesystem)", "name": run.id,
                "time": seconds(result.outcome?.wall ?? 0),
            ], body)
    }

    private func seconds(_ seconds: Double) -> String { Nights.decimal(seconds) }
}

extension Nights {
    /// `2026-11-28T09:30:15`, in UTC, as JUnit has it.
    static func timestamp(_ seconds: UInt64) -> String {
        let name = name(seconds)
        let time = name.suffix(6)
        return
            "\(name.prefix(11))\(time.prefix(2)):\(time.dropFirst(2).prefix(2)):\(time.suffix(2))"
    }

    /// To a thousandth.
    static func decimal(_ number: Double) -> String {
        let thousandths = UInt64(max(0, number) * 1000)
        let rest = "\(thousandths % 1000)"
        return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - rest.count) + rest
    }
}
