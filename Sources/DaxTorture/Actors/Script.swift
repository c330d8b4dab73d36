package import DaxOperations
package import DaxSystem

/// Carries out the orders of a config, one after the other, again and again.
///
/// The race, or the sequence, is what the config says: a script is how a known bug is shown without
/// chance. What it does is judged like all else, so that it needs no expectations of its own. Two
/// scripts meet where their orders do.
///
/// Kernel paths: those of the calls that it makes (`Order.Verb`).
package struct Script: Actor {
    private let orders: [Order]
    private let resources: IOResources
    /// Whether it goes through its orders once, and not again and again.
    private let once: Bool
    private var next = 0

    /// Throws where descriptors or rings cannot be had.
    package init(_ settings: ActorSettings, _ context: ActorContext) throws(SystemError) {
        precondition(!settings.orders.isEmpty, "a script without steps, which no config may have")
        // A kernel that cannot exchange ranges is not asked to.
        orders = settings.orders.filter { $0.verb != .exchange || settings.exchanges }
        once = settings.once
        resources = try IOResources(context.files, depth: ActorContext.depth)
    }

    package var refusal: SystemError? { resources.refusal }

    package mutating func step(_ context: ActorContext) {
        guard next < orders.count else {
            context.progress?.finish()
            return Clock.sleep(nanoseconds: Script.rest)
        }
        context.carryOut(orders[next], resources)
        next += 1
        if next == orders.count && !once { next = 0 }
    }

    /// How long one that has nothing to do looks away, in nanoseconds.
    private static let rest: UInt64 = 1_000_000
}
