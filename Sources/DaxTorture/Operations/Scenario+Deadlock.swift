/// Scripts that wait for each other for ever.
///
/// What a step waits for is another step, and which one does not depend on the time: the n-th of a kind, or the
/// one in the same pass through the other's list. So it is enough to ask for one script after the other to go
/// on, and have it ask for those that it waits for: who is asked while it waits for an answer waits for itself.
extension Scenario {
    /// Why `script` and those that it waits for never come to their ends; nil if they do.
    func deadlock(of script: Script) -> String? {
        // One that never waits, and is waited for, comes to all of its steps.
        var walk = Walk(scripts.filter { $0.count > 0 && $0.waits }, once: once)
        guard let index = walk.walkers.firstIndex(where: { $0.script.name == script.name }) else {
            return nil
        }
        while walk.stepsLeft > 0 && walk.walkers[index].wait != nil {
            if let circle = walk.goOn(index) {
                return "scripts wait for each other for ever: \(circle.joined(separator: ", "))"
            }
        }
        return nil
    }

    /// All scripts, each at the step that it waits in.
    private struct Walk {
        var walkers: [Walker]
        let once: Bool
        /// What has not stuck by then has come round again in any scenario that a person writes.
        var stepsLeft = 40_000
        /// Those that wait for an answer.
        private var asked: [Int] = []

        init(_ scripts: [Script], once: Bool) {
            self.once = once
            walkers = scripts.map { Walker($0) }
            for index in walkers.indices { walkers[index].findWait(once: once) }
        }

        /// Has that script go past the step that it waits in; who waits where, if it never can.
        mutating func goOn(_ index: Int) -> [String]? {
            stepsLeft -= walkers.count
            guard stepsLeft > 0 else { return nil }
            guard let wait = walkers[index].wait, !asked.contains(index) else {
                return (asked + [index]).reduce(into: []) { places, one in
                    let place = walkers[one].told
                    if !places.contains(place) { places.append(place) }
                }
            }
            asked.append(index)
            defer { asked.removeLast() }
            for other in walkers.indices where other != index {
                while stepsLeft > 0 && !walkers[other].satisfies(wait, of: walkers[index]) {
                    if let circle = goOn(other) { return circle }
                }
            }
            walkers[index].goPast(once: once)
            return nil
        }
    }

    /// A script on its way.
    private struct Walker {
        let script: Script
        private let orders: [Order]
        private let meetings: Set<UInt64>
        private var next = 0
        private var reached = 0
        private var passes: UInt64 = 0
        private var repetitions: UInt64 = 0
        private var visits: [UInt64: UInt64] = [:]

        init(_ script: Script) {
            self.script = script
            (orders, meetings) = (script.orders, script.meetings)
        }

        /// The step that it waits in; nil of one that never waits, or is at its end.
        var wait: Order? { next < orders.count ? orders[next] : nil }

        var told: String { "\(script.name) at \(wait.map { "\"\($0)\"" } ?? "its end")" }

        /// Whether it has come to where the step of another script, `wait`, waits for it.
        func satisfies(_ wait: Order, of other: Walker) -> Bool {
            switch wait.verb.shape {
            case .meeting:
                !meetings.contains(wait.number)
                    || visits[wait.number, default: 0] >= other.visits[wait.number, default: 0]
            case .predecessor:
                wait.actor != script.name
                    || passes * UInt64(orders.count) + UInt64(reached)
                        >= other.passes * UInt64(orders.count) + wait.number
            case .range, .size, .file, .pair, .filesystem, .hold, .ownHold, .time, .moment,
                .repetition, .expectation:
                true
            }
        }

        mutating func goPast(once: Bool) {
            leave(next + 1)
            findWait(once: once)
        }

        private mutating func leave(_ step: Int) {
            next = step
            reached = max(reached, next)
        }

        /// Goes on to the next step that waits, or to the end.
        mutating func findWait(once: Bool) {
            while true {
                if next == orders.count {
                    if once { return }
                    (next, reached) = (0, 0)
                    passes += 1
                }
                switch orders[next].verb.shape {
                case .meeting:
                    visits[orders[next].number, default: 0] += 1
                    return
                case .predecessor: return
                case .repetition: repeatBlock()
                case .range, .size, .file, .pair, .filesystem, .hold, .ownHold, .time, .moment,
                    .expectation:
                    leave(next + 1)
                }
            }
        }

        private mutating func repeatBlock() {
            let begin = Order.beginning(before: next, in: orders)
            repetitions += 1
            if orders[begin..<next].contains(where: \.waits) && repetitions < orders[next].number {
                next = begin
            } else {
                repetitions = 0
                leave(next + 1)
            }
        }
    }
}

extension Order {
    fileprivate var waits: Bool { verb.shape == .meeting || verb.shape == .predecessor }
}

extension Scenario.Script {
    fileprivate var waits: Bool { orders.contains(where: \.waits) }
}
