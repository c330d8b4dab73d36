import DaxActors
import DaxModel
import DaxSystem
import TestSupport
import Testing

@testable import DaxOperations
@testable import DaxTorture

/// Which cells there are, and which is steered for.
@Suite struct SteeringTests {
    private let pool: [Role] = [.faulter, .faulter, .puncher, .truncater, .writer]
    private var roles: [Int] { pool.map { Role.allCases.firstIndex(of: $0)! } }
    private let slow = Role.allCases.firstIndex(of: .truncater)!
    private let quick = Role.allCases.firstIndex(of: .writer)!

    @Test func aRoleMeetsItselfOnlyWithTwoActors() {
        let cells = Cells(pool)
        // Six pairs of different roles, and faulter x faulter.
        #expect(cells.pairs.count == 7 && Set(cells.pairs).count == 7)
        // Punchers and truncaters fault nothing in.
        #expect(cells.all.count == 6 * 3 + 1)
        #expect(Cells([.puncher]).all.isEmpty)
    }

    @Test func aColdCellIsNotTriedForEver() throws {
        var steering = Steering(Cells(pool), seed: 7)
        var seen: [Cells.Cell: Int] = [:]
        for _ in 0..<190 {
            let cell = steering.coldest([:])
            seen[try #require(cell), default: 0] += 1
        }
        #expect(seen.count == 19 && seen.values.allSatisfy { $0 == 10 })
    }

    @Test func whatIsWarmIsLeftAlone() {
        let cells = Cells(pool)
        var overlaps: [Overlaps.Pair: Overlaps.Counts] = [:]
        for pair in cells.pairs {
            var counts = Overlaps.Counts()
            for _ in 0..<1000 { for size in FaultSize.allCases { counts.count(size) } }
            overlaps[pair] = counts
        }
        let cold = Overlaps.Pair(quick, slow)
        var counts = Overlaps.Counts()
        for _ in 0..<1000 { for size in [FaultSize.none, .pte] { counts.count(size) } }
        overlaps[cold] = counts
        var steering = Steering(cells, seed: 7)
        for _ in 0..<5 {
            let cell = steering.coldest(overlaps)
            #expect(cell == Cells.Cell(pair: cold, size: .pmd))
        }
    }

    /// One epoch of each four, none that is steered, and not the first.
    @Test func mappingsGrowOldInEveryFourthEpoch() {
        func epochs(_ seed: UInt64) -> [UInt64] {
            (0..<400).filter { Steering.kind(epoch: $0, seed: seed) == .keepsMappings }
        }
        for seed in 0..<20 as Range<UInt64> {
            #expect(epochs(seed).map { $0 / 4 } == Array(0..<100))
            #expect(epochs(seed).allSatisfy { $0 % 2 == 0 && $0 > 0 })
        }
        #expect(epochs(7) == epochs(7) && epochs(7) != epochs(8))
    }

    @Test func theSeedDecides() {
        func choices(_ seed: UInt64) -> [[ActorNumber: Duel]] {
            var steering = Steering(Cells(pool), seed: seed)
            return (0..<20).map { _ in
                steering.duels(steering.coldest([:])!, roles: roles, pages: 8192)
            }
        }
        #expect(choices(7) == choices(7) && choices(7) != choices(8))
    }

    @Test func twoActorsOfTheCellsRolesDuelInOneWindow() throws {
        var steering = Steering(Cells(pool), seed: 7)
        for _ in 0..<100 {
            let coldest = steering.coldest([:])
            let cell = try #require(coldest)
            let duels = steering.duels(cell, roles: roles, pages: 8192)
            #expect(duels.count == 2 && Set(duels.values.map(\.hotWindow)).count == 1)
            let met = duels.keys.map { roles[$0.index] }
            #expect(Overlaps.Pair(met[0], met[1]) == cell.pair)
        }
    }

    /// The slots are the quicker one's; its opponent's operations decide how late one begins.
    @Test func latenciesDecideTheSlots() {
        var steering = Steering(Cells([.truncater, .writer]), seed: 7)
        for (role, ticks) in [(slow, 9000), (quick, 100)] as [(Int, UInt64)] {
            var log = Log(records: 100, values: 0)
            for at in 0..<50 as Range<UInt64> {
                log.append(
                    Record(
                        interval: Interval(
                            Timestamp(ticks: at), Timestamp(ticks: at + ticks)), offset: 0,
                        length: 8, done: 8, reference: 0, kind: .store, path: .mapping,
                        outcome: .done, file: 0, code: 0))
            }
            steering.learn(log, of: role)
        }
        let cell = Cells.Cell(pair: Overlaps.Pair(slow, quick), size: .none)
        let duels = steering.duels(cell, roles: [slow, quick], pages: 8192)
        #expect(duels[1]?.period == 256 && duels[2]?.period == 256)
        #expect(duels[1]?.delay == 128 && duels[2]?.delay == 256)
    }
}
