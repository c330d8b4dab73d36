import DaxActors
import DaxChecks
import DaxHost
import DaxMachine
import DaxModel
import DaxOperations
import DaxReport
import DaxSystem

/// What the kernel itself did wrong (R10), as far as the run sees it.
extension ReportBuilder {
    /// An actor's operation did not end by itself: the call, and where it is in the kernel.
    mutating func hung(_ member: PoolMember, deadline: UInt64) {
        let inKernel = !member.isIdle
        hung(
            member.name,
            in: inKernel ? CallInProgress(of: member.progress) : member.interruptedCall,
            inKernel: inKernel,
            stack: inKernel ? KernelStacks.read(of: member.kernelID) : [],
            seconds: deadline / 1_000_000_000)
    }

    /// An operation of the actor called `name` did not end by itself: `call`, if that is known;
    /// `stack` is where it is in the kernel.
    mutating func hung(
        _ name: String, in call: CallInProgress?, inKernel: Bool, stack: [String], seconds: UInt64
    ) {
        let told = call.map(\.told)
        add(
            Finding(
                rule: .kernel, file: "", offset: 0, expected: Finding.inTime,
                observed: "one did not in \(seconds) s",
                operations: (told.map { ["\(name) is in: \($0)"] } ?? []) + stack,
                story: inKernel
                    ? "\(name) has not come back from \(told.map { "its \($0)," } ?? "the kernel") for "
                        + "\(seconds) s"
                    : "\(name)'s \(told ?? "access through a mapping") faulted for \(seconds) s without "
                        + "an end, and had to be interrupted",
                signature: Signature(
                    rule: .kernel, seen: inKernel ? "no return" : "no end of a fault",
                    observer: call?.kind.name ?? "")), at: Clock.ticks())
    }

    /// A process of actors ended by itself, and with it what would have been judged of them.
    mutating func gone(_ actors: GoneActors) {
        let sentence =
            "the process of \(actors.names.joined(separator: ", ")) ended by itself: \(actors.exit)"
        if let reason = actors.reasonOfOurs {
            report.vacuity.append("\(sentence), \(reason)")
            return
        }
        add(
            Finding(
                rule: .kernel, file: "", offset: 0, expected: "a process that runs to the end",
                observed: "\(actors.exit)", story: sentence,
                signature: Signature(
                    rule: .kernel, seen: "the end of a process", observer: actors.cause)),
            at: Clock.ticks())
    }

    /// Reports that the kernel has tainted itself since it was looked at last, if it has; gives its
    /// taint now, which is that of `ticks`.
    ///
    /// `printed` is what the kernel has printed since the run began, where somebody looked: a taint that
    /// came with what is known, and with nothing else, is known.
    @discardableResult
    mutating func compare(
        taint before: UInt64, with after: UInt64, at ticks: UInt64,
        printed: () -> [KernelReport] = { [] }
    ) -> UInt64 {
        guard before != after else { return after }
        var finding = Finding(
            rule: .kernel, file: "", offset: 0,
            expected: "\(Finding.taint)\(KernelTaint.text(before))",
            observed: "\(Finding.taint)\(KernelTaint.text(after))",
            story: "the kernel's taint went from \(before) to \(after) during the run: "
                + KernelTaint.meanings(after & ~before),
            signature: Signature(
                rule: .kernel, seen: "taint \(KernelTaint.letters(after & ~before))"))
        if let signature = report.taintSignature(of: finding, printed: printed()),
            report.isKnown(signature)
        {
            finding.signature = signature
        }
        add(finding, at: ticks)
        return after
    }
}

extension Finding {
    /// What both sides of a violation that is about the kernel's taint begin with.
    fileprivate static let taint = "taint "

    /// What is expected of an actor that hangs.
    fileprivate static let inTime = "every operation ends"

    /// Whether an actor did not come back in time.
    private var isHang: Bool { rule == .kernel && expected == Finding.inTime }

    /// Whether the finding says that something took too long, and nothing else: an actor that did
    /// not come back, or the taint of a soft lockup.
    var isOfTime: Bool {
        guard isTaint else { return isHang }
        return taint(observed) & ~taint(expected) == KernelTaint.softLockup
    }

    /// The number in `taint 512 (W: ...)`.
    private func taint(_ text: String) -> UInt64 {
        UInt64(text.dropFirst(Finding.taint.count).prefix { $0.isNumber }) ?? .max
    }

    /// Whether the kernel tainted itself with `letter` alone.
    func isTaint(by letter: String?) -> Bool {
        guard isTaint, let letter else { return false }
        return KernelTaint.letters(taint(observed) & ~taint(expected)) == letter
    }

    /// Whether the kernel tainted itself: what it printed says why.
    var isTaint: Bool { rule == .kernel && observed.hasPrefix(Finding.taint) }
}

extension PoolMember {
    /// The access that the controller had to end, from the log that is whole then.
    fileprivate var interruptedCall: CallInProgress? {
        log.records.last { $0.outcome == .interrupted }.map(CallInProgress.init)
    }
}
