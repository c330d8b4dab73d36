import DaxHost
import DaxSystem
import TestSupport
import Testing

@testable import DaxMachine

/// What a guest keeps for the case that it dies: whatever state it dies in, the host gets the latest
/// that is whole, or nothing.
@Suite final class LatestFileTests {
    let size = 4 << 20
    let file: HostFile
    let place: LatestFile

    init() throws {
        file = try HostFile.memory("outbox", size: size)
        place = LatestFile(inOutbox: size)
    }

    private func memory() throws -> SharedFile { try SharedFile(mapping: file, size: size) }

    private func bytes(_ seed: UInt64, _ count: Int = 10_000) -> [UInt8] {
        var noise = Noise(seed: seed)
        return noise.bytes(count)
    }

    /// Keeps the first `count` of a series.
    private func keep(_ count: UInt64) throws {
        let memory = try memory()
        for number in 0..<count { place.write(bytes(number + 1), number: number + 1, to: memory) }
    }

    private func latest() throws -> [UInt8]? { place.read(from: try memory()) }

    @Test func theLatestIsRead() throws {
        #expect(try latest() == nil)
        for count: UInt64 in 1...5 {
            try keep(count)
            #expect(try latest() == bytes(count))
        }
    }

    /// Byte by byte, the one that is being written is not there, and the one before is: whether its stores
    /// come in from behind or from the front, of which nothing is promised for a guest that dies.
    @Test func aTornOneLeavesTheOneBefore() throws {
        let whole = try HostFile.memory("whole", size: size)
        let other = try SharedFile(mapping: whole, size: size)
        let count = 64
        for number: UInt64 in 1...3 { place.write(bytes(number, count), number: number, to: other) }
        let half = place.start + place.half
        let third = other.load(half..<half + 24 + count)
        for written in 0...third.count {
            let memory = try memory()
            for number: UInt64 in 1...2 {
                place.write(bytes(number, count), number: number, to: memory)
            }
            memory.publish(0, at: half)
            let whole = written == third.count
            let rest = third.count - written
            memory.store(Array(third[rest...]).span, at: half + rest)
            #expect(place.read(from: memory) == bytes(whole ? 3 : 2, count))
            memory.store([UInt8](repeating: 0, count: third.count).span, at: half)
            memory.store(Array(third[..<written]).span, at: half)
            #expect(place.read(from: memory) == bytes(whole ? 3 : 2, count))
        }
    }

    @Test func aDamagedOneIsNotBelieved() throws {
        try keep(2)
        let memory = try memory()
        // Number 2 is in the first half: its bytes, its checksum, its count, its number.
        for offset in [24, 24 + 9_999, 16, 8, 0] {
            try keep(2)
            let at = place.start + offset
            let was = memory.load(at..<at + 1)[0]
            memory.store([was ^ 4].span, at: at)
            #expect(try latest() == bytes(1), "\(offset)")
        }
    }

    @Test func noiseIsNothing() throws {
        let memory = try memory()
        for seed: UInt64 in 1...50 {
            for half in [0, place.half] {
                memory.store(bytes(seed + UInt64(half), 4096).span, at: place.start + half)
            }
            #expect(try latest() == nil)
            // A count that would lead out of the memory, with a number that fits.
            for (number, offset) in [(2 as UInt64, 0), (3, place.half)] {
                memory.publish(number, at: place.start + offset)
                memory.publish(.max - seed, at: place.start + offset + 8)
            }
            #expect(try latest() == nil)
        }
    }

    /// One that is whole, but in the other's half, is none that a guest of ours wrote.
    @Test func aNumberHasItsHalf() throws {
        let memory = try memory()
        place.write([1], number: 1, to: memory)
        let copy = memory.load(place.start + place.half..<place.start + 2 * place.half)
        memory.publish(0, at: place.start + place.half)
        memory.store(copy.span, at: place.start)
        #expect(try latest() == nil)
    }

    /// It has its own room, and the frames have theirs.
    @Test func itCostsNoRoom() throws {
        let outbox = Outbox(over: try SharedFile(mapping: file, size: size))
        outbox.hello(kernel: "6.1")
        for number: UInt64 in 1...1000 { #expect(outbox.keepLatest(bytes(number, 100))) }
        #expect(!outbox.keepLatest([UInt8](repeating: 1, count: place.room + 1)))
        let big = bytes(1, 4096)
        while outbox.file("big", big) {}
        outbox.finish(status: 0)
        var events = 0
        var reader = OutboxReader(over: try memory())
        try reader.poll { _ in events += 1 }
        #expect(events > 800)
        #expect(reader.latest == bytes(1000, 100))
    }
}
