import TestSupport
import Testing

@testable import DaxSystem

@Suite(.enabled(if: (try? FaultHold()) != nil, "this process may not hold faults"))
final class FaultHoldTests {
    private let scratch: Scratch
    private let file: File

    init() throws {
        scratch = try Scratch("hold\(Clock.ticks())")
        file = try File("\(scratch.path)/file", [.create, .exclusive])
        var buffer = Buffer(words: 4 * 512)
        for word in 0..<buffer.count { buffer[word] = UInt64(word) + 1 }
        #expect(try file.write(at: 0, count: buffer.count, from: buffer) == buffer.count * 8)
    }

    @Test func aReadStandsStillUntilItIsLetGo() throws {
        let faults = try FaultHold()
        var ring = try Ring(depth: 1)
        var buffer = Buffer(words: 4 * 512)
        buffer.dontNeed()
        // The last page but one, by a word within it.
        try faults.hold(2 * 512 + 7, of: buffer)
        let read = RingOperation.read(offset: 0, count: buffer.count, at: 0).byWorker()
        try ring.run([read], on: file, buffer: &buffer, linked: false) { ended in
            #expect(faults.someoneWaits(within: 10_000))
            #expect(ended() == 0)
            faults.release()
        }
        #expect(try ring.results[0].bytes() == buffer.count * 8)
        #expect((0..<buffer.count).allSatisfy { buffer[$0] == UInt64($0) + 1 })
    }

    @Test func nobodyIsHeldElsewhere() throws {
        let faults = try FaultHold()
        var buffer = Buffer(words: 2 * 512)
        buffer.dontNeed()
        try faults.hold(512, of: buffer)
        #expect(try file.read(at: 0, count: 512, into: &buffer) == 4096)
        #expect(!faults.someoneWaits(within: 0))
        faults.release()
        // Nor there any more.
        #expect(try file.read(at: 4096, count: 512, into: &buffer, at: 512) == 4096)
        #expect(buffer[512] == 513)
    }
}
