import DaxSystem
import Testing

/// Glibc's module leaves malloc.h out.
@_silgen_name("malloc_usable_size")
private func usableSize(_ memory: UnsafeMutableRawPointer) -> Int

@Suite struct PulseTests {
    /// Swift tells no offsets in a class, so that the count is looked for by its value.
    @Test func nothingElseIsOnItsCacheLines() throws {
        let line = 64
        // The type and the reference count: what other threads may write to.
        let head = 16
        let pulse = Pulse()
        for _ in 0..<12_345 { pulse.beat() }
        let object = unsafe Unmanaged.passUnretained(pulse).toOpaque()
        let bytes = unsafe usableSize(object)
        let words = (0..<bytes / 8).map {
            unsafe object.load(fromByteOffset: $0 * 8, as: UInt64.self)
        }
        let found = words.indices.filter { words[$0] == 12_345 }
        let offset = try #require(found.first) * 8
        #expect(found.count == 1)
        #expect(offset - head >= line)
        #expect(bytes - offset - 8 >= line)
        #expect(pulse.steps == 12_345)
        withExtendedLifetime(pulse) {}
    }
}
