package import DaxSystem

/// What some orders take beside descriptors: made for the orders that an actor has, and nothing else.
package struct OrderTools {
    let pins: PinTrials?
    let copies: HeldCopies?
    let synchronous: OwnSynchronousFile?

    /// Throws where one of `orders` needs what the kernel has not.
    package init(
        for orders: [Order], _ context: ActorContext, _ resources: IOResources
    ) throws(SystemError) {
        pins = orders.hasPrivateFile ? try PinTrials(context, resources) : nil
        copies = orders.contains { $0.verb.holdsCopy } ? try HeldCopies() : nil
        synchronous =
            orders.contains { $0.verb == .syncFaults } ? try OwnSynchronousFile(context) : nil
    }
}
