import DaxSystem
import DaxText
import Glibc
import TestSupport
import Testing

@testable import DaxBench

/// On a file of the host's: it needs no DAX to fault.
@Suite struct BenchTests {
    private let directory: Scratch

    init() throws {
        directory = try Scratch()
        try Mapping.guardAccess()
    }

    @Test(arguments: FaultPath.allCases) func everyPageIsTouchedInEachPass(_ path: FaultPath) throws
    {
        let point = BenchPoint(path, threads: 2, .disjoint)
        let result = try FaultBench(
            point, in: directory.path, ticksPerSecond: Clock.measureTicksPerSecond()
        ).run(passes: 2)
        #expect(result.rates.count == 2 && result.rates.allSatisfy { $0 > 0 })
        #expect(result.latencies.count == PointResult.percentiles.count)
        #expect(result.latencies == result.latencies.sorted())
        #expect(result.changes == [0, 0])
    }

    @Test(arguments: [Beside.puncher, .truncater, .punchHere])
    func theFileIsChangedBeside(_ beside: Beside) throws {
        let point = BenchPoint(.writeData, threads: 1, .disjoint, beside: beside)
        let result = try FaultBench(
            point, in: directory.path, ticksPerSecond: Clock.measureTicksPerSecond()
        ).run(passes: 3)
        #expect(result.changes.contains { $0 > 0 })
    }

    /// What a fault is to find is there before each pass.
    @Test func filesAreAsTheFaultsAreToFindThem() throws {
        let file = try BenchFile("\(directory.path)/one", bytes: 1 << 20, written: false)
        func blocks() throws -> UInt64 { try file.file.status().blocks * 512 }
        try file.prepare(for: .writeUnwritten)
        #expect(try blocks() >= 1 << 20)
        try file.prepare(for: .readHole)
        #expect(try blocks() == 0)
        let written = try BenchFile("\(directory.path)/two", bytes: 1 << 20, written: true)
        try written.prepare(for: .readData)
        #expect(try written.file.status().blocks * 512 >= 1 << 20)
    }

    @Test func touchesCountWhatTheyReach() throws {
        let file = try BenchFile("\(directory.path)/three", bytes: 1 << 20, written: true)
        let mapping = try Mapping(file.file, offset: 0, bytes: 1 << 20, sharing: .shared)
        var ticks = Buffer(words: 256)
        #expect(mapping.touch(0, count: 256, step: 512, storing: false, ticks: &ticks).done == 256)
        #expect((0..<256).allSatisfy { ticks[$0] > 0 })
        ticks.fill(0..<256, with: 0)
        try file.file.truncate(to: 100 * 4096)
        let cut = mapping.touch(0, count: 256, step: 512, storing: true, ticks: &ticks)
        #expect(cut.done == 100 && cut.fault?.word == 100 * 512)
        #expect(ticks[99] > 0 && ticks[100] == 0)
    }

    @Test func aReportIsReadAsItWasWritten() throws {
        var report = BenchReport()
        (report.kernel, report.filesystem, report.cpus) = ("6.1.0", "ext4-dax", 2)
        var one = PointResult(BenchPoint(.writeHole, .pmd, threads: 4, .same, beside: .puncher))
        (one.rates, one.latencies, one.changes) = ([1.5, 2], [1, 2, 3, 4, 5, 6], [0, 7.25])
        report.faults = [one]
        report.instructions = [
            InstructionBench.Count(
                name: "punch", usual: 10, share: 3, of: 4, least: 9, median: 10, most: 11)
        ]
        report.curves = [CostCurve("clone", by: "extents", [.init(1, 100), .init(4, 130)])]
        let again = try #require(BenchReport(report.json))
        #expect(again.json == report.json)
        #expect(BenchReport(JSON.object([])) == nil)
        let rows = again.csv.split(separator: "\n")
        #expect(rows.count == 2 + 6 + 2 + 1 + 2)
        #expect(
            rows.allSatisfy {
                $0.split(separator: "\"").count == 3 && $0.hasPrefix("6.1.0,ext4-dax,")
            })
        #expect(again.text.contains("write-hole pmd") && again.text.contains("4*"))
    }

    @Test func pairsAreComparedAndNotMedians() throws {
        func report(_ rate: Double, _ instructions: UInt64) -> BenchReport {
            var report = BenchReport()
            var one = PointResult(BenchPoint(.readData))
            one.rates = [rate, rate, rate * 3]
            report.faults = [one]
            report.instructions = [
                InstructionBench.Count(
                    name: "read-data pte", usual: instructions, share: 1, of: 1, least: 1,
                    median: 1,
                    most: 1)
            ]
            return report
        }
        let comparison = BenchComparison(
            names: ("a", "b"), [report(100, 500), report(10, 500), report(1, 500)],
            [report(200, 480), report(11, 480), report(0.5, 480)])
        let ratio = try #require(comparison.ratios.first)
        #expect(ratio.median == 1.1 && ratio.least == 0.5 && ratio.most == 2)
        #expect(comparison.text.contains("1.10") && comparison.text.contains("-20"))
    }

    @Test func thePlanDoublesThreads() {
        #expect(Set(BenchPlan.points(threads: 1).map(\.threads)) == [1])
        #expect(Set(BenchPlan.points(threads: 6).map(\.threads)) == [1, 2, 4])
        let points = BenchPlan.points(threads: 2)
        #expect(Set(points).count == points.count)
    }

    /// A power law is found whatever its constant; two points are none.
    @Test(arguments: [0, 0.5, 1, 2] as [Double])
    func theExponentIsThatOfTheLaw(_ k: Double) throws {
        let counts: [UInt64] = [1, 4, 16, 64, 256, 1024]
        let curve = CostCurve(
            "x", by: "y",
            counts.map { .init($0, UInt64((1e6 * exp(k * log(Double($0)))).rounded())) })
        let exponent = try #require(curve.exponent)
        #expect(abs(exponent.value - k) < 0.001 && exponent.half < 0.001)
        #expect(CostCurve("x", by: "y", Array(curve.points.prefix(3))).exponent == nil)
        #expect(CostCurve("x", by: "y", []).marginal == nil)
    }

    /// What is not such a law has a wide interval, and what one more takes is the end's.
    @Test func aBendIsTold() throws {
        let curve = CostCurve(
            "x", by: "y", [.init(1, 1000), .init(2, 1000), .init(4, 1000), .init(8, 9000)])
        #expect(curve.marginal == 2000)
        #expect(try #require(curve.exponent).half > 1)
        #expect(curve.exponentText == "0.95 +- 2.36")
    }

    /// On a host whose clock counts time, and whose filesystem may know no more than punches.
    @Test func callsAreCountedAsTheirFileGrows() throws {
        let curves = try CurveBench(in: directory.path, most: 4, repeats: 1).run()
        #expect(curves.contains { $0.call == "punch a mapped page" && $0.points.count == 3 })
        #expect(curves.allSatisfy { $0.points.allSatisfy { $0.instructions > 0 } })
    }
}
