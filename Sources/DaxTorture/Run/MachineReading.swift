import DaxMachine
import DaxReport
import DaxText

extension Violation {
    /// R10: the kernel printed what a sound one does not.
    init(kernel found: KernelReport) {
        self.init(
            rule: "R10", file: "", offset: 0, expected: "a silent kernel",
            observed: found.kind.rawValue, operations: found.context,
            story: "the kernel printed \"\(found.line)\"")
    }
}

extension Report {
    /// Adds what the kernel printed (R10): before the taint that came with it, which says less and was
    /// only looked at later; else behind what was found before.
    mutating func add(printed reports: [KernelReport]) {
        for found in reports {
            let violation = Violation(kernel: found)
            guard let taint = violations.firstIndex(where: \.isTaint) else {
                add(violation)
                continue
            }
            if violations.count == Report.listed { violations.removeLast() }
            violations.insert(violation, at: min(taint, violations.count))
            violationsTotal += 1
        }
    }
}

/// What a machine's end means for the verdict.
struct MachineReading {
    let run: MachineRun

    /// Puts together what the guest sent, what its kernel printed, and how it ended.
    func report(sent: [UInt8]?, obstacle: String?, otherwise: Report) throws -> Report {
        var report = if let sent { try Report(json: JSON(sent)) } else { otherwise }
        report.kernel = run.kernelRelease
        var obstacles: [String] = []
        if let obstacle { obstacles.append(obstacle) }
        switch run.outcome {
        case .finished: break
        case .panicked where harnessDied != nil:
            obstacles.append("the harness itself died: \(harnessDied!)")
        case .panicked:
            // The panic's own lines are among the console's reports.
            obstacles.append("the machine ended before the run did")
        case .hung(let seconds):
            report.add(
                Violation(
                    rule: "R10", file: "", offset: 0, expected: "every operation returns",
                    observed: "no sign of life for \(seconds) s", operations: run.lastLines,
                    story: "the guest has said nothing for \(seconds) s"))
        case .neverBooted(let reason):
            obstacles.append("the guest never came up: \(reason)")
        case .silent(let seconds):
            obstacles.append("the guest never came up: no sign of life in \(seconds) s")
        case .qemuDied(let reason): obstacles.append("QEMU died: \(reason)")
        case .garbled(let reason): obstacles.append("the guest sent garbage: \(reason)")
        case .interrupted: obstacles.append("interrupted before the guest could report")
        }
        noteTheConsole(&report)
        // R10: what a sound kernel does not print.
        if run.kernelRelease != nil { report.add(printed: run.reports) }
        if let reason = run.failureOfKVM {
            report.notes.append("emulated: KVM did not boot it (\(reason))")
        }
        if run.silentBoots > 0 {
            report.notes.append("booted once more: at first the guest showed no sign of life")
        }
        if report.violationsTotal == 0 && run.outcome == .panicked && harnessDied == nil {
            report.add(
                Violation(
                    rule: "R10", file: "", offset: 0, expected: "the machine lives",
                    observed: "it reset itself", operations: run.lastLines,
                    story: "the guest's machine reset itself without a word"))
        }
        report.conclude(obstacles: obstacles)
        return report
    }

    /// Of a machine that gave no report, what it printed last is all there is: it is no part of the
    /// verdict, which is one sentence.
    private func noteTheConsole(_ report: inout Report) {
        switch run.outcome {
        case .finished, .panicked, .hung, .interrupted: break
        case .neverBooted, .silent, .qemuDied, .garbled:
            report.notes += run.lastLines.map { "the console at its end: \($0)" }
        }
    }

    /// The line by which the guest says that the run's own process died.
    var harnessDied: String? {
        run.lastLines.first { $0.contains(Guest.deathNote) }
    }

    var lastWords: String {
        run.lastLines.isEmpty
            ? "" : "; the console ends with: \(run.lastLines.suffix(50).joined(separator: " | "))"
    }
}
