import DaxModel
import DaxOracle
import TestSupport

/// Draws small histories on a few words, legal and illegal ones.
struct RandomHistory {
    private var random: Random
    /// One or two, as drawn; on one word the operations meet more often.
    private var words: UInt64 = 2
    private let operations = 8
    private let withZeroings: Bool

    init(seed: UInt64, withZeroings: Bool) {
        random = Random(seed: seed)
        self.withZeroings = withZeroings
    }

    /// Half of them execute their operations at random instants and may then have one read
    /// changed; the other half read whatever value there is.
    mutating func next() -> History {
        words = 1 + random.below(2)
        var initial: ContiguousArray<UInt64> = []
        for word in 0..<words {
            initial.append(random.chance(1, in: 2) ? 0 : Make.stamp(200, 1, word))
        }
        var history = Make.history(words: initial)
        let count = 1 + random.below(operations)
        // Few instants make ties, many make orders.
        let span: UInt64 = random.chance(1, in: 2) ? 8 : 40

        struct Plan {
            var interval: Interval
            var words: Range<UInt64>
            var instants: [UInt64]
            var kind: Int
            var isPossible: Bool
            var values: [UInt64] = []
        }
        var plans: [Plan] = []
        for _ in 0..<count {
            let from = 1 + random.below(span)
            let to = from + random.below(random.chance(1, in: 2) ? 4 : span)
            let first = random.below(words)
            let end = first + 1 + random.below(words - first)
            plans.append(
                Plan(
                    interval: Make.interval(from, to), words: first..<end,
                    instants: (first..<end).map { _ in random.within(from...to) },
                    kind: random.weighted(withZeroings ? [3, 2, 5] : [3, 0, 5]),
                    isPossible: random.chance(1, in: 4)))
        }
        let executes = random.chance(1, in: 2)
        for word in 0..<words {
            var order: [(UInt64, Int)] = []
            for (index, plan) in plans.enumerated() where plan.words.contains(word) {
                order.append((plan.instants[Int(word - plan.words.lowerBound)], index))
            }
            order.sort { $0 < $1 }
            var pool: [UInt64] = [initial[Int(word)], initial[Int(word)]]
            for (_, index) in order where plans[index].kind < 2 {
                pool.append(
                    plans[index].kind == 0 ? Make.stamp(ActorNumber(index: index), 7, word) : 0)
            }
            var value = initial[Int(word)]
            for (_, index) in order {
                let happens = !plans[index].isPossible || random.chance(1, in: 2)
                switch plans[index].kind {
                case 0: if happens { value = Make.stamp(ActorNumber(index: index), 7, word) }
                case 1: if happens { value = 0 }
                default:
                    let strays = !executes || random.chance(1, in: 12)
                    plans[index].values.append(strays ? pool[random.below(pool.count)] : value)
                }
            }
        }
        // A read's values were appended word by word, in ascending order: as it wants them.
        for (index, plan) in plans.enumerated() {
            let operation = Make.operation(ActorNumber(index: index), 7)
            let certainty: Certainty = plan.isPossible ? .possible : .definite
            switch plan.kind {
            case 0:
                history.write(
                    operation, plan.words, sequence: 7, over: plan.interval, certainty: certainty)
            case 1:
                history.zero(operation, plan.words, over: plan.interval, certainty: certainty)
            default:
                history.read(
                    operation, at: plan.words.lowerBound, values: plan.values,
                    over: plan.interval)
            }
        }
        return history
    }
}
