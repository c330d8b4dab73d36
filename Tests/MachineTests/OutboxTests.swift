import DaxHost
import DaxSystem
import TestSupport
import Testing

@testable import DaxMachine

/// Guest and host over one memory file, as they are over one PCI region.
@Suite final class OutboxTests {
    let size = 4 << 20
    let file: HostFile

    init() throws {
        file = try HostFile.memory("outbox", size: size)
    }

    private func outbox() throws -> Outbox {
        Outbox(over: try SharedFile(mapping: file, size: size))
    }
    private func reader() throws -> OutboxReader {
        OutboxReader(over: try SharedFile(mapping: file, size: size))
    }
    private func events(_ reader: inout OutboxReader) throws -> [OutboxReader.Event] {
        var events: [OutboxReader.Event] = []
        try reader.poll { events.append($0) }
        return events
    }

    @Test func carriesAWholeRun() throws {
        var reader = try reader()
        #expect(try events(&reader).isEmpty)
        let outbox = try outbox()
        outbox.hello(kernel: "6.1")
        #expect(try events(&reader) == [.hello(kernel: "6.1")])
        var noise = Noise(seed: 1)
        let line = noise.bytes(1000)
        let bytes = [UInt8]((0..<2500).flatMap { _ in line })  // three frames' worth
        outbox.progress("half")
        #expect(outbox.file("a.bin", bytes))
        #expect(outbox.file("empty", []))
        outbox.finish(status: 1)
        #expect(
            try events(&reader) == [
                .progress("half"), .file(name: "a.bin", bytes: bytes),
                .file(name: "empty", bytes: []), .finished(1),
            ])
    }

    @Test func keepsRoomForTheLastWord() throws {
        let outbox = try outbox()
        var lines = 0
        while outbox.progress(String(repeating: "x", count: 5000)) { lines += 1 }
        // Progress leaves an eighth for files, and files leave room for the end.
        #expect(lines > 0)
        #expect(!outbox.file("big", [UInt8](repeating: 1, count: size / 8)))
        #expect(outbox.file("small", [UInt8](repeating: 1, count: size / 8 - 16384)))
        while outbox.file("more", [1]) {}
        outbox.finish(status: 0)
        var reader = try reader()
        #expect(try events(&reader).last == .finished(0))
    }

    @Test func passesTheStopRequest() throws {
        let outbox = try outbox()
        #expect(!outbox.stopRequested)
        try reader().requestStop()
        #expect(outbox.stopRequested)
    }

    /// What the reader makes of frames that a sane guest would not send.
    @discardableResult
    private func poll(_ frames: [Frame]) throws -> [OutboxReader.Event] {
        let memory = try SharedFile(mapping: file, size: size)
        let bytes = FrameTests.stream(frames)
        memory.store(bytes.span, at: OutboxLayout.framesOffset)
        memory.publish(OutboxLayout.magic, at: OutboxLayout.magicOffset)
        memory.publish(UInt64(bytes.count), at: OutboxLayout.committedOffset)
        var reader = try reader()
        return try events(&reader)
    }

    @Test(arguments: [
        [Frame.fileBegin("../escape")], [.fileBegin("a/b")], [.fileBegin("")],
        [.fileBegin("console.log")], [.fileBytes([1])], [.fileEnd(0)],
        [.fileBegin("a"), .fileBegin("b")], [.fileBegin("a"), .fileBytes([1]), .fileEnd(2)],
    ])
    func refusesNonsense(frames: [Frame]) throws {
        #expect(throws: OutboxFailure.self) { try poll(frames) }
    }

    /// Nor is it mistaken for a whole one.
    @Test func aFileThatWasCutOffIsNotHandedOn() throws {
        #expect(
            try poll([.hello("6.1"), .fileBegin("a"), .fileBytes([1, 2])]) == [
                .hello(kernel: "6.1")
            ])
    }

    @Test func refusesAnImpossibleLength() throws {
        let memory = try SharedFile(mapping: file, size: size)
        memory.publish(OutboxLayout.magic, at: OutboxLayout.magicOffset)
        memory.publish(.max, at: OutboxLayout.committedOffset)
        var reader = try reader()
        #expect(throws: OutboxFailure.self) { try reader.poll { _ in } }
    }

    @Test func namesCannotLeaveTheDirectory() {
        for good in ["a", "report.json", "trace-3_b.txt", String(repeating: "x", count: 128)] {
            #expect(ReportName(good)?.text == good)
        }
        for bad in [
            "", ".", "..", ".hidden", "a/b", "a\\b", "a b", "ä", "a\u{0}", "console.log",
            "console-silent.log", "console-kvm.log", "resolved.toml", "host.json", "without-dax",
        ] {
            #expect(ReportName(bad) == nil)
        }
        #expect(ReportName(String(repeating: "x", count: 129)) == nil)
    }
}
