import DaxActors
import DaxModel
import DaxOperations

/// Steers every other epoch towards the coldest cell of the coverage table (docs/steering.md).
///
/// It knows only what the actors did, by their own clock: in the deterministic machine it is a
/// function of the seed.
struct Steering {
    private let cells: [Cells.Cell]
    private var random: Random
    /// How often each cell was chosen: one that stays cold must not take every epoch.
    private var tries: [Cells.Cell: UInt64] = [:]
    /// How many operations of each role took 2^n ticks or more, but less than 2^(n+1), by n.
    private var spans: [[UInt64]]

    init(_ cells: Cells, seed: UInt64) {
        self.cells = cells.all
        random = Random(seed: seed ^ 0x57ee, stream: 0)
        spans = Array(repeating: Array(repeating: 0, count: 64), count: Role.allCases.count)
    }

    /// What an epoch is for: every second one is steered, and of each four one keeps its mappings,
    /// drawn among the others, but never the first.
    static func kind(epoch: UInt64, seed: UInt64) -> EpochKind {
        if epoch % 2 == 1 { return .steered }
        if epoch < 4 { return epoch == 2 ? .keepsMappings : .free }
        var random = Random(seed: seed ^ 0x01d, stream: epoch / 4)
        return epoch % 4 == (random.chance(1, in: 2) ? 0 : 2) ? .keepsMappings : .free
    }

    /// Learns how long a role's operations take.
    mutating func learn(_ log: Log, of role: Int) {
        for record in log.records where !record.kind.onlyPrepares {
            let ticks = record.interval.returned.ticks - record.interval.invoked.ticks
            spans[role][63 - max(ticks, 1).leadingZeroBitCount] += 1
        }
    }

    /// The median of what a role's operations take, in ticks, rounded up to a power of two.
    private func median(_ role: Int) -> UInt64 {
        let total = spans[role].reduce(0, +)
        var sum: UInt64 = 0
        for (power, count) in spans[role].enumerated() {
            sum += count
            if 2 * sum >= total { return 2 << UInt64(min(power, 40)) }
        }
        return 2
    }

    /// The cell for the next epoch, by what was counted so far.
    mutating func coldest(_ counts: [Overlaps.Pair: Overlaps.Counts]) -> Cells.Cell? {
        func rank(_ cell: Cells.Cell) -> UInt64 {
            let count = counts[cell.pair]?[cell.size] ?? 0
            let bits = UInt64(UInt64.bitWidth - count.leadingZeroBitCount)
            return (1 + bits) * (1 + tries[cell, default: 0])
        }
        guard let best = cells.map(rank).min() else { return nil }
        let coldest = cells.filter { rank($0) == best }
        let cell = coldest[random.below(coldest.count)]
        tries[cell, default: 0] += 1
        return cell
    }

    /// The actors that duel about `cell` and how, by their numbers; `roles` are those of all actors.
    mutating func duels(_ cell: Cells.Cell, roles: [Int], pages: UInt64) -> [ActorNumber: Duel] {
        func draw(_ role: Int, but other: Int?) -> Int {
            let those = roles.indices.filter { roles[$0] == role && $0 != other }
            return those[random.below(those.count)]
        }
        let first = draw(cell.pair.a, but: nil)
        let second = draw(cell.pair.b, but: first)
        let hotWindow = HotWindow(pmd: cell.size == .pmd, pages: pages, random: &random)
        let (a, b) = (median(cell.pair.a), median(cell.pair.b))
        // Whoever is quicker has a go in every slot, also while the other's operation lasts.
        let period = 2 * min(a, b)
        func duel(against opponent: UInt64) -> Duel {
            Duel(
                size: cell.size, hotWindow: hotWindow, period: period, delay: min(opponent, period))
        }
        return [
            ActorNumber(index: first): duel(against: b),
            ActorNumber(index: second): duel(against: a),
        ]
    }
}
