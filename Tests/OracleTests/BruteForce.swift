import DaxModel
import DaxOracle

/// Legality by trying every order: what the oracle is measured against.
///
/// It shares nothing with the oracle but the meaning of an interval. Each word is a register of
/// its own; its operations are put in every order that respects real time.
enum BruteForce {
    struct Step {
        enum Action: Equatable {
            case set(UInt64)
            case see(UInt64)
        }
        var interval: Interval
        var action: Action
        /// May be left out.
        var optional = false
    }

    /// Whether some order explains everything seen.
    static func isLegal(_ steps: [Step], initial: UInt64) -> Bool {
        var left = steps
        return place(&left, initial)
    }

    private static func place(_ left: inout [Step], _ value: UInt64) -> Bool {
        if left.isEmpty { return true }
        for index in left.indices {
            let step = left[index]
            // It can be next only if nothing else was over before it began.
            let mayBeNext = left.allSatisfy { !$0.interval.precedes(step.interval) }
            if mayBeNext, let after = apply(step, value) {
                left.remove(at: index)
                let works = place(&left, after)
                left.insert(step, at: index)
                if works { return true }
            }
            if step.optional {
                left.remove(at: index)
                let works = place(&left, value)
                left.insert(step, at: index)
                if works { return true }
            }
        }
        return false
    }

    private static func apply(_ step: Step, _ value: UInt64) -> UInt64? {
        switch step.action {
        case .set(let new): new
        case .see(let seen): seen == value ? value : nil
        }
    }

    /// Whether every word of a history is legal. Sizes and torn bytes are none of its business.
    static func isLegal(_ history: History, words: Range<UInt64>) -> Bool {
        words.allSatisfy { word in
            isLegal(
                steps(history, word),
                initial: Int(word) < history.initialWords.count
                    ? history.initialWords[Int(word)] : 0)
        }
    }

    private static func steps(_ history: History, _ word: UInt64) -> [Step] {
        var steps: [Step] = []
        for write in history.writes where write.words.contains(word) {
            let stamp = Make.stamp(write.operation.actor, write.sequence, word)
            steps.append(
                Step(
                    interval: write.interval, action: .set(stamp),
                    optional: write.certainty == .possible))
        }
        for zeroing in history.zeroings where zeroing.words.contains(word) {
            steps.append(
                Step(
                    interval: zeroing.interval, action: .set(0),
                    optional: zeroing.certainty == .possible))
        }
        for read in history.reads where read.words.contains(word) {
            let place = Int(read.values) + Int(word - read.first)
            steps.append(Step(interval: read.interval, action: .see(history.values[place])))
        }
        return steps
    }
}
