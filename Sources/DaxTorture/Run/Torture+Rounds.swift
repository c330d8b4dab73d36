import DaxConfig
import DaxModel
import DaxReport
import DaxSystem
import DaxText

/// Rounds: the same few steps again and again, each time on files that were made anew, so that what one
/// round left behind decides nothing in the next, and how often something shows is a rate.
extension Torture {
    func run(rounds: UInt64, _ faults: FaultCounters, _ clock: Stopwatch) throws {
        var violated: UInt64 = 0
        while epoch < rounds && !isOver {
            let before = (epoch: epoch, violations: builder.violationCount)
            useKey(ofRound: epoch)
            try runOnSameFiles(faults, clock, epochs: 1)
            if builder.violationCount > before.violations { violated += 1 }
            builder.report.rounds = RoundFacts(done: epoch, violated: violated)
            if isLost || epoch == before.epoch { break }
            unsynced = [:]
            removeTestedFiles()
        }
    }
}
