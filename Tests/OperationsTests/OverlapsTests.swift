import DaxModel
import DaxSystem
import TestSupport
import Testing

@testable import DaxOperations

/// Overlaps, and under which size of fault each is counted.
@Suite struct OverlapsTests {
    private func record(
        _ from: UInt64, _ to: UInt64, page: UInt64 = 0, faulted: FaultSize = .none
    ) -> Record {
        Record(
            interval: Interval(Timestamp(ticks: from), Timestamp(ticks: to)), offset: page * 4096,
            length: 8, done: 8, reference: 0, kind: .store, path: .mapping, outcome: .done, file: 0,
            faulted: faulted, code: 0)
    }

    private func counts(_ logs: (role: Int, records: ContiguousArray<Record>)...)
        -> [Overlaps.Pair: Overlaps.Counts]
    {
        var overlaps = Overlaps()
        overlaps.add(logs.map { ($0.role, 0, SharedRows($0.records)) })
        return overlaps.counts
    }

    @Test func thoseBetweenProcessesAreCountedBeside() {
        var overlaps = Overlaps()
        let log = SharedRows([record(1, 3)])
        overlaps.add([(0, 0, log), (0, 1, log), (1, 1, log)])
        #expect(overlaps.betweenProcesses == 2)
        #expect(overlaps.counts.values.reduce(0) { $0 + $1.sum } == 3)
    }

    @Test func countUnderTheLargerFault() {
        for (a, b) in [(0, 0), (0, 1), (1, 0), (1, 1), (0, 2), (2, 1), (1, 2), (2, 2)] {
            let (first, second) = (FaultSize.allCases[a], FaultSize.allCases[b])
            let counts = counts(
                (0, [record(1, 3, faulted: first)]), (1, [record(2, 4, faulted: second)]))
            let pair = counts[Overlaps.Pair(1, 0)]
            #expect(pair?[max(first, second)] == 1 && pair?.sum == 1, "\(first), \(second)")
        }
    }

    @Test func needOnePageAndOneTime() {
        #expect(counts((0, [record(1, 3)]), (1, [record(4, 5)])).isEmpty)
        #expect(counts((0, [record(1, 3)]), (1, [record(2, 5, page: 1)])).isEmpty)
        #expect(counts((0, [record(1, 3)]), (1, [record(3, 5)])).count == 1)
    }

    /// A truncate reaches all that lies behind, an fsync all of the file, and a punch no more than it
    /// names.
    @Test func someReachFurtherThanTheyName() {
        for (kind, pages) in [
            (.punch, [2]), (.store, [2]), (.copy, [2]), (.msync, [2]), (.truncate, [2, 3, 9]),
            (.collapse, [2, 3, 9]), (.insert, [2, 3, 9]), (.fsync, [0, 1, 2, 3, 9]),
        ] as [(OperationKind, [UInt64])] {
            var wide = record(1, 3, page: 2)
            wide.kind = kind
            let met = ([0, 1, 2, 3, 9] as [UInt64]).filter {
                !counts((0, [wide]), (1, [record(2, 4, page: $0)])).isEmpty
            }
            #expect(met == pages, "\(kind.name)")
        }
    }

    @Test func oneRoleMeetsItself() {
        let counts = counts((2, [record(1, 3)]), (2, [record(2, 4, faulted: .pmd)]))
        #expect(counts[Overlaps.Pair(2, 2)]?.pmd == 1)
    }

    /// What an access faulted in must cost no memory: there are millions.
    @Test func aRecordIsAsSmallAsItWas() { #expect(MemoryLayout<Record>.stride == 56) }
}

/// Where two duellists begin.
@Suite struct DuelTests {
    @Test func beginsInTheNextSlotWithinTheDelay() {
        var random = Random(seed: 7)
        let duel = Duel(
            size: .pte, hotWindow: HotWindow(pmd: false, pages: 1024, random: &random), period: 100,
            delay: 10)
        var phases: Set<UInt64> = []
        for now in 0..<1000 as Range<UInt64> {
            let start = duel.start(after: now, &random)
            #expect(start > now && start <= now + 110 && start % 100 < 10)
            phases.insert(start % 100)
        }
        #expect(phases.count == 10)
    }

    @Test(arguments: [false, true]) func hasAWindowWithinTheFile(_ pmd: Bool) {
        var random = Random(seed: 7)
        for _ in 0..<100 {
            let window = HotWindow(pmd: pmd, pages: 1024, random: &random).window
            #expect(window.count == (pmd ? 512 : 4))
            #expect(window.upperBound <= 1024 && window.lowerBound % UInt64(window.count) == 0)
        }
    }
}
