import DaxModel
import DaxOracle
import TestSupport
import Testing

/// The oracle's word on the size against a search over all orders, on small histories.
@Suite("Completeness: sizes") struct SizeCompletenessTests {
    /// With growth by way of sizes in between and without, definite and possible: the verdict is exact,
    /// both ways.
    @Test func sizesAgree() {
        var random = Random(seed: 3)
        var (legal, illegal, gradual, searched) = (0, 0, 0, 0)
        for _ in 0..<CompletenessTests.histories {
            let history = Self.draw(&random)
            let isLegal = AllOrders(history).exist
            let judgement = Make.oracle.judge(history)
            if isLegal { legal += 1 } else { illegal += 1 }
            if history.resizes.contains(where: \.gradual) {
                gradual += isLegal ? 0 : 1
                searched += judgement.sizesSearched
            }
            #expect(judgement.isClean == isLegal, "\(history.resizes) \(history.sizeObservations)")
            #expect(judgement.sizesUndecided == 0)
            if judgement.isClean != isLegal { break }
        }
        print("sizes: \(legal) legal, \(illegal) illegal, \(gradual) of them with gradual growth")
        #expect(legal > 0 && illegal > 0 && gradual > 0 && searched > 0)
    }

    /// Sizes of up to six bytes; half of the observations report what was there at some instant, if
    /// everything took effect at once at instants that were drawn.
    private static func draw(_ random: inout Random) -> History {
        let initial = random.below(UInt64(6))
        var history = Make.history(size: initial)
        let span: UInt64 = random.chance(1, in: 2) ? 8 : 30
        var effects: [(instant: UInt64, size: UInt64, grows: Bool, change: Int64?)] = []
        func interval() -> Interval {
            let from = 1 + random.below(span)
            return Make.interval(from, from + random.below(random.chance(1, in: 2) ? 4 : span))
        }
        for index in 0..<UInt32(1 + random.below(4)) {
            let (over, operation) = (interval(), Make.operation(1, index))
            let certainty: Certainty = random.chance(1, in: 4) ? .possible : .definite
            let size = random.below(UInt64(6))
            switch random.weighted([4, 2, 4, 1]) {
            case 0:
                history.resize(operation, to: size, over: over, certainty: certainty)
                effects.append((random.within(over), size, false, nil))
            case 1:
                history.extend(operation, to: size, over: over, certainty: certainty)
                effects.append((random.within(over), size, true, nil))
            case 2:
                let least = random.chance(1, in: 2) ? 0 : random.below(size + 1)
                history.extend(
                    operation, to: size, over: over, certainty: certainty, gradual: true,
                    least: least)
                let between = random.within(over)
                effects.append((between, random.within(least...size), true, nil))
                effects.append(
                    (random.within(between...over.returned.ticks), size, true, nil))
            default:
                history.resize(operation, by: 2, over: over, certainty: certainty)
                effects.append((random.within(over), 0, false, 2))
            }
        }
        effects.sort { $0.instant < $1.instant }
        for index in 0..<UInt32(1 + random.below(4)) {
            let over = interval()
            let instant = random.within(over)
            var size = initial
            for effect in effects where effect.instant <= instant {
                size =
                    effect.change.map { UInt64(Int64(size) + $0) }
                    ?? (effect.grows ? max(size, effect.size) : effect.size)
            }
            if random.chance(1, in: 4) { size = random.below(UInt64(6)) }
            let bounds: ClosedRange<UInt64> =
                switch random.below(3) {
                case 0: size...size
                case 1: size...(.max)
                default: 0...size
                }
            history.size(Make.operation(2, index), in: bounds, over: over)
        }
        return history
    }
}

extension Random {
    fileprivate mutating func within(_ interval: Interval) -> UInt64 {
        within(interval.invoked.ticks...interval.returned.ticks)
    }
}

/// Every order of the resizes and observations of a history that respects real time.
private struct AllOrders {
    private enum Step {
        case resize(Resize)
        case see(SizeObservation)

        var interval: Interval {
            switch self {
            case .resize(let resize): resize.interval
            case .see(let observation): observation.interval
            }
        }
    }

    private let steps: [Step]
    private let initial: UInt64

    init(_ history: History) {
        steps = history.resizes.map { .resize($0) } + history.sizeObservations.map { .see($0) }
        initial = history.initialSize
    }

    /// Whether one of them explains everything that was seen.
    var exist: Bool {
        var left = steps
        return place(&left, initial)
    }

    private func place(_ left: inout [Step], _ size: UInt64) -> Bool {
        if left.isEmpty { return true }
        for index in left.indices {
            let step = left[index]
            let mayBeNext = left.allSatisfy { !$0.interval.precedes(step.interval) }
            var after: [UInt64] = []
            switch step {
            case .see(let observation):
                let isSeen = observation.atLeast <= size && size <= observation.atMost
                if mayBeNext && isSeen { after = [size] }
            case .resize(let resize):
                // On its way a gradual one stays what it is, and can go on.
                if mayBeNext && resize.gradual && size < resize.size {
                    for between in max(size + 1, resize.least)...resize.size
                    where place(&left, between) {
                        return true
                    }
                }
                if mayBeNext { after.append(effect(of: resize, on: size)) }
                if resize.certainty == .possible { after.append(size) }
            }
            for next in after {
                left.remove(at: index)
                let works = place(&left, next)
                left.insert(step, at: index)
                if works { return true }
            }
        }
        return false
    }

    private func effect(of resize: Resize, on size: UInt64) -> UInt64 {
        if let change = resize.change { return UInt64(max(0, Int64(size) + change)) }
        return resize.grows ? max(size, resize.size) : resize.size
    }
}
