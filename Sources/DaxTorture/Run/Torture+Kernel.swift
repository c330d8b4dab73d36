import DaxHost
import DaxMachine

/// What the kernel printed while the run went on.
extension Torture {
    /// As the builder's, which is told what the kernel printed.
    func compare(taint before: UInt64, with after: UInt64, at ticks: UInt64) -> UInt64 {
        builder.compare(taint: before, with: after, at: ticks) {
            printed += kernelLog?.lines() ?? []
            return ConsoleLog(Array(printed.joined(separator: "\n").utf8)).reports
        }
    }
}
