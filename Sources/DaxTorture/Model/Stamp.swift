/// The 8-byte value that a writer stores into a word: it says by itself who wrote it, in which
/// operation, and whether it stands where it was put.
///
///     63      56 55                    24 23                   0
///     +---------+------------------------+----------------------+
///     |  actor  |        sequence        |        check         |
///     +---------+------------------------+----------------------+
///
/// Read as one hexadecimal number in a dump, its first two digits are the actor, the next eight
/// the sequence. A stamp is never zero, since actors count from 1, and never reused in a run,
/// since an actor's sequence only grows. All words of one write share actor and sequence; the
/// check tells them apart.
public struct Stamp: RawRepresentable, Hashable, Sendable {
    public var rawValue: UInt64

    @inlinable
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// The writer, 1 to 255.
    @inlinable
    public var actor: ActorNumber {
        ActorNumber(rawValue: UInt8(truncatingIfNeeded: rawValue >> 56))
    }

    /// The number of the writing operation among its actor's, counted from 1.
    @inlinable
    public var sequence: UInt32 { UInt32(truncatingIfNeeded: rawValue >> 24) }

    /// What all stamps of one operation have in common: a stamp without its check.
    @inlinable
    public static func head(actor: ActorNumber, sequence: UInt32) -> UInt64 {
        UInt64(actor.rawValue) << 56 | UInt64(sequence) << 24
    }

    /// 24 bits that depend on actor, sequence, file, word and the run's key.
    @inlinable
    public var check: UInt32 { UInt32(truncatingIfNeeded: rawValue) & 0xff_ffff }
}

/// Makes and verifies the stamps of one run.
///
/// The key comes from the seed (and, where old data may lie on the device, from a nonce): a stamp
/// of another run fails its check, except by one chance in 16 million.
public struct StampKey: Hashable, Sendable {
    @usableFromInline let key: UInt64

    /// The key of a run: `nonce` is zero on a device that was blank when the run began.
    public init(seed: UInt64, nonce: UInt64 = 0) {
        key = Random.mix(seed ^ Random.mix(nonce ^ 0xda87_0127_0b1e_5eed))
    }

    /// The stamp that `actor`'s operation `sequence` writes into word `word` of file `file`.
    @inlinable
    public func stamp(actor: ActorNumber, sequence: UInt32, file: FileNumber, word: UInt64) -> Stamp
    {
        let head = Stamp.head(actor: actor, sequence: sequence)
        let place = word &* 0x9e37_79b9_7f4a_7c15 ^ UInt64(file.rawValue) << 40
        return Stamp(rawValue: head | Random.mix(head ^ place ^ key) & 0xff_ffff)
    }

    /// Whether `stamp` is one that was made for this word of this file in this run.
    @inlinable
    public func verify(_ stamp: Stamp, file: FileNumber, word: UInt64) -> Bool {
        stamp.actor != .harness && stamp.sequence != 0
            && stamp
                == self.stamp(
                    actor: stamp.actor, sequence: stamp.sequence, file: file, word: word)
    }
}
