import DaxSystem
import Glibc
import Testing

@Suite struct RingTests {
    @Test func aBatchComesBackInOrderWithItsResults() throws {
        let file = try scratchFile(bytes: 65536)
        var ring = try Ring(depth: 8)
        var buffer = Buffer(words: 2048)
        for word in 0..<512 { buffer[word] = UInt64(word) | 1 << 60 }
        try ring.run(
            [
                .write(offset: 0, count: 512, at: 0),
                .fallocate(.punch, offset: 4096, length: 4096),
                .fsync,
                .read(offset: 0, count: 512, at: 1024),
            ], on: file, buffer: &buffer, linked: true)
        #expect(ring.results.map(\.value) == [4096, 0, 0, 4096])
        for word in 0..<512 where buffer[1024 + word] != buffer[word] {
            Issue.record("word \(word) came back as \(buffer[1024 + word])")
        }
    }

    @Test func aFailureCancelsWhatIsLinkedBehindIt() throws {
        let file = try scratchFile(bytes: 4096)
        var ring = try Ring(depth: 4)
        var buffer = Buffer(words: 1)
        try ring.run(
            [.read(offset: 1 << 62, count: 1, at: 0), .fsync, .fsync], on: file, buffer: &buffer,
            linked: true)
        #expect(ring.results[0].value == 0)
        #expect(ring.results[1].error?.name == "ECANCELED")
        #expect(ring.results[2].error?.name == "ECANCELED")
        try ring.run([.fsync], on: file, buffer: &buffer)
        #expect(ring.results[0].error == nil)
    }

    @Test func anErrorNamesItsOperation() throws {
        let file = try scratchFile(bytes: 4096)
        var ring = try Ring(depth: 1)
        var buffer = Buffer(words: 1)
        try ring.run(
            [.fallocate(.punch, offset: 0, length: 0)], on: file, buffer: &buffer)
        #expect(ring.results[0].error?.name == "EINVAL")
        #expect(ring.results[0].error?.operation == "io_uring fallocate PUNCH_HOLE")
    }

    @Test func truncatesWhereTheKernelCan() throws {
        let file = try scratchFile(bytes: 65536)
        var ring = try Ring(depth: 1)
        guard ring.supports(.ftruncate) else { return }
        var buffer = Buffer(words: 1)
        try ring.run([.ftruncate(to: 12344)], on: file, buffer: &buffer)
        #expect(ring.results[0].error == nil)
        #expect(try file.status().size == 12344)
    }

    @Test func advisesOnTheBuffer() throws {
        let file = try scratchFile(bytes: 4096)
        var ring = try Ring(depth: 1)
        var buffer = Buffer(words: 1024)
        buffer.fill(0..<1024, with: 7)
        try ring.run(
            [.madvise(Int32(MADV_DONTNEED), count: 512, at: 512)], on: file, buffer: &buffer)
        #expect(ring.results[0].error == nil)
        #expect(buffer[511] == 7 && buffer[512] == 0 && buffer[1023] == 0)
    }

    @Test func aShortReadAtTheEndIsAnOutcome() throws {
        let file = try scratchFile(bytes: 4096)
        var ring = try Ring(depth: 1)
        var buffer = Buffer(words: 1024)
        try ring.run([.read(offset: 2048, count: 1024, at: 0)], on: file, buffer: &buffer)
        #expect(ring.results[0].value == 2048)
    }
}
