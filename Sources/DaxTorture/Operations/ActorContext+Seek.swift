package import DaxSystem

extension ActorContext {
    /// How many words of a hole are looked at, at most.
    package static let holeWords: UInt64 = 512

    /// Asks where the next data are, or the next hole, at the beginning of `words` or behind (lseek(2)).
    ///
    /// The record's `done` are the bytes from there to what was found.
    package func seek(_ file: FileUnderTest, _ target: SeekTarget, from words: Words) {
        let (first, limit) = (words.lowerBound, file.limit / 8)
        let asked = first..<min(first + ActorContext.holeWords, limit)
        call(target == .data ? .seekData : .seekHole, file, asked) { () throws(SystemError) in
            Int(try file.file.seek(target, from: first * 8) - first * 8)
        } values: { _ in
            0
        }
    }
}
