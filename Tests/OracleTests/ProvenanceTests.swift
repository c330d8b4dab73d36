import DaxModel
import TestSupport
import Testing

@testable import DaxOracle

/// Where copied words may have come from.
@Suite struct ProvenanceTests {
    /// Shifts by a word, each of which may have come before or after each of the others: the ways by
    /// which a word may have come to its place are more than can be followed.
    private func history(shifts: Int) -> History {
        var history = Make.history(size: 2048 * 8)
        for index in 0..<UInt32(shifts) {
            history.copy(
                Make.operation(2, index), 0..<1024, source: 0, from: UInt64(index % 3) + 1,
                over: Make.interval(10, 20), certainty: .possible)
        }
        return history
    }

    @Test func aFewCopiesAreFollowed() {
        let provenance = Provenance([history(shifts: 3)], Make.key)
        let terms = provenance.terms(0, 7, invoked: 30, returned: 40)
        #expect(!terms.isOpen && provenance.stepsMade > 0)
    }

    /// Else a quiet point may last for minutes, and who waits for the machine takes it for hung.
    @Test func allQuestionsOfAnEpochHaveABound() {
        let provenance = Provenance([history(shifts: 12)], Make.key)
        var open = 0
        for word in 0..<1000 as Range<UInt64> {
            if provenance.terms(0, word, invoked: 30, returned: 40).isOpen { open += 1 }
        }
        #expect(open > 0)
        // Each question that is asked beyond it counts each of its copies, and follows none.
        #expect(provenance.stepsMade < Provenance.mostSteps + 1000 * 12)
    }
}
