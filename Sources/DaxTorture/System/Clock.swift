import CSystem
import Glibc

/// The run's one clock: the CPU's time-stamp counter, fenced on both sides.
///
/// docs/clock.md says why its order is real time across CPUs, and where that ends.
package enum Clock {
    /// Ticks now: every earlier load and store of this thread is globally visible before the
    /// counter is read, and no later one is issued before.
    package static func ticks() -> UInt64 { csystem_ticks() }

    /// Spins until the counter has reached what `end` makes of its reading now.
    package static func spin(until end: (UInt64) -> UInt64) {
        let end = end(ticks())
        while ticks() < end {}
    }

    /// How fast the counter runs, measured against CLOCK_MONOTONIC over about `span` nanoseconds.
    ///
    /// It serves to print times and to set clocks, never to order operations.
    package static func measureTicksPerSecond(over span: UInt64 = 50_000_000) -> Double {
        let begin = bothClocks()
        sleep(nanoseconds: span)
        let end = bothClocks()
        return Double(end.ticks - begin.ticks) * 1e9 / Double(end.nanoseconds - begin.nanoseconds)
    }

    /// The counter and CLOCK_MONOTONIC at one time: of some readings the one that took least, since
    /// a thread that loses its CPU between the two would make them strangers.
    private static func bothClocks() -> (ticks: UInt64, nanoseconds: UInt64) {
        var best = (ticks: UInt64(0), nanoseconds: UInt64(0))
        var least = UInt64.max
        for _ in 0..<8 {
            let before = ticks()
            let nanoseconds = monotonicNanoseconds()
            let took = ticks() - before
            if took < least { (least, best) = (took, (before + took / 2, nanoseconds)) }
        }
        return best
    }

    /// CLOCK_MONOTONIC, in nanoseconds.
    package static func monotonicNanoseconds() -> UInt64 {
        var now = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &now)
        return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
    }

    /// CLOCK_REALTIME, in seconds since 1970.
    package static func secondsSinceEpoch() -> UInt64 {
        var now = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &now)
        return UInt64(now.tv_sec)
    }

    /// Lets another thread that is ready to run on this CPU have it (sched_yield(2)).
    package static func yield() { sched_yield() }

    /// Suspends the calling thread for `nanoseconds` (clock_nanosleep(2)), interrupted or not.
    package static func sleep(nanoseconds: UInt64) {
        let end = monotonicNanoseconds() + nanoseconds
        var until = timespec(
            tv_sec: Int(end / 1_000_000_000), tv_nsec: Int(end % 1_000_000_000))
        while unsafe clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nil) == EINTR {}
    }
}
