/// What a register may hold while operations on it are open.
extension RegisterSearch {
    /// A value that it may have, by its bounds, and which open operations led there.
    struct Configuration: Hashable {
        /// The least and the greatest that the value may be.
        var low: UInt64
        var high: UInt64
        /// One bit for each open operation that took effect.
        var done: UInt64
    }

    /// As few as say the same: of those of the same effects whose bounds overlap, one with the bounds of
    /// both.
    static func widest(_ configurations: [Configuration]) -> [Configuration] {
        var kept: [Configuration] = []
        for next in configurations.sorted(by: {
            ($0.done, $0.low, $1.high) < ($1.done, $1.low, $0.high)
        }) {
            if let last = kept.last, last.done == next.done, last.high >= next.low {
                kept[kept.count - 1].high = max(last.high, next.high)
            } else {
                kept.append(next)
            }
        }
        return kept
    }

    /// What becomes of a configuration when the step in that slot takes effect; nil where it cannot.
    func apply(_ slot: Int, to configuration: Configuration) -> Configuration? {
        var next = configuration
        next.done |= 1 << UInt64(slot)
        guard let step = slots[slot] else { return next }
        switch steps[step].action {
        case .set(let value): (next.low, next.high) = (value, value)
        case .raise(let value, _):
            (next.low, next.high) = (max(next.low, value), max(next.high, value))
        case .add(let change):
            func changed(_ value: UInt64) -> UInt64 {
                UInt64(max(0, Int64(clamping: value) + change))
            }
            (next.low, next.high) = (changed(next.low), changed(next.high))
        case .observe(let low, let high):
            guard next.low <= high && next.high >= low else { return nil }
            (next.low, next.high) = (max(next.low, low), min(next.high, high))
        }
        settle(&next)
        return next
    }

    /// What becomes of a configuration when a gradual step, in that slot, that cannot leave the value within
    /// or next to its bounds gets under way; nil if there is no such step.
    func begin(_ slot: Int, in configuration: Configuration) -> Configuration? {
        guard let (value, least) = gradual(slot), least > configuration.high + 1 else { return nil }
        var next = configuration
        (next.low, next.high) = (least, value)
        settle(&next)
        return next
    }

    /// How far the step in that slot goes, and from where on, if it is a gradual one.
    private func gradual(_ slot: Int) -> (value: UInt64, least: UInt64)? {
        guard let step = slots[slot], case .raise(let value, let least?) = steps[step].action
        else { return nil }
        return (value, min(least, value))
    }

    /// Lets every open gradual operation raise the value as far as it goes, if it can do so by all values
    /// in between, and every open observation take effect that the bounds satisfy as they are.
    func settle(_ configuration: inout Configuration) {
        var open = openGradual & ~configuration.done
        while open != 0 {
            let slot = open.trailingZeroBitCount
            open &= open - 1
            guard let (value, least) = gradual(slot), value > configuration.high,
                least <= configuration.high + 1
            else { continue }
            configuration.high = value
            // Others may go on from there.
            open = openGradual & ~configuration.done
        }
        open = openObservations & ~configuration.done
        while open != 0 {
            let slot = open.trailingZeroBitCount
            open &= open - 1
            guard let step = slots[slot], case .observe(let low, let high) = steps[step].action
            else { continue }
            if configuration.low >= low && configuration.high <= high {
                configuration.done |= 1 << UInt64(slot)
            }
        }
    }
}
