internal import CFault
internal import CSystem

/// What is to be seen of a worker from another process, too, which shares this since it was forked.
///
/// A worker may be ended, and a status go on: whoever has the one of a worker in another process sees
/// whether it works, and waits for it, without that process's help.
package final class WorkerStatus: Sendable {
    private let words = SharedWords(2)

    package init() {}

    /// Whether no round is running.
    package internal(set) var isIdle: Bool {
        get { words.load(0) == 0 }
        set { words.store(newValue ? 0 : 1, at: 0) }
    }

    /// The kernel's id of the thread (gettid(2)); 0 where none was started yet.
    package internal(set) var kernelID: Int32 {
        get { Int32(truncatingIfNeeded: words.load(1)) }
        set { words.store(UInt64(newValue), at: 1) }
    }

    /// Waits for the round to end while there is `deadline`, and nobody says that it is `over`; false
    /// if it did not.
    package func wait(_ deadline: inout Deadline, over: () -> Bool = { false }) -> Bool {
        while !isIdle {
            if deadline.isOver() || over() { return false }
            Clock.sleep(nanoseconds: 200_000)
        }
        return true
    }
}
