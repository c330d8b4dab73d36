package import DaxModel

/// One order of a trial on a file of an actor's own, told as a script could do it: f0 is that file, f1 one
/// that gets the blocks which the trial frees.
package struct TrialStep: Sendable {
    package var order: Order
    /// When what it stands for was invoked, and when it had returned.
    package var interval: Interval
    /// Whether it was done beside the other orders, and not between two of them.
    package var isBeside: Bool

    package init(_ order: Order, _ interval: Interval, isBeside: Bool = false) {
        (self.order, self.interval, self.isBeside) = (order, interval, isBeside)
    }
}
