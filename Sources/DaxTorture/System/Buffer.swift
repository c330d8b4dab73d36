import Glibc

/// Private memory of whole words, aligned to a page: what system calls read into and write from.
///
/// It is touched when it is made, so that no page fault of ours falls into an operation. Access is
/// checked against its bounds.
@safe
public struct Buffer: ~Copyable {
    let base: UnsafeMutablePointer<UInt64>
    /// How many words it holds.
    public let count: Int

    /// Memory for `words` words, all zero. Fails as aligned_alloc(3) does: out of memory is fatal.
    public init(words: Int) {
        let bytes = (max(words, 1) * 8 + 4095) & ~4095
        guard let memory = unsafe aligned_alloc(4096, bytes) else {
            fatalError("no memory for a buffer of \(bytes) bytes")
        }
        unsafe memset(memory, 0, bytes)
        unsafe base = memory.bindMemory(to: UInt64.self, capacity: bytes / 8)
        count = words
    }

    deinit { unsafe free(base) }

    public subscript(word: Int) -> UInt64 {
        get {
            precondition(word >= 0 && word < count)
            return unsafe base[word]
        }
        set {
            precondition(word >= 0 && word < count)
            unsafe base[word] = newValue
        }
    }

    /// Sets the words of `range` to `value`.
    public mutating func fill(_ range: Range<Int>, with value: UInt64) {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        unsafe (base + range.lowerBound).update(repeating: value, count: range.count)
    }

    /// Appends the words of `range` to `array`, without a word-by-word loop.
    public func append(_ range: Range<Int>, to array: inout ContiguousArray<UInt64>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        unsafe array.append(
            contentsOf: UnsafeBufferPointer(start: base + range.lowerBound, count: range.count))
    }

    /// The index of the first word in `range` that differs from `other`'s, or nil (memcmp(3) first).
    public func firstDifference(from other: borrowing Buffer, in range: Range<Int>) -> Int? {
        precondition(
            range.lowerBound >= 0 && range.upperBound <= count && range.upperBound <= other.count)
        let (mine, theirs) = unsafe (base + range.lowerBound, other.base + range.lowerBound)
        if unsafe memcmp(mine, theirs, range.count * 8) == 0 { return nil }
        for index in 0..<range.count where unsafe mine[index] != theirs[index] {
            return range.lowerBound + index
        }
        return nil
    }
}
