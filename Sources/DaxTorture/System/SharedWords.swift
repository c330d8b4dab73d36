internal import CSystem
import Glibc

/// Words of memory that this process has together with those that it forks (mmap MAP_SHARED |
/// MAP_ANONYMOUS): at the same address, on pages of their own, zero at first.
@safe
public struct SharedWords: ~Copyable, @unchecked Sendable {
    private let base: UnsafeMutablePointer<UInt64>
    public let count: Int

    /// Out of memory is fatal.
    public init(_ count: Int) {
        let memory = unsafe SharedMemory.map(bytes: count * 8)
        unsafe base = memory.bindMemory(to: UInt64.self, capacity: count)
        self.count = count
    }

    deinit { unsafe SharedMemory.unmap(base, bytes: count * 8) }

    var address: UInt { unsafe UInt(bitPattern: base) }

    /// What was stored last, and with it all that the storing thread had stored before (acquire).
    public func load(_ index: Int) -> UInt64 {
        precondition(index >= 0 && index < count)
        return unsafe csystem_load_acquire(base + index)
    }

    /// Stores after all that this thread has stored before (release).
    public func store(_ value: UInt64, at index: Int) {
        precondition(index >= 0 && index < count)
        unsafe csystem_store_release(base + index, value)
    }
}

/// A growing list of plain values in memory that this process has together with those that it forks:
/// one thread appends, and others read while it rests.
@safe
public final class SharedRows<Element: BitwiseCopyable>: RandomAccessCollection, @unchecked Sendable
{
    @usableFromInline let base: UnsafeMutablePointer<Element>
    /// How many values there are now: the number lies in front of them, since the reader may be
    /// another process.
    @usableFromInline let length: UnsafeMutablePointer<Int>
    /// How many values there can be.
    public let capacity: Int
    private let bytes: Int

    /// Bytes in front of the values, for their number: a cache line, and what any of them may be
    /// aligned to.
    private static var head: Int { 64 }

    /// Room for `capacity` values, touched, so that no page of it is made later. Out of memory is fatal.
    public init(capacity: Int) {
        precondition(MemoryLayout<Element>.alignment <= Self.head)
        self.capacity = capacity
        bytes = Self.head + Swift.max(capacity, 1) * MemoryLayout<Element>.stride
        let memory = unsafe SharedMemory.map(bytes: bytes)
        unsafe memset(memory, 0, bytes)
        unsafe length = memory.bindMemory(to: Int.self, capacity: 1)
        unsafe base = (memory + Self.head).bindMemory(
            to: Element.self, capacity: Swift.max(capacity, 1))
    }

    /// A list of the values of `elements`, with no room for more.
    public convenience init(_ elements: some Collection<Element>) {
        self.init(capacity: elements.count)
        for element in elements { append(element) }
    }

    deinit { unsafe SharedMemory.unmap(length, bytes: bytes) }

    /// The values of `range`, in memory of this process's own.
    public func copy(_ range: Range<Int>) -> [Element] {
        precondition(range.lowerBound >= 0 && range.upperBound <= endIndex)
        return unsafe Array(
            UnsafeBufferPointer(start: base + range.lowerBound, count: range.count))
    }

    /// Has this process map each page, so that no page fault of ours falls into an operation.
    public func touch() {
        for offset in stride(from: 0, to: bytes, by: 4096) {
            _ = unsafe csystem_load_acquire(UnsafeRawPointer(length) + (offset & ~7))
        }
    }

    @inlinable public var startIndex: Int { 0 }
    @inlinable public var endIndex: Int { unsafe length.pointee }

    @inlinable public subscript(index: Int) -> Element {
        precondition(index >= 0 && index < endIndex)
        return unsafe base[index]
    }

    @inlinable public func append(_ element: Element) {
        let count = endIndex
        precondition(count < capacity, "a list of fixed size is full")
        unsafe base[count] = element
        unsafe length.pointee = count + 1
    }

    /// Appends `count` values from `from` on.
    func append(_ from: UnsafePointer<Element>, count: Int) {
        let end = endIndex
        precondition(count >= 0 && count <= capacity - end, "a list of fixed size is full")
        unsafe (base + end).update(from: from, count: count)
        unsafe length.pointee = end + count
    }

    /// Forgets all, keeping the memory.
    public func removeAll() { unsafe length.pointee = 0 }
}

/// Pages that a fork shares.
enum SharedMemory {
    static func map(bytes: Int) -> UnsafeMutableRawPointer {
        let memory = unsafe mmap(
            nil, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)
        guard let memory = unsafe memory, unsafe memory != MAP_FAILED else {
            fatalError("no memory for \(bytes) bytes to share")
        }
        return unsafe memory
    }

    static func unmap(_ memory: UnsafeMutableRawPointer, bytes: Int) {
        unsafe munmap(memory, bytes)
    }
}
