import DaxModel
package import DaxSystem

/// Copies from file to file, and within one.
extension ActorContext {
    /// Has `words` of `file` share the blocks of as many words of `source` from `from` on
    /// (FICLONERANGE). The filesystem wants whole blocks.
    package func clone(
        _ file: FileUnderTest, _ words: Words, from source: FileUnderTest, at from: UInt64
    ) {
        transfer(.clone, file, words, source, from) { () throws(SystemError) in
            try file.file.clone(
                offset: words.lowerBound * 8, length: UInt64(words.count) * 8, from: source.file,
                at: from * 8)
            return words.count * 8
        }
    }

    /// Copies as many words of `source` from `from` on into `words` of `file`
    /// (copy_file_range(2)); perhaps fewer, where the source ends.
    package func copy(
        _ file: FileUnderTest, _ words: Words, from source: FileUnderTest, at from: UInt64
    ) {
        transfer(.copy, file, words, source, from) { () throws(SystemError) in
            try file.file.copy(
                offset: words.lowerBound * 8, length: UInt64(words.count) * 8, from: source.file,
                at: from * 8)
        }
    }

    /// Has `words` of `file` share the blocks of as many words of `source` from `from` on, if both
    /// hold the same (FIDEDUPERANGE).
    package func dedupe(
        _ file: FileUnderTest, _ words: Words, with source: FileUnderTest, at from: UInt64
    ) {
        transfer(.dedupe, file, words, source, from) { () throws(SystemError) in
            try file.file.dedupe(
                offset: words.lowerBound * 8, length: UInt64(words.count) * 8, with: source.file,
                at: from * 8)
        }
    }

    /// Exchanges `words` of `file` with as many words of `other` from `start` on
    /// (XFS_IOC_EXCHANGE_RANGE). The filesystem wants whole blocks, which both files have.
    package func exchange(
        _ file: FileUnderTest, _ words: Words, with other: FileUnderTest, at start: UInt64,
        _ flags: ExchangeFlags
    ) {
        // What a dry run has done is nothing.
        let done = flags.contains(.dryRun) ? 0 : words.count * 8
        transfer(.exchange, file, words, other, start) { () throws(SystemError) in
            try file.file.exchange(
                offset: words.lowerBound * 8, length: UInt64(words.count) * 8, with: other.file,
                at: start * 8, flags)
            return done
        }
    }

    /// Times a transfer of words from file to file by `body`, which gives bytes, and logs it.
    package func transfer(
        _ kind: OperationKind, through path: AccessPath = .syscall, _ file: FileUnderTest,
        _ words: Words, _ source: FileUnderTest, _ start: UInt64,
        _ body: () throws(SystemError) -> Int
    ) {
        var done = 0
        announce(
            kind, path, file.number, offset: words.lowerBound * 8,
            length: UInt64(words.count) * 8)
        meet()
        let (interval, error) = timedCall { () throws(SystemError) in
            done = try body()
        }
        let code = error?.code ?? 0
        logOperation(
            kind, path, file, over: interval, offset: words.lowerBound * 8,
            length: UInt64(words.count) * 8, done: UInt64(done), reference: UInt32(start),
            source: source.number, outcome: code == 0 ? .done : .failed, code: code)
    }

    /// Whether the last operation did what it was asked.
    package var succeeded: Bool { log.records.last?.outcome == .done }
}
