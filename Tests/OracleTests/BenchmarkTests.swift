import DaxModel
import DaxOracle
import Glibc
import Testing

/// What a verdict costs. It asserts nothing of time; `DAXTORTURE_BENCHMARK` set to a number of
/// operations turns it on, and a release build makes its figures mean something.
@Suite("Benchmark", .enabled(if: Environment.count("DAXTORTURE_BENCHMARK") != nil), .serialized)
struct BenchmarkTests {
    static let operations = Environment.count("DAXTORTURE_BENCHMARK") ?? 0

    @Test func typicalEpoch() { measure("typical", hot: nil) }

    @Test func hotWords() { measure("64 hot words", hot: 64) }

    private func measure(_ name: String, hot: UInt64?) {
        var costs: [Double] = []
        for count in [Self.operations, 2 * Self.operations] {
            var epoch = TypicalEpoch(seed: 7, hot: hot)
            let history = epoch.make(operations: count)
            var best = Double.infinity
            var judgement = Make.oracle.judge(history)
            for _ in 0..<3 {
                // Processor time: other programs do not count.
                let began = clock()
                judgement = Make.oracle.judge(history)
                best = min(best, 1e9 * Double(clock() - began) / Double(CLOCKS_PER_SEC))
            }
            #expect(judgement.isClean, "\(judgement.violations.first.map { "\($0)" } ?? "")")
            let cost = best / Double(count)
            costs.append(cost)
            let rate = (10_000 / cost).rounded() / 10
            print(
                "\(name): \(count) operations of \(history.bytes / count) bytes and "
                    + "\(history.bytesToJudge / count) to judge, "
                    + "\(Int(cost)) ns each, \(rate) million a second, "
                    + "\(judgement.wordsJudged) words judged, "
                    + "\(judgement.wordsUndecided) undecided")
        }
        print("\(name): cost grew by \((100 * costs[1] / costs[0]).rounded() / 100)")
    }
}
