package import DaxModel
package import DaxSystem

/// Makes one access to memory, and says when it was invoked and when it returned.
///
/// Nothing but `body` lies between the two readings of the clock; it is one call whose arguments are
/// ready (`ci/check-waits`).
@inline(__always)
package func timed(_ body: () -> AccessResult) -> (interval: Interval, result: AccessResult) {
    let from = Clock.ticks()
    let result = body()
    let to = Clock.ticks()
    return (Interval(Timestamp(ticks: from), Timestamp(ticks: to)), result)
}

/// Makes one system call, and says when it was invoked and when it returned, and how it failed, if it
/// did.
///
/// Nothing but `body` lies between the two readings of the clock, as in ``timed(_:)``.
@inline(__always)
package func timedCall(_ body: () throws(SystemError) -> Void)
    -> (interval: Interval, error: SystemError?)
{
    var failure: SystemError?
    let from = Clock.ticks()
    do throws(SystemError) { try body() } catch { failure = error }
    let to = Clock.ticks()
    return (Interval(Timestamp(ticks: from), Timestamp(ticks: to)), failure)
}
