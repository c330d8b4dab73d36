import DaxModel
import DaxOperations
import DaxReport
import DaxSystem

/// What the kernel itself did wrong (R10), as far as the run sees it.
extension Ledger {
    /// An actor's operation did not end by itself.
    mutating func hung(_ member: Member, patience: UInt64) {
        let seconds = patience / 1_000_000_000
        let inKernel = !member.worker.isIdle
        let stack = inKernel ? KernelStacks.read(of: member.worker.kernelID) : []
        add(
            Violation(
                rule: "R10", file: "", offset: 0, expected: "every operation ends",
                observed: "one did not in \(seconds) s",
                operations: stack,
                story: inKernel
                    ? "\(member.name) has not come back from the kernel for \(seconds) s"
                    : "\(member.name)'s access through a mapping faulted for \(seconds) s without "
                        + "an end, and had to be interrupted"), at: Clock.ticks())
    }

    /// Whether the kernel has tainted itself since it was looked at last; its taint now, which is
    /// that of `ticks`.
    @discardableResult
    mutating func compare(taint before: UInt64, with after: UInt64, at ticks: UInt64) -> UInt64 {
        guard before != after else { return after }
        add(
            Violation(
                rule: "R10", file: "", offset: 0, expected: "taint \(before)",
                observed: "taint \(after)",
                story: "the kernel's taint went from \(before) to \(after) during the run"),
            at: ticks)
        return after
    }
}
