import Testing

@testable import DaxSystem

/// What is mapped, and where files lie.
@Suite struct PagemapTests {
    /// Bit 63 says present; soft-dirty, exclusive and file bits are not the frame's.
    @Test(
        arguments: [
            (0, nil), (1 << 62 | 0x1234, nil), (1 << 63 | 0x1234, 0x1234), (1 << 63, 0),
            (0xe180_0000_0012_3456, 0x12_3456), (1 << 63 | 1 << 54, 1 << 54),
        ] as [(UInt64, UInt64?)])
    func anEntryHasAFrameIfItIsPresent(_ entry: UInt64, _ frame: UInt64?) {
        #expect(Pagemap.frame(entry) == frame)
    }

    /// Frames themselves are for root, but which pages are mapped is for everybody.
    @Test func whatWasTouchedIsMapped() throws {
        let file = try scratchFile(bytes: 600 << 12)
        let mapping = try Mapping(file, offset: 0, bytes: 600 << 12, sharing: .shared)
        let table = try Pagemap()
        #expect(try table.frames(of: mapping).allSatisfy { $0 == nil })
        var word = Buffer(words: 1)
        word[0] = 1
        for page in [0, 599] {
            #expect(mapping.store(page * 512, count: 1, from: word).fault == nil)
        }
        let frames = try table.frames(of: mapping)
        #expect(frames.count == 600)
        #expect(frames[0] != nil && frames[599] != nil)
        try mapping.dontNeed(0..<600 * 512)
        #expect(try table.frames(of: mapping).allSatisfy { $0 == nil })
    }

    @Test func extentsAreReadFromTheKernelsReply() {
        var reply = Extent.request(from: 4096)
        #expect(reply[0] == 4096 && reply[1] == .max - 4096)
        #expect(reply[2] == 0 && reply[3] == 512)
        #expect(Extent.parse(reply).isEmpty)
        reply[2] = 2 << 32
        reply.replaceSubrange(4..<7, with: [4096, 1 << 30, 8192])
        reply[9] = 0x2800
        reply.replaceSubrange(11..<14, with: [16384, 5 << 12, 4096])
        reply[16] = 0x1
        #expect(
            Extent.parse(reply) == [
                Extent(
                    offset: 4096, physical: 1 << 30, length: 8192, flags: [.unwritten, .shared]),
                Extent(offset: 16384, physical: 5 << 12, length: 4096, flags: .last),
            ])
    }
}
