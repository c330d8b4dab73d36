internal import CSystem
import Glibc

/// Private memory of whole words, aligned to a page: what system calls read into and write from.
///
/// It is touched when it is made, so that no page fault of ours falls into an operation. Access is
/// checked against its bounds.
@safe
package struct Buffer: ~Copyable {
    let base: UnsafeMutablePointer<UInt64>
    /// How many words the buffer holds.
    package let count: Int
    /// How many words behind the buffer's own may be named in a call, but cannot be reached.
    package let unreachable: Int
    /// Whether forked processes share the buffer.
    private let isShared: Bool

    /// Memory for `words` words, all zero, that processes forked from now on share. Out of memory is
    /// fatal.
    package init(sharedWords words: Int) {
        let bytes = (max(words, 1) * 8 + 4095) & ~4095
        let memory = unsafe SharedMemory.map(bytes: bytes)
        unsafe memset(memory, 0, bytes)
        unsafe base = memory.bindMemory(to: UInt64.self, capacity: bytes / 8)
        count = words
        unreachable = 0
        isShared = true
    }

    /// Memory for `words` words, all zero. Fails as aligned_alloc(3) does: out of memory is fatal.
    package init(words: Int) {
        let bytes = (max(words, 1) * 8 + 4095) & ~4095
        guard let memory = unsafe aligned_alloc(4096, bytes) else {
            fatalError("no memory for a buffer of \(bytes) bytes")
        }
        unsafe memset(memory, 0, bytes)
        unsafe base = memory.bindMemory(to: UInt64.self, capacity: bytes / 8)
        count = words
        unreachable = 0
        isShared = false
    }

    /// Memory for `words` words, whole pages, that ends at a page nobody may touch (PROT_NONE): a
    /// call that is told of it faults half way. Throws mmap(2)'s errno.
    package init(pagesBeforeGuard pages: Int) throws(SystemError) {
        precondition(pages > 0)
        let bytes = pages * 4096
        let memory = unsafe mmap(
            nil, bytes + 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let memory = unsafe memory, unsafe memory != MAP_FAILED else {
            throw .last("mmap MAP_ANONYMOUS")
        }
        if unsafe mprotect(memory + bytes, 4096, PROT_NONE) != 0 {
            let error = SystemError.last("mprotect")
            unsafe munmap(memory, bytes + 4096)
            throw error
        }
        unsafe memset(memory, 0, bytes)
        unsafe base = memory.bindMemory(to: UInt64.self, capacity: bytes / 8)
        count = bytes / 8
        unreachable = 512
        isShared = false
    }

    deinit {
        if isShared {
            unsafe SharedMemory.unmap(base, bytes: (max(count, 1) * 8 + 4095) & ~4095)
        } else if unreachable == 0 {
            unsafe free(base)
        } else {
            unsafe munmap(base, (count + unreachable) * 8)
        }
    }

    package subscript(word: Int) -> UInt64 {
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
    package mutating func fill(_ range: Range<Int>, with value: UInt64) {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        unsafe (base + range.lowerBound).update(repeating: value, count: range.count)
    }

    /// Sets all words to `first`, `first + step`, `first + 2 * step` and so on.
    package mutating func countUp(from first: UInt64, by step: UInt64) {
        unsafe csystem_count_up(base, count, first, step)
    }

    /// Gives the memory back to the kernel: all words are zero, and every page of 4 KiB faults when
    /// it is touched next (madvise MADV_DONTNEED, MADV_NOHUGEPAGE). A call that copies to it or from
    /// it takes the longer.
    package mutating func dontNeed() {
        let bytes = (count * 8 + 4095) & ~4095
        // Neither can fail on private memory but for what the kernel was built without.
        _ = unsafe madvise(base, bytes, MADV_NOHUGEPAGE)
        if unsafe madvise(base, bytes, MADV_DONTNEED) != 0 { fill(0..<count, with: 0) }
    }

    /// Appends the words of `range` to `array`, without a word-by-word loop.
    package func append(_ range: Range<Int>, to array: inout ContiguousArray<UInt64>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        unsafe array.append(
            contentsOf: UnsafeBufferPointer(start: base + range.lowerBound, count: range.count))
    }

    /// Appends the words of `range` to `rows`, a list that other processes may read, without a
    /// word-by-word loop.
    package func append(_ range: Range<Int>, to rows: inout SharedRows<UInt64>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        unsafe rows.append(base + range.lowerBound, count: range.count)
    }

    /// The index of the first word in `range` that differs from `other`'s, or nil (memcmp(3) first).
    package func firstDifference(from other: borrowing Buffer, in range: Range<Int>) -> Int? {
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
