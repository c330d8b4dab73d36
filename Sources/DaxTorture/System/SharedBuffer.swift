/// A buffer that processes share which are forked after it was made: one writes it, and others read it
/// afterwards.
@safe
public final class SharedBuffer: @unchecked Sendable {
    public var buffer: Buffer

    /// Memory for `words` words, all zero.
    public init(words: Int) { buffer = Buffer(sharedWords: words) }
}
