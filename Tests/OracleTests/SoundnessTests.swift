import DaxModel
import DaxOracle
import TestSupport
import Testing

/// Legal histories are never called anything else.
@Suite("Soundness: what a sound file does is clean")
struct SoundnessTests {
    /// How many operations are drawn in all; the environment may ask for more.
    static let operations = Environment.count("DAXTORTURE_PROPERTY_OPERATIONS") ?? 200_000
    static let seed = UInt64(Environment.count("DAXTORTURE_PROPERTY_SEED") ?? 1)

    @Test func soundFilesAreClean() {
        let length = 250
        var torn = 0
        var taken = 0
        for run in 0..<UInt64((Self.operations + length - 1) / length) {
            let program = Program.random(Self.seed << 32 + run, count: length)
            let judgement = Make.oracle.judge(ReferenceFile.history(of: program))
            torn += judgement.tornReads
            taken += judgement.sigbus.taken
            guard !judgement.isClean else { continue }
            let least = program.shrunk {
                !Make.oracle.judge(ReferenceFile.history(of: $0)).isClean
            }
            let history = ReferenceFile.history(of: least)
            Issue.record(
                """
                seed \(Self.seed), run \(run), shrunk to \(least.orders.count) operations:
                \(least.orders.map { "\($0)" }.joined(separator: "\n"))
                \(history.told(with: Make.oracle.judge(history)))
                """)
            return
        }
        print("soundness: \(Self.operations) operations, \(torn) torn reads, \(taken) SIGBUS")
        #expect(torn > 0 && taken > 0)
    }

    /// The shrinking itself: a load that finds nothing needs two operations at most.
    @Test func failingProgramsAreShrunk() {
        func fails(_ program: Program) -> Bool {
            let history = ReferenceFile.history(of: program)
            return history.zeroings.contains { $0.certainty == .definite }
                && history.reads.contains { $0.operation.actor != 0 }
        }
        let program = Program.random(5, count: 100)
        #expect(fails(program))
        #expect(program.shrunk(while: fails).orders.count == 2)
    }
}
