import DaxModel
package import DaxSystem

/// Reads and writes of an actor's whose copy stands still in the midst: their memory is not there for a while
/// (userfaultfd(2)), and a thread of the kernel waits for it with the locks that it has taken, and the blocks
/// that it has looked up.
package final class HeldCopies {
    private let faults: FaultHold
    private var ring: Ring
    /// The memory that is not there.
    private var page = Buffer(words: Page.words)

    /// Throws EPERM where userfaultfd(2) is not for everybody, and ENOSYS where the kernel has none.
    package init() throws(SystemError) {
        faults = try FaultHold()
        ring = try Ring(depth: 1)
    }

    /// Begins `operation` on the first words of the page, which is there after `nanoseconds`, and then holds
    /// what `contents` holds; in bytes what was moved.
    fileprivate func hold(
        _ operation: RingOperation, on file: borrowing File, for nanoseconds: UInt64,
        _ contents: borrowing Buffer
    ) throws(SystemError) -> Int {
        page.dontNeed()
        try faults.hold(0, of: page)
        try ring.run([operation.byWorker()], on: file, buffer: &page, linked: false) { ended in
            // What finds nothing to copy never waits.
            var tries = 0
            while ended() == 0 && tries < HeldCopies.tries && !faults.someoneWaits(within: 5) {
                tries += 1
            }
            if ended() == 0 { Clock.sleep(nanoseconds: nanoseconds) }
            faults.release(with: contents)
        }
        return try ring.results[0].bytes()
    }

    /// How often it looks whether a copy has begun, for 5 ms each.
    private static let tries = 200

    /// Appends the first words that were read.
    fileprivate func append(_ count: Int, to values: inout SharedRows<UInt64>) {
        page.append(0..<count, to: &values)
    }
}

extension ActorContext {
    /// Reads `words`, a page of them at most, by a read that stands still for `nanoseconds`.
    func read(_ file: FileUnderTest, _ words: Words, for nanoseconds: UInt64, _ copies: HeldCopies)
    {
        move(.read, file, words) { () throws(SystemError) in
            try copies.hold(
                .read(offset: words.lowerBound * 8, count: words.count, at: 0), on: file.file,
                for: nanoseconds, self.buffer)
        } reference: { whole in
            log.pool { copies.append(whole, to: &$0) }
        }
    }

    /// Writes stamps into `words`, a page of them at most, by a write that stands still for `nanoseconds`.
    func write(_ file: FileUnderTest, _ words: Words, for nanoseconds: UInt64, _ copies: HeldCopies)
    {
        let sequence = stamp(words, of: file)
        move(.write, file, words) { () throws(SystemError) in
            try copies.hold(
                .write(offset: words.lowerBound * 8, count: words.count, at: 0), on: file.file,
                for: nanoseconds, self.buffer)
        } reference: { _ in
            sequence
        }
    }

    private func move(
        _ kind: OperationKind, _ file: FileUnderTest, _ words: Words,
        _ body: () throws(SystemError) -> Int, reference: (Int) -> UInt32
    ) {
        let (offset, length) = (words.lowerBound * 8, UInt64(words.count) * 8)
        var done = 0
        announce(kind, .uring, file.number, offset: offset, length: length)
        meet()
        let (interval, error) = timedCall { () throws(SystemError) in done = try body() }
        logOperation(
            kind, .uring, file, over: interval, offset: offset, length: length, done: UInt64(done),
            reference: reference(done / Page.wordBytes), outcome: error == nil ? .done : .failed,
            code: error?.code ?? 0)
    }
}
