package import DaxHost
import DaxSystem
internal import DaxText

/// The end of a run before its time, by signals.
package struct Interruption: Hashable, Sendable {
    /// The signals that came.
    package var interrupt: Interrupt
    /// What the run was to take, in seconds; `Report.duration` is what it took.
    package var planned: Double

    package init(_ interrupt: Interrupt, planned: Double) {
        self.interrupt = interrupt
        self.planned = planned
    }
}

extension Report {
    /// Says that signals came, if any did before the actors' time of `planned` seconds was over.
    package mutating func interrupted(by interrupt: Interrupt?, planned: Double) {
        guard let interrupt, duration < planned else { return }
        interruption = Interruption(interrupt, planned: planned)
    }

    /// `interrupted after 2.0 s of 60.0 s`; nil if it was not.
    var interruptionSentence: String? {
        interruption.map {
            "interrupted after \(Figures.seconds(duration)) of \(Figures.seconds($0.planned))"
        }
    }

    /// One press of Ctrl-C asks for what there is to say by then. Any other signal wants the process
    /// gone, whatever the run was worth.
    func interruptionReasons() -> [String] {
        guard let interruption, let interruptionSentence, !interruption.interrupt.isOneCtrlC else {
            return []
        }
        let (signal, times) = (interruption.interrupt.signal, interruption.interrupt.times)
        let others = times > 1 ? ", and \(times - 1) more" : ""
        return ["\(interruptionSentence) by \(signal)\(others)"]
    }
}
