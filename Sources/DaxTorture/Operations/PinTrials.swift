import DaxModel
package import DaxSystem

/// Pins of a page that nothing maps, in the private file, whose block is freed under it.
package final class PinTrials {
    private let context: ActorContext
    private let resources: IOResources
    private let own: PrivateFile

    /// Makes the file.
    package init(_ context: ActorContext, _ resources: IOResources) throws(SystemError) {
        (self.context, self.resources) = (context, resources)
        own = try PrivateFile(
            beside: context.files[0].file.path, actor: context.actor, files: context.files.count)
    }

    /// Writes the first page of the private file, pins it, and unmaps it. While it is pinned for
    /// `nanoseconds` the kernel is to punch it, to commit that, and to write another page, for which
    /// the freed block is the nearest. Then it looks at what the pinned page holds, and empties the
    /// file.
    ///
    /// A sound kernel punches when the pin is gone. The punch, the write and the look are given one
    /// interval, from before the pin to the end of all.
    package func pinPrivate(for nanoseconds: UInt64) {
        let page = Page.words
        let (first, second) = (0..<UInt64(page), UInt64(page)..<UInt64(2 * page))
        let before = context.stamp(first, number: own.number, in: &context.buffer, at: 0)
        var written = 0
        context.announce(.pwrite, .syscall, own.number, offset: 0, length: UInt64(Page.bytes))
        let (interval, error) = timedCall { () throws(SystemError) in
            written = try own.file.write(at: 0, count: page, from: context.buffer)
        }
        let code = error?.code ?? 0
        log(.pwrite, own.number, first, interval, done: written, before, code)
        let after = context.stamp(second, number: own.number, in: &context.buffer, at: 0)
        let bytes = UInt64(Page.bytes)
        let entries: [RingOperation] = [
            .fallocate(.punch, offset: 0, length: bytes), .fsync,
            .write(offset: bytes, count: page, at: 0), .fsync,
        ]
        if let (seen, interval) = held(entries, nanoseconds) {
            let values = context.log.pool {
                resources.guardPage.append(0..<seen / Page.wordBytes, to: &$0)
            }
            log(.privatePin, own.number, first, interval, done: seen, values, 0)
            log(
                .punch, own.number, first, interval, done: 0, 0,
                context.ring.results[0].error?.code ?? 0)
            log(
                .write, own.number, second, interval,
                done: Int(max(context.ring.results[2].value, 0)), after,
                context.ring.results[2].error?.code ?? 0)
        }
        empty()
    }

    private func empty() {
        context.announce(.truncate, .syscall, own.number, offset: 0, length: 0)
        let (interval, error) = timedCall { () throws(SystemError) in
            try own.file.truncate(to: 0)
        }
        let code = error?.code ?? 0
        log(.truncate, own.number, 0..<0, interval, done: 0, 0, code)
    }

    /// What was seen, in bytes, and the interval of all; nil where nothing was pinned.
    private func held(
        _ entries: [RingOperation], _ nanoseconds: UInt64
    ) -> (seen: Int, interval: Interval)? {
        var seen: Int?
        context.announce(.privatePin, .syscall, own.number, offset: 0, length: UInt64(Page.bytes))
        let (interval, error) = timedCall { () throws(SystemError) in
            seen = try pinned(entries, nanoseconds)
        }
        if let error { context.trouble = error }
        return seen.map { ($0, interval) }
    }

    private func pinned(
        _ entries: [RingOperation], _ nanoseconds: UInt64
    ) throws(SystemError) -> Int? {
        guard let bytes = try? resources.pipe.pinUnmapped(own.file, 0, count: Page.words) else {
            return nil
        }
        var seen = 0
        try context.ring.run(entries, on: own.file, buffer: &context.buffer, linked: true) {
            (_) throws(SystemError) in
            Clock.sleep(nanoseconds: nanoseconds)
            seen = try resources.pipe.drain(bytes / Page.wordBytes, into: &resources.guardPage)
        }
        return seen
    }

    private func log(
        _ kind: OperationKind, _ file: FileNumber, _ words: Range<UInt64>, _ interval: Interval,
        done: Int, _ reference: UInt32, _ code: Int32
    ) {
        context.progress?.withdraw()
        context.log.append(
            Record(
                interval: interval, offset: words.lowerBound * 8, length: UInt64(words.count) * 8,
                done: UInt64(done), reference: reference, kind: kind, path: .syscall,
                outcome: code == 0 ? .done : .failed, file: file,
                circumstances: kind == .write ? .chained : [], code: code))
    }
}
