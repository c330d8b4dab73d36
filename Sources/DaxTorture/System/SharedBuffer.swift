/// A buffer that processes share which are forked after it was made: one writes it, and others read it
/// afterwards.
@safe
package final class SharedBuffer: @unchecked Sendable {
    package var buffer: Buffer

    /// Memory for `words` words, all zero.
    package init(words: Int) { buffer = Buffer(sharedWords: words) }
}
