import DaxHost
import DaxSystem

/// Actors whose process ended by itself.
struct GoneActors: Sendable {
    var names: [String]
    var exit: ChildProcess.Exit
    /// Whether the kernel has killed a process since it was booted, for want of memory.
    var memoryRanOut = KernelLog.killedForMemory > 0

    /// What it was that ended them, for a signature.
    var cause: String {
        switch exit {
        case .exited: "exit"
        case .killed(let signal): SystemError.signalName(of: signal)
        }
    }

    /// Why the kernel under test had no part in it, as the end of a sentence; nil where it may have had:
    /// what our own code does to end a process, and what a kernel without memory does.
    var reasonOfOurs: String? {
        switch exit {
        case .exited: "which is a bug of the harness"
        case .killed(let signal):
            SystemError.isTrap(signal)
                ? "by which a bug of the harness shows"
                : memoryRanOut && SystemError.isKill(signal)
                    ? "and the kernel has killed for want of memory" : nil
        }
    }
}
