internal import DaxModel

/// Decides by search whether the operations on one register have a legal order.
///
/// It is the method of Wing and Gong (1993) with Lowe's refinement (2017): walk through the
/// invocations and returns in order of time, keeping every *configuration* that may be: a value,
/// and which of the open operations already took effect. An operation is made to take effect only
/// when it must, at its return; an observation as soon as it can, since that costs nothing. There
/// is a legal order exactly if some configuration is left at the end.
///
/// A value need not be known: an operation that raises it *gradually* may leave it anywhere between
/// the least that it gives and where it goes, again and again until its last step, and an observation
/// narrows that down. So a configuration holds the bounds of its value, and an observation is made to
/// take effect at once only where it leaves them as they are. Where the least lies above the bounds,
/// the value cannot be between the two: that is another configuration.
///
/// Exact, for values that are not unique too, at a price: the configurations may double with each
/// open operation. Where there would be more than `limit` of them it goes on with the bounds of them
/// all, of which every open operation may have taken effect or not, a few times; then the answer is
/// "undecided". It is that, too, when it has tried `mostTried` configurations.
struct RegisterSearch {
    enum Action: Sendable {
        case set(UInt64)
        /// Raise the value to at least that; gradually by way of any values from `least` on, if there is
        /// one.
        case raise(UInt64, least: UInt64?)
        /// Add to the value, which does not fall below zero.
        case add(Int64)
        /// At some instant the value is within these bounds.
        case observe(UInt64, UInt64)
    }

    struct Step: Sendable {
        var invoked: UInt64
        var returned: UInt64
        var action: Action
        /// Whether the step may as well never have taken effect.
        var optional: Bool
        /// What the caller calls the step.
        var tag: Int
    }

    struct Answer: Equatable {
        /// The observations (their tags) that no configuration allowed when they returned; each
        /// was left out from there on.
        var illegal: [Int] = []
        /// How many observations were allowed or found illegal.
        var decided = 0
        /// False if a limit was reached; what was found illegal stands.
        var complete = true
        /// How many configurations were tried.
        var tried = 0
    }

    /// How many configurations there may be at a time.
    static let limit = 1024

    /// How many configurations a search tries before it ends undecided, so that its time has a bound:
    /// beside operations that a starved machine leaves open for long, each of thousands of observations
    /// may cost as much as `limit` allows.
    static let mostTried = 1 << 18

    let steps: [Step]
    /// The open operations: a slot of the mask, or nil.
    var slots: [Int?] = []
    var openObservations: UInt64 = 0
    private var openEffects: UInt64 = 0
    /// The open effects that raise the value gradually, a bit for each slot.
    var openGradual: UInt64 = 0
    private var configurations: [Configuration]
    /// Steps of which nobody knows any more whether they took effect: such effects may, or not, and
    /// such observations are left out.
    private var forgotten: Set<Int> = []
    private var widenings: Int
    private var tried = 0
    private let mostTried: Int

    private init(initial: UInt64, steps: [Step], widenings: Int, mostTried: Int) {
        self.steps = steps
        self.widenings = widenings
        self.mostTried = mostTried
        configurations = [Configuration(low: initial, high: initial, done: 0)]
    }

    /// Searches; the configurations may outgrow the limit `widenings` times before it ends, and it ends
    /// undecided after `mostTried` of them.
    static func run(
        initial: UInt64, steps: [Step], widenings: Int = 0,
        mostTried: Int = RegisterSearch.mostTried
    ) -> Answer {
        var search = RegisterSearch(
            initial: initial, steps: steps, widenings: widenings, mostTried: mostTried)
        var answer = search.walk()
        answer.tried = search.tried
        return answer
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
            guard event.isReturn else {
                if invoke(event.step) { continue }
                answer.complete = false
                return answer
            }
            var ending = finish(event.step)
            if ending == .outgrown && widenings > 0 && tried <= mostTried {
                answer.complete = false
                widen()
                ending = finish(event.step)
            }
            let isObservation = if case .observe = steps[event.step].action { true } else { false }
            switch ending {
            case .allowed: answer.decided += isObservation ? 1 : 0
            case .refused:
                answer.decided += 1
                answer.illegal.append(steps[event.step].tag)
            case .leftOut: continue
            case .outgrown:
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
        switch steps[step].action {
        case .observe: openObservations |= 1 << UInt64(slot)
        case .raise(_, .some):
            openEffects |= 1 << UInt64(slot)
            openGradual |= 1 << UInt64(slot)
        case .set, .raise, .add: openEffects |= 1 << UInt64(slot)
        }
        if openEffects & 1 << UInt64(slot) == 0 || openGradual & 1 << UInt64(slot) != 0 {
            for index in configurations.indices { settle(&configurations[index]) }
        }
        return true
    }

    private enum Finish {
        case allowed
        /// An observation that no configuration allows.
        case refused
        /// An observation that was forgotten.
        case leftOut
        case outgrown
    }

    private mutating func finish(_ step: Int) -> Finish {
        guard let slot = slots.firstIndex(of: step) else { return .leftOut }
        let bit = UInt64(1) << UInt64(slot)
        let optional = steps[step].optional || forgotten.contains(step)

        var kept: Set<Configuration> = []
        var waiting: [Configuration] = []
        var seen: Set<Configuration> = []
        for configuration in configurations {
            if configuration.done & bit != 0 || optional { kept.insert(configuration) }
            if configuration.done & bit == 0 { waiting.append(configuration) }
        }
        func keep(_ next: Configuration) {
            if next.done & bit != 0 {
                kept.insert(next)
            } else if seen.insert(next).inserted {
                waiting.append(next)
            }
        }
        while let configuration = waiting.popLast() {
            var open = (openEffects | openObservations) & ~configuration.done
            while open != 0 {
                let other = open.trailingZeroBitCount
                open &= open - 1
                tried += 1
                if let next = begin(other, in: configuration) { keep(next) }
                if let next = apply(other, to: configuration) { keep(next) }
            }
            guard kept.count + seen.count <= RegisterSearch.limit,
                tried <= mostTried
            else {
                return .outgrown
            }
        }

        // It may stop halfway, with others' effects before that.
        if optional && openGradual & bit != 0 { kept.formUnion(seen) }
        slots[slot] = nil
        openObservations &= ~bit
        openEffects &= ~bit
        openGradual &= ~bit
        guard !kept.isEmpty else { return .refused }
        configurations = RegisterSearch.widest(
            kept.map { Configuration(low: $0.low, high: $0.high, done: $0.done & ~bit) })
        return .allowed
    }

    /// Goes on with one configuration that stands for all of them.
    private mutating func widen() {
        widenings -= 1
        for (slot, step) in slots.enumerated() {
            guard let step else { continue }
            forgotten.insert(step)
            if case .observe = steps[step].action { slots[slot] = nil }
        }
        openObservations = 0
        var all = Configuration(low: .max, high: 0, done: 0)
        for configuration in configurations {
            all.low = min(all.low, configuration.low)
            all.high = max(all.high, configuration.high)
        }
        settle(&all)
        configurations = [all]
    }
}
