import DaxActors
import DaxOperations

/// The cells of a run's coverage table: two roles that can meet, and what their accesses can
/// fault in.
struct Cells {
    /// A cell: an overlap of these roles that counts under this size.
    struct Cell: Hashable {
        var pair: Overlaps.Pair
        var size: FaultSize
    }

    /// Roles are numbered as in `Role.allCases`. A role meets itself where two actors have it.
    let pairs: [Overlaps.Pair]

    /// The cells of a run with an actor of each of `roles`, as far as they reach files under test.
    init(_ roles: [Role]) {
        let counts = Role.allCases.map { role in
            role.sharesPages ? roles.count { $0 == role } : 0
        }
        var pairs: [Overlaps.Pair] = []
        for a in counts.indices where counts[a] > 0 {
            for b in a..<counts.count where counts[b] > (a == b ? 1 : 0) {
                pairs.append(Overlaps.Pair(a, b))
            }
        }
        self.pairs = pairs
    }

    /// Whether either role reaches files through mappings: else neither can fault anything in.
    func canFault(_ pair: Overlaps.Pair) -> Bool {
        Role.allCases[pair.a].accessesMappings || Role.allCases[pair.b].accessesMappings
    }

    /// All of them, in a fixed order.
    var all: [Cell] {
        pairs.flatMap { pair in
            FaultSize.allCases.filter { $0 == .none || canFault(pair) }.map {
                Cell(pair: pair, size: $0)
            }
        }
    }
}
