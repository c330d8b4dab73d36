internal import CSystem
package import DaxSystem
internal import Glibc

/// A file or a device's memory, mapped shared with another process or machine.
///
/// Two sides see the same bytes with no call in between. Bytes are published by storing a word
/// after them (`publish`), and are read only after that word (`word`): release and acquire.
@safe package struct SharedFile: ~Copyable {
    private let base: UnsafeMutableRawPointer
    /// The length of the mapping in bytes.
    package let size: Int

    /// Maps the first `size` bytes for reading and writing (mmap, MAP_SHARED).
    package init(mapping file: borrowing HostFile, size: Int) throws(SystemError) {
        precondition(size > 0 && size % 4096 == 0, "a mapping is whole pages")
        let address = unsafe mmap(
            nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, file.descriptor, 0)
        guard let address = unsafe address, unsafe address != MAP_FAILED else {
            throw SystemError("mmap", code: errno, target: file.name)
        }
        unsafe base = address
        self.size = size
    }

    deinit { unsafe munmap(base, size) }

    /// The word at a multiple of 8; everything published before it may be read after this.
    package func word(at offset: Int) -> UInt64 {
        precondition(offset % 8 == 0 && (0...size - 8).contains(offset), "no word there")
        return unsafe csystem_load_acquire(base + offset)
    }

    /// Stores a word at a multiple of 8, after everything that this thread wrote before.
    package func publish(_ value: UInt64, at offset: Int) {
        precondition(offset % 8 == 0 && (0...size - 8).contains(offset), "no word there")
        csystem_store_fence()
        unsafe csystem_store_release(base + offset, value)
    }

    /// Copies bytes in from `offset` on.
    package func store(_ bytes: borrowing Span<UInt8>, at offset: Int) {
        precondition(offset >= 0 && bytes.count <= size - offset, "bytes beyond the mapping")
        unsafe bytes.withUnsafeBytes {
            if let source = $0.baseAddress { unsafe memcpy(base + offset, source, $0.count) }
        }
    }

    /// Copies `range` out.
    package func load(_ range: Range<Int>) -> [UInt8] {
        precondition(range.lowerBound >= 0 && range.upperBound <= size, "bytes beyond the mapping")
        return unsafe [UInt8](
            UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count))
    }
}
