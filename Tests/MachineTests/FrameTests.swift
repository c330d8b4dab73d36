import Testing

@testable import DaxMachine

@Suite struct FrameTests {
    static let samples: [Frame] = [
        .hello("6.1.0-50-cloud-amd64"), .progress(""), .progress("time left 12 s, größer"),
        .fileBegin("report.json"), .fileBytes([]), .fileBytes([1, 2, 3]), .fileEnd(3),
        .fileEnd(.max), .finish(-1), .finish(125),
    ]

    static func stream(_ frames: [Frame]) -> [UInt8] {
        frames.enumerated().flatMap { $0.element.encoded(sequence: UInt32($0.offset)) }
    }

    @Test func survivesAnyCutting() throws {
        let bytes = FrameTests.stream(FrameTests.samples)
        for piece in [1, 2, 7, 16, 17, 64, bytes.count] {
            var decoder = FrameDecoder()
            var frames: [Frame] = []
            for start in stride(from: 0, to: bytes.count, by: piece) {
                decoder.append(Array(bytes[start..<min(start + piece, bytes.count)]))
                while let frame = try decoder.next() { frames.append(frame) }
            }
            #expect(frames == FrameTests.samples)
            #expect(decoder.pendingBytes == 0)
        }
    }

    @Test func waitsForATruncatedFrame() throws {
        let bytes = Frame.progress("abc").encoded(sequence: 0)
        var decoder = FrameDecoder()
        decoder.append(Array(bytes.dropLast()))
        #expect(try decoder.next() == nil)
        #expect(decoder.pendingBytes == bytes.count - 1)
        decoder.append([bytes[bytes.count - 1]])
        #expect(try decoder.next() == .progress("abc"))
    }

    /// A valid frame with one of its 32-bit header fields replaced.
    private func decode(field: Int, as value: UInt32) throws -> Frame? {
        var bytes = Frame.finish(0).encoded(sequence: 0)
        bytes.replaceSubrange(4 * field..<4 * field + 4, with: littleEndian(value))
        var decoder = FrameDecoder()
        decoder.append(bytes)
        return try decoder.next()
    }

    @Test func refusesABrokenHeader() {
        #expect(throws: FrameError.badMagic(7)) { try decode(field: 0, as: 7) }
        #expect(throws: FrameError.unknownKind(0)) { try decode(field: 1, as: 0) }
        #expect(throws: FrameError.unknownKind(7)) { try decode(field: 1, as: 7) }
        #expect(throws: FrameError.outOfSequence(expected: 0, found: 1)) {
            try decode(field: 2, as: 1)
        }
        let tooLong = UInt32(Frame.payloadLimit + 1)
        #expect(throws: FrameError.tooLong(tooLong)) { try decode(field: 3, as: tooLong) }
        #expect(throws: FrameError.tooLong(.max)) { try decode(field: 3, as: .max) }
        #expect(throws: FrameError.badPayload(kind: 6)) { try decode(field: 3, as: 3) }
        #expect(throws: FrameError.badPayload(kind: 5)) { try decode(field: 1, as: 5) }
    }

    @Test func refusesTextThatIsNone() {
        var bytes = Frame.progress("abc").encoded(sequence: 0)
        bytes[Frame.headerSize] = 0xff
        var decoder = FrameDecoder()
        decoder.append(bytes)
        #expect(throws: FrameError.badPayload(kind: 2)) { try decoder.next() }
    }

    @Test func survivesGarbage() {
        for seed in 0..<200 {
            var noise = Noise(seed: UInt64(seed))
            var bytes = FrameTests.stream(FrameTests.samples)
            for _ in 0...noise.below(4) { bytes[noise.below(bytes.count)] ^= 1 << noise.below(8) }
            var decoder = FrameDecoder()
            decoder.append(bytes)
            var count = 0
            while let frame = try? decoder.next() {
                count += 1
                #expect(frame.payload.count <= Frame.payloadLimit)
            }
            #expect(count <= FrameTests.samples.count)
        }
    }
}
