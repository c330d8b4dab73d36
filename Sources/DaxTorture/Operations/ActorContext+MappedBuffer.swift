import DaxModel
import DaxSystem

/// Reads and writes whose buffer is a mapping of a file under test.
extension ActorContext {
    /// Writes into `words` of `file` by a call, from word `start` on of a mapping of `source`.
    package func write(
        _ file: FileUnderTest, _ words: Words, from source: FileUnderTest, at start: UInt64,
        by way: CallWay, _ resources: IOResources
    ) {
        let target = resources.open(file, way)
        transfer(.writeFrom, file, words, source, start) { () throws(SystemError) in
            try target.file.write(
                at: words.lowerBound * 8, count: words.count, from: source.long, at: Int(start))
        }
    }

    /// Reads as many words of `source` by a call, from `start` on, into `words` of a mapping of
    /// `file`.
    package func read(
        into file: FileUnderTest, _ words: Words, from source: FileUnderTest, at start: UInt64,
        by way: CallWay, _ resources: IOResources
    ) {
        let target = resources.open(source, way)
        transfer(.readInto, file, words, source, start) { () throws(SystemError) in
            try target.file.read(
                at: start * 8, count: words.count, into: file.long, at: Int(words.lowerBound))
        }
    }

    /// Writes into `words` of `file` through io_uring, from word `start` on of a mapping of
    /// `source`.
    package func write(
        _ file: FileUnderTest, _ words: Words, from source: FileUnderTest, at start: UInt64
    ) {
        let entries = [
            RingOperation.write(
                offset: words.lowerBound * 8, count: words.count, at: Int(start))
        ]
        transfer(.writeFrom, through: .uring, file, words, source, start) {
            () throws(SystemError) in
            try self.ring.run(entries, on: file.file, mapping: source.long)
            return try self.ring.results[0].bytes()
        }
    }

    /// Reads as many words of `source` through io_uring, from `start` on, into `words` of a mapping
    /// of `file`.
    package func read(
        into file: FileUnderTest, _ words: Words, from source: FileUnderTest, at start: UInt64
    ) {
        let entries = [
            RingOperation.read(offset: start * 8, count: words.count, at: Int(words.lowerBound))
        ]
        transfer(.readInto, through: .uring, file, words, source, start) { () throws(SystemError) in
            try self.ring.run(entries, on: source.file, mapping: file.long)
            return try self.ring.results[0].bytes()
        }
    }
}
