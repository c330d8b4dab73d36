import DaxMachine
import DaxModel
import DaxReport
import DaxText

extension Finding {
    /// R10: the kernel printed what a sound one does not.
    init(kernel found: KernelReport) {
        self.init(
            rule: .kernel, file: "", offset: 0, expected: "a silent kernel",
            observed: found.kind.rawValue, operations: found.context,
            story: "the kernel printed \"\(found.line)\"", signature: Signature(kernel: found))
    }
}

extension Signature {
    /// Of what the kernel printed the kind and the function; where it names none, the line.
    init(kernel found: KernelReport) {
        let place = found.function.map { " in \($0)" } ?? ": \(found.line)"
        self.init(rule: .kernel, seen: found.kind.rawValue + place)
    }
}

extension Report {
    /// Adds what the kernel printed (R10): before the taint that came with it, which says less and was
    /// only looked at later; else behind what was found before. The taint is of its signature then.
    mutating func add(printed reports: [KernelReport]) {
        let taint = violations.firstIndex(where: \.isTaint)
        for (index, found) in reports.enumerated() {
            add(Finding(kernel: found), before: taint.map { $0 + index })
        }
        let before = self
        rename { $0.isTaint ? before.taintSignature(of: $0, printed: reports) : nil }
    }
}

extension Report {
    /// The signature of the report that a taint came with; of several that of one which is not known, if
    /// there is one. Nil where none explains it.
    func taintSignature(of taint: Finding, printed reports: [KernelReport]) -> String? {
        let signatures = reports.filter { taint.isTaint(by: $0.kind.taint) }
            .map { Signature(kernel: $0).text }
        return signatures.first { !isKnown($0) } ?? signatures.first
    }
}

/// What a machine's end means for the verdict.
struct MachineReading {
    let run: MachineRun
    /// What the run was to take, in seconds.
    var planned = 0.0
    /// The machine's ordinary memory.
    let memory: ByteSize

    /// Puts together what the guest sent, or else what it kept last, what its kernel printed, and how it
    /// ended.
    func report(
        sent: [UInt8]?, latest: [UInt8]? = nil, obstacle: String?, otherwise: Report
    ) throws -> Report {
        var report =
            if let sent { try Report(json: JSON(sent)) } else { known(latest) ?? otherwise }
        report.kernel = run.kernelRelease
        report.forgetWhatDoesNotFit()
        report.interrupted(by: run.interrupt, planned: planned)
        var obstacles: [String] = []
        if let obstacle { obstacles.append(obstacle) }
        switch run.outcome {
        case .finished: break
        case .panicked where diedOfMemory, .switchedOff where diedOfMemory,
            .hung where diedOfMemory:
            obstacles.append(outOfMemory)
        case .panicked where harnessDied != nil, .switchedOff where harnessDied != nil:
            obstacles.append("the harness itself died: \(harnessDied!)")
        case .panicked:
            // The panic's own lines are among the console's reports.
            obstacles.append("the machine ended before the run did")
        case .switchedOff:
            obstacles.append("the machine switched itself off before the run was over")
        case .hung(let seconds) where excuseForLateness != nil:
            obstacles.append(
                "the guest has said nothing for \(seconds) s, and \(excuseForLateness!)")
        case .hung(let seconds):
            report.add(
                Finding(
                    rule: .kernel, file: "", offset: 0, expected: "every operation returns",
                    observed: "no sign of life for \(seconds) s", operations: run.lastLines,
                    story: "the guest has said nothing for \(seconds) s" + cpuTime))
        case .neverBooted(let reason):
            obstacles.append("the guest never came up: \(reason)")
        case .silent(let seconds):
            obstacles.append("the guest never came up: no sign of life in \(seconds) s")
        case .qemuStopped(let reason): obstacles.append("interrupted: \(reason)")
        case .qemuDied(let reason): obstacles.append("QEMU died: \(reason)")
        case .garbled(let reason): obstacles.append("the guest sent garbage: \(reason)")
        case .interrupted: obstacles.append("interrupted before the guest could report")
        }
        noteTheConsole(&report)
        if run.kernelRelease != nil { addKernelReports(&report) }
        if let reason = run.failureOfKVM {
            report.notes.append("emulated: KVM did not boot it (\(reason))")
        }
        if run.silentBoots > 0 {
            report.notes.append("booted once more: at first the guest showed no sign of life")
        }
        if report.violationsTotal == 0 && run.outcome == .panicked && harnessDied == nil
            && !diedOfMemory
        {
            report.add(
                Finding(
                    rule: .kernel, file: "", offset: 0, expected: "the machine lives",
                    observed: "it reset itself", operations: run.lastLines,
                    story: "the guest's machine reset itself without a word"))
        }
        report.conclude(obstacles: obstacles)
        return report
    }

    /// What a machine that says nothing did with the CPU: whether it spins or waits.
    private var cpuTime: String {
        guard let cpus = run.share.latest else { return "" }
        let tenths = Int((10 * cpus).rounded())
        return ", and had \(tenths / 10).\(tenths % 10) CPUs' time in the last 20 s of that"
    }

    /// The report of a guest that got no further than a quiet point; nil if there is none. Whoever wrote
    /// it may be broken: what is no report counts for nothing.
    private func known(_ latest: [UInt8]?) -> Report? {
        guard let latest, let json = try? JSON(latest), var report = try? Report(json: json) else {
            return nil
        }
        // What had not happened by then may have, but what came later was not judged.
        report.vacuity = ["the guest gave no last report"]
        let end =
            report.checks.epochs == 0
            ? "before its first quiet point"
            : "after the quiet point at \(Figures.seconds(report.duration))"
        report.notes.append(
            "the guest ended \(end), without a last report: what came later is missing")
        return report
    }

    /// Notes what a machine that gave no report printed last, which is all there is: it is no part
    /// of the verdict, which is one sentence.
    private func noteTheConsole(_ report: inout Report) {
        switch run.outcome {
        case .finished, .panicked, .hung, .interrupted, .qemuStopped: break
        case .switchedOff, .neverBooted, .silent, .qemuDied, .garbled:
            report.notes += run.lastLines.map { "the console at its end: \($0)" }
        }
    }

    /// R10: what a sound kernel does not print.
    private func addKernelReports(_ report: inout Report) {
        // A kernel without memory complains of much that follows from it.
        let own = run.reports.filter { !diedOfMemory || $0.index < run.outOfMemory ?? .max }
        let excuse = excuseForLateness
        let judged = own.filter { excuse == nil || !$0.kind.isOfTime }
        report.add(printed: judged)
        guard let excuse else { return }
        let late = report.remove(untold: false, where: \.isOfTime)
        if judged.count < own.count || late > 0 {
            report.vacuity.append(
                "\(excuse): what was late after that, a stall, a hung task or an actor, is not judged"
            )
        }
    }

    /// Why what is late in the guest is no fault of its kernel; nil where it is one.
    private var excuseForLateness: String? {
        if run.longestGap > MachineReading.longGap {
            let seconds = Figures.seconds(Double(run.longestGap) / 1e9)
            return "the host stood still for \(seconds) while the machine ran"
        }
        if run.share.worst < MachineReading.smallShare {
            let percent = Int((run.share.worst * 100).rounded(.down))
            return "the host gave the machine \(percent) % of the CPU time that it wanted for 20 s"
        }
        return nil
    }

    /// With less than this a guest's second is no second.
    private static let smallShare = 0.25
    /// Nanoseconds; the kernel's watchdogs have more patience.
    private static let longGap: UInt64 = 5_000_000_000

    /// Whether the kernel killed the run, or died itself, for want of memory: nobody's bug but the
    /// config's.
    private var diedOfMemory: Bool {
        switch run.outcome {
        case .panicked, .switchedOff, .hung: run.outOfMemory != nil
        case .finished, .garbled, .neverBooted, .silent, .qemuStopped, .qemuDied, .interrupted:
            false
        }
    }

    private var outOfMemory: String {
        "the guest ran out of memory: give it more of it than "
            + "\(memory), such as --memory \(ByteSize(bytes: 2 * memory.bytes))"
    }

    /// The line by which the guest says that the run's own process died.
    var harnessDied: String? {
        run.lastLines.first { $0.contains(Guest.deathNote) }
    }

    /// What the console ends with, for an `exec` that has no report to hold it.
    var lastWords: String {
        run.lastLines.isEmpty
            ? "" : "; the console ends with: \(run.lastLines.suffix(50).joined(separator: " | "))"
    }
}

extension KernelReport.Kind {
    /// Whether a report of this kind says that something took too long, and nothing else.
    fileprivate var isOfTime: Bool {
        switch self {
        case .stall, .hungTask: true
        case .bug, .warning, .oops, .panic, .lockdep, .sanitizer, .corruption: false
        }
    }

    /// The letter that such a report leaves in the kernel's taint; nil where it leaves none.
    fileprivate var taint: String? {
        switch self {
        case .warning: "W"
        case .bug, .oops, .panic: "D"
        case .stall: "L"
        case .sanitizer: "B"
        case .hungTask, .lockdep, .corruption: nil
        }
    }
}
