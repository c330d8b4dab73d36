internal import DaxModel

/// Decides by search whether the operations on one register have a legal order.
///
/// It is the method of Wing and Gong (1993) with Lowe's refinement (2017): walk through the
/// invocations and returns in order of time, keeping every *configuration* that may be: a value,
/// and which of the open operations already took effect. An operation is made to take effect only
/// when it must, at its return; an observation as soon as it can, since that costs nothing. There
/// is a legal order exactly if some configuration is left at the end.
///
/// Exact, for values that are not unique too, at a price: the configurations may double with each
/// open operation. Beyond `limit` of them the answer is "undecided".
struct RegisterSearch {
    enum Action: Sendable {
        case set(UInt64)
        /// Raise the value to at least that.
        case raise(UInt64)
        /// Add to the value, which does not fall below zero.
        case add(Int64)
        /// At some instant the value is within these bounds.
        case observe(UInt64, UInt64)
    }

    struct Step: Sendable {
        var invoked: UInt64
        var returned: UInt64
        var action: Action
        /// It may as well never have taken effect.
        var optional: Bool
        /// What the caller calls it.
        var tag: Int
    }

    struct Answer: Equatable {
        /// The observations (their tags) that no configuration allowed when they returned; each
        /// was left out from there on.
        var illegal: [Int] = []
        /// False if the limit ended the walk; what was found illegal until then stands.
        var complete = true
    }

    private struct Configuration: Hashable {
        var value: UInt64
        /// One bit for each open operation that took effect.
        var done: UInt64
    }

    static let limit = 1024

    private let steps: [Step]
    /// The open operations: a slot of the mask, or nil.
    private var slots: [Int?] = []
    private var openObservations: UInt64 = 0
    private var openEffects: UInt64 = 0
    private var configurations: [Configuration]

    private init(initial: UInt64, steps: [Step]) {
        self.steps = steps
        configurations = [Configuration(value: initial, done: 0)]
    }

    static func run(initial: UInt64, steps: [Step]) -> Answer {
        var search = RegisterSearch(initial: initial, steps: steps)
        return search.walk()
    }

    private mutating func walk() -> Answer {
        struct Event {
            var instant: UInt64
            var isReturn: Bool
            var step: Int
        }
        var events: [Event] = []
        events.reserveCapacity(2 * steps.count)
        for (index, step) in steps.enumerated() {
            events.append(Event(instant: step.invoked, isReturn: false, step: index))
            events.append(Event(instant: step.returned, isReturn: true, step: index))
        }
        // Equal ticks order nothing: at one tick everything is invoked before anything returns.
        events.sort { ($0.instant, $0.isReturn ? 1 : 0) < ($1.instant, $1.isReturn ? 1 : 0) }

        var answer = Answer()
        for event in events {
            if event.isReturn {
                switch finish(event.step) {
                case .allowed: continue
                case .refused: answer.illegal.append(steps[event.step].tag)
                case .outgrown:
                    answer.complete = false
                    return answer
                }
            } else if !invoke(event.step) {
                answer.complete = false
                return answer
            }
        }
        return answer
    }

    /// Opens a step; false if too many are open.
    private mutating func invoke(_ step: Int) -> Bool {
        var slot = slots.firstIndex(of: nil) ?? slots.count
        if slot == slots.count {
            guard slot < UInt64.bitWidth else { return false }
            slots.append(nil)
            slot = slots.count - 1
        }
        slots[slot] = step
        if case .observe = steps[step].action {
            openObservations |= 1 << UInt64(slot)
            for index in configurations.indices { settle(&configurations[index]) }
        } else {
            openEffects |= 1 << UInt64(slot)
        }
        return true
    }

    private enum Finish {
        case allowed
        /// An observation that no configuration allows.
        case refused
        case outgrown
    }

    private mutating func finish(_ step: Int) -> Finish {
        guard let slot = slots.firstIndex(of: step) else {
            preconditionFailure("a return without its invocation")
        }
        let bit = UInt64(1) << UInt64(slot)
        let optional = steps[step].optional

        var kept: Set<Configuration> = []
        var waiting: [Configuration] = []
        var seen: Set<Configuration> = []
        for configuration in configurations {
            if configuration.done & bit != 0 || optional { kept.insert(configuration) }
            if configuration.done & bit == 0 { waiting.append(configuration) }
        }
        while let configuration = waiting.popLast() {
            var open = openEffects & ~configuration.done
            while open != 0 {
                let other = open.trailingZeroBitCount
                open &= open - 1
                let next = apply(other, to: configuration)
                if next.done & bit != 0 {
                    kept.insert(next)
                } else if seen.insert(next).inserted {
                    waiting.append(next)
                }
            }
            guard kept.count + seen.count <= RegisterSearch.limit else {
                return .outgrown
            }
        }

        slots[slot] = nil
        openObservations &= ~bit
        openEffects &= ~bit
        guard !kept.isEmpty else { return .refused }
        configurations = Set(
            kept.map { Configuration(value: $0.value, done: $0.done & ~bit) }
        ).sorted { ($0.value, $0.done) < ($1.value, $1.done) }
        return .allowed
    }

    private func apply(_ slot: Int, to configuration: Configuration) -> Configuration {
        var next = configuration
        next.done |= 1 << UInt64(slot)
        guard let step = slots[slot] else { return next }
        switch steps[step].action {
        case .set(let value): next.value = value
        case .raise(let value): next.value = max(next.value, value)
        case .add(let change):
            next.value = UInt64(max(0, Int64(clamping: next.value) + change))
        case .observe: break
        }
        settle(&next)
        return next
    }

    /// Lets every open observation that the value satisfies take effect.
    private func settle(_ configuration: inout Configuration) {
        var open = openObservations & ~configuration.done
        while open != 0 {
            let slot = open.trailingZeroBitCount
            open &= open - 1
            guard let step = slots[slot], case .observe(let low, let high) = steps[step].action
            else { continue }
            if configuration.value >= low && configuration.value <= high {
                configuration.done |= 1 << UInt64(slot)
            }
        }
    }
}
