package import DaxOperations
package import DaxSystem

/// Carries out the orders of a config, one after the other, again and again, or once.
///
/// The race, or the sequence, is what the config says: a script is how a known bug is shown without
/// chance. What it does is judged like all else, and by what the config expects. Two scripts meet where
/// their orders do, or where the config has them wait for each other (`ScriptBarriers`).
///
/// Kernel paths: those of the calls that it makes (`Order.Verb`).
package struct Script: Actor {
    private let orders: [Order]
    private let resources: IOResources
    private let tools: OrderTools
    private let exchanges: Bool
    /// Whether it goes through its orders once, and not again and again.
    private let once: Bool
    private let slot: ScriptBarriers.Slot?
    private var stopFlag: StopFlag?
    private var next = 0
    /// Steps of the list that have been carried out since its last beginning, with those that are being
    /// repeated.
    private var reached = 0
    /// Times that the list has been carried out.
    private var passes: UInt64 = 0
    /// Times that the steps before a repetition have been carried out.
    private var repetitions: UInt64 = 0
    /// How often all are to have come to the meeting that is next; nil before this script has.
    private var awaited: UInt64?
    /// Whether anything was done since the list's last beginning.
    private var isBusy = false
    private var stamps = OwnStamps()

    /// Throws where descriptors or rings cannot be had.
    package init(_ settings: ActorSettings, _ context: ActorContext) throws(SystemError) {
        precondition(!settings.orders.isEmpty, "a script without steps, which no config may have")
        orders = settings.orders
        (exchanges, once, slot) = (settings.exchanges, settings.once, settings.slot)
        resources = try IOResources(context.files, depth: ActorContext.depth)
        tools = try OrderTools(for: orders, context, resources)
    }

    package var refusal: SystemError? { resources.refusal }

    /// How many of those that go once came to their ends, is told by rounds.
    package var unfinished: String? {
        passes > 0 || once
            ? nil : "never came past step \(next + 1), \"\(orders[next])\""
    }

    package mutating func begin(_ stopFlag: StopFlag) { self.stopFlag = stopFlag }

    /// A step that the epoch's end breaks off is next in the following epoch.
    package mutating func step(_ context: ActorContext) {
        guard !once || passes == 0 else {
            context.progress?.finish()
            return Clock.sleep(nanoseconds: Script.idleTime)
        }
        let order = orders[next]
        switch order.verb.shape {
        case .range, .size, .file, .pair, .filesystem, .hold, .ownHold, .time:
            carryOut(order, context)
        case .moment: guard rest(until: order.nanoseconds) else { return }
        case .meeting: guard meet(order.number) else { return }
        case .predecessor: guard wait(for: order) else { return }
        case .repetition:
            repetitions += 1
            guard repetitions == order.number else {
                next = Order.beginning(before: next, in: orders)
                return
            }
            repetitions = 0
        // It was judged with the step that it is about.
        case .expectation: break
        }
        goOn()
    }

    private mutating func carryOut(_ order: Order, _ context: ActorContext) {
        // A kernel that cannot exchange ranges is not asked to.
        guard order.verb != .exchange || exchanges else { return }
        isBusy = true
        let count = context.log.records.count
        context.carryOut(order, resources, tools)
        // None of a private store for which there is no memory.
        guard context.log.records.count > count, let record = context.log.records.last else {
            return
        }
        stamps.note(record)
        for expected in orders[(next + 1)...].prefix(while: { $0.verb.shape == .expectation }) {
            context.report(
                record, unless: expected.expectation, stamps,
                "step \(next + 1) of \(slot?.name ?? "the script"), \"\(order)\"")
        }
    }

    private mutating func goOn() {
        awaited = nil
        next += 1
        reached = max(reached, next)
        if next == orders.count {
            if !isBusy { Clock.sleep(nanoseconds: Script.idleTime) }
            (next, reached, isBusy) = (0, 0, false)
            passes += 1
        }
        slot?.publish(steps: passes * UInt64(orders.count) + UInt64(reached))
    }

    /// How long one that has nothing to do looks away, in nanoseconds.
    private static let idleTime: UInt64 = 1_000_000

    // MARK: - Waiting

    /// Waits for that time since the epoch began; false if the epoch ended before.
    private func rest(until nanoseconds: UInt64) -> Bool {
        guard let stopFlag else { return true }
        let end = stopFlag.began + nanoseconds
        while true {
            let now = Clock.monotonicNanoseconds()
            if now >= end { return true }
            if stopFlag.isSet { return false }
            Clock.sleep(nanoseconds: min(end - now, Script.slice))
        }
    }

    /// How late an epoch may end for a script that waits, in nanoseconds.
    private static let slice: UInt64 = 5_000_000

    private mutating func meet(_ meeting: UInt64) -> Bool {
        guard let slot else { return true }
        let times = awaited ?? slot.visits(to: meeting) + 1
        awaited = times
        return slot.meet(meeting, times: times, stopFlag)
    }

    /// Waits for a step of another script, in the same pass through its list as this one is in.
    private func wait(for order: Order) -> Bool {
        slot?.wait(for: order.actor, steps: order.number, passes: passes, stopFlag) ?? true
    }
}
