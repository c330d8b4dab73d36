import DaxModel
import DaxSystem

/// Reads and writes whose buffer is a mapping of a file under test. The hand must be equipped.
extension Hand {
    /// Writes into `words` of `file` from a mapping of `source`, from its word `start` on.
    public func write(
        _ file: FileUnderTest, _ words: Words, from source: FileUnderTest, at start: UInt64,
        by way: CallWay
    ) {
        let target = tools.open(file, way)
        lend(.writeFrom, .syscall, file, words, source, start) { () throws(SystemError) in
            try target.file.write(
                at: words.lowerBound * 8, count: words.count, from: source.long, at: Int(start))
        }
    }

    /// Reads as many words of `source` from `start` on into a mapping of `file`, into its `words`.
    public func read(
        into file: FileUnderTest, _ words: Words, from source: FileUnderTest, at start: UInt64,
        by way: CallWay
    ) {
        let target = tools.open(source, way)
        lend(.readInto, .syscall, file, words, source, start) { () throws(SystemError) in
            try target.file.read(
                at: start * 8, count: words.count, into: file.long, at: Int(words.lowerBound))
        }
    }

    /// As above, through io_uring.
    public func write(
        _ file: FileUnderTest, _ words: Words, from source: FileUnderTest, at start: UInt64
    ) {
        let entries = [
            RingOperation.write(
                offset: words.lowerBound * 8, count: words.count, at: Int(start))
        ]
        lend(.writeFrom, .uring, file, words, source, start) { () throws(SystemError) in
            try self.ring.run(entries, on: file.file, mapping: source.long)
            return try self.ring.results[0].bytes()
        }
    }

    /// As above, through io_uring.
    public func read(
        into file: FileUnderTest, _ words: Words, from source: FileUnderTest, at start: UInt64
    ) {
        let entries = [
            RingOperation.read(offset: start * 8, count: words.count, at: Int(words.lowerBound))
        ]
        lend(.readInto, .uring, file, words, source, start) { () throws(SystemError) in
            try self.ring.run(entries, on: source.file, mapping: file.long)
            return try self.ring.results[0].bytes()
        }
    }

    private func lend(
        _ kind: OperationKind, _ path: AccessPath, _ file: FileUnderTest,
        _ words: Words, _ source: FileUnderTest, _ start: UInt64,
        _ body: () throws(SystemError) -> Int
    ) {
        var code: Int32 = 0
        var done = 0
        let from = Clock.ticks()
        do throws(SystemError) { done = try body() } catch { code = error.code }
        let to = Clock.ticks()
        note(
            kind, path, file, from: from, to: to, offset: words.lowerBound * 8,
            length: UInt64(words.count) * 8, done: UInt64(done), reference: UInt32(start),
            source: source.number, outcome: code == 0 ? .done : .failed, code: code)
    }
}
