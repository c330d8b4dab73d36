/// What a device is filled with before a filesystem is made on it: each word names the place where
/// it lies, so that a block that is given to a file with what it held before tells which it is.
///
///     63      56 55                              16 15         0
///     +---------+----------------------------------+------------+
///     |    0    |      offset in words of 8        |    mark    |
///     +---------+----------------------------------+------------+
///
/// No stamp looks like it, since actors count from 1; and it is never zero.
package enum DevicePattern {
    private static let mark: UInt64 = 0xda7a
    /// What the next word has more than one.
    package static let step: UInt64 = 1 << 16

    /// What the word at `offset` (a multiple of 8, below 8 TiB) of the device holds.
    package static func word(at offset: UInt64) -> UInt64 {
        precondition(offset % 8 == 0 && offset < 1 << 43)
        return (offset / 8) << 16 | mark
    }

    /// The offset that `word` names; nil if it is none of the pattern. One word in 16 million that
    /// is of another making looks like it.
    package static func offset(of word: UInt64) -> UInt64? {
        guard word >> 56 == 0, word & 0xffff == mark else { return nil }
        return (word >> 16) << 3
    }
}
