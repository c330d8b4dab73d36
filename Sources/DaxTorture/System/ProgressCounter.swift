/// One thread's count of finished steps, and the call that it is in, alone on a page that forked
/// processes share: whoever reads them, or counts beside them, costs that thread nothing it writes to.
package final class ProgressCounter: Sendable {
    private static let count = 0
    private static let call = 1
    private static let offset = 2
    private static let length = 3
    private static let finished = 4
    private let words = SharedWords(5)

    package init() {}

    /// Where it is, for a test.
    var address: UInt { words.address }

    package var steps: UInt64 { words.load(ProgressCounter.count) }

    /// Only the one thread calls it: an add would lock the line for nothing.
    package func countStep() {
        words.store(words.load(ProgressCounter.count) &+ 1, at: ProgressCounter.count)
    }

    /// Whether the thread has done all that it is to do.
    package var isFinished: Bool { words.load(ProgressCounter.finished) != 0 }

    /// Says so. Only the one thread calls it.
    package func finish() { words.store(1, at: ProgressCounter.finished) }

    /// Says which call the thread is going to make, by a code of the caller's that is not 0, and on which
    /// bytes. Only the one thread calls it.
    package func announce(_ code: UInt64, offset: UInt64, length: UInt64) {
        words.store(offset, at: ProgressCounter.offset)
        words.store(length, at: ProgressCounter.length)
        words.store(code, at: ProgressCounter.call)
    }

    /// The call has returned. Only the one thread calls it.
    package func withdraw() { words.store(0, at: ProgressCounter.call) }

    /// The call that the thread is in; nil if in none. Of a thread that goes on the three may not belong
    /// together: it is there to be asked of one that is stuck.
    package var announced: (code: UInt64, offset: UInt64, length: UInt64)? {
        let code = words.load(ProgressCounter.call)
        if code == 0 { return nil }
        return (code, words.load(ProgressCounter.offset), words.load(ProgressCounter.length))
    }
}
