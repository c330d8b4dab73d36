import DaxConfig
import DaxModel
import DaxReport
import DaxSystem
import DaxText

/// Rounds: the same few steps again and again, each time on files that were made anew, so that what one
/// round left behind decides nothing in the next, and how often something shows is a rate.
extension Torture {
    func run(rounds: UInt64, _ faults: FaultCounters, _ clock: Stopwatch) throws {
        while epoch < rounds && !isOver {
            let before = epoch
            useKey(ofRound: epoch)
            try runOnSameFiles(faults, clock, epochs: 1)
            builder.report.rounds = RoundFacts(
                done: epoch, violated: builder.report.checks.violatedEpochs)
            if isLost || epoch == before { break }
            unsynced = [:]
            removeTestedFiles()
        }
    }
}
