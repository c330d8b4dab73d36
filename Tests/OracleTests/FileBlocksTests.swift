import DaxModel
import DaxOracle
import TestSupport
import Testing

/// R12 on made mappings: a device of frames 1000 to 1999, and a page of zeros in frame 7.
@Suite struct FileBlocksTests {
    private let device: Range<FrameNumber> = 1000..<2000
    private let zeros: FrameNumber = 7

    /// Eight pages and a bit: two written ones, a hole, two unwritten, a hole, two written, and one
    /// more hole, which the end of file is in.
    private var blocks: FileBlocks {
        FileBlocks(
            device: device,
            runs: [
                .init(pages: 0..<2, frame: 1100, state: .written),
                .init(pages: 3..<5, frame: 1200, state: .unwritten),
                .init(pages: 6..<8, frame: 1050, state: .written),
            ], size: 8 * 4096 + 1)
    }

    /// Judges one page.
    private func judge(_ page: Int, _ frame: FrameNumber, in blocks: FileBlocks? = nil)
        -> FileBlocks.Findings
    {
        let before: [FrameNumber?] = Array(repeating: nil, count: page)
        return (blocks ?? self.blocks).judge(before + [frame])
    }

    @Test func theFilesOwnBlocksAndZerosAreRight() {
        let found = blocks.judge([1100, 1101, zeros, zeros, zeros, zeros, 1050, 1051, zeros])
        #expect(found.compared == 9 && found.wrong == 0 && found.first == nil)
    }

    @Test func whatIsNotMappedIsNotAsked() {
        let found = blocks.judge(Array(repeating: nil, count: 20))
        #expect(found == FileBlocks.Findings())
    }

    /// Another block of this file, one of nobody, and the first and last frames of the device.
    @Test(arguments: [1101, 1050, 1300, 1000, 1999] as [FrameNumber])
    func anotherBlockIsWrong(_ frame: FrameNumber) throws {
        let first = try #require(judge(0, frame).first)
        #expect(first.page == 0 && first.frame == frame && first.expected == 1100)
        #expect(first.isOnDevice && !first.isBeyondEnd)
    }

    /// What a punch or a zero range left mapped.
    @Test(arguments: [(2, 1102), (3, 1200), (4, 1201), (8, 1052)] as [(Int, FrameNumber)])
    func aFrameOfTheDeviceInAHoleOrAnUnwrittenBlockIsWrong(_ page: Int, _ frame: FrameNumber) throws
    {
        let first = try #require(judge(page, frame).first)
        #expect(
            first.page == PageNumber(rawValue: UInt64(page)) && first.expected == nil
                && first.isOnDevice)
    }

    /// Whoever reads both sees whether it shows what the block holds.
    @Test func zerosOverAWrittenBlockAreNotAskedAbout() { #expect(judge(0, zeros).wrong == 0) }

    @Test func strictlyZerosOverAWrittenBlockAreWrong() throws {
        let found = blocks.judge(Array(repeating: zeros, count: 9), strict: true)
        #expect(found.compared == 9 && found.wrong == 4)
        let first = try #require(found.first)
        #expect(first.page == 0 && first.frame == zeros && first.expected == 1100)
        #expect(!first.isOnDevice && !first.isBeyondEnd)
        #expect(blocks.judge([1100, 1101, nil, zeros], strict: true).wrong == 0)
        #expect(blocks.judge([1101], strict: true).wrong == 1)
    }

    /// Frames next to the device's are not its own.
    @Test(arguments: [999, 2000] as [FrameNumber])
    func aFrameOfNoDeviceIsZeros(_ frame: FrameNumber) {
        #expect(judge(2, frame).wrong == 0)
    }

    @Test(arguments: [1108, 1058, 7] as [FrameNumber])
    func nothingIsMappedBeyondTheEnd(_ frame: FrameNumber) throws {
        let first = try #require(judge(9, frame).first)
        #expect(first.page == 9 && first.isBeyondEnd && first.expected == nil)
    }

    /// A filesystem may keep blocks there.
    @Test func evenTheFilesOwnBlockIsWrongBeyondTheEnd() {
        let kept = FileBlocks(
            device: device, runs: [.init(pages: 0..<9, frame: 1100, state: .written)],
            size: 4 * 4096)
        #expect(judge(3, 1103, in: kept).wrong == 0)
        #expect(judge(4, 1104, in: kept).first?.isBeyondEnd == true)
        let unknown = FileBlocks(
            device: device, runs: [.init(pages: 0..<9, frame: 0, state: .unknown)], size: 4096)
        #expect(judge(1, 1104, in: unknown).first?.isBeyondEnd == true)
    }

    @Test func whatTheFilesystemDoesNotTellIsCounted() {
        let unknown = FileBlocks(
            device: device, runs: [.init(pages: 0..<2, frame: 0, state: .unknown)], size: 4 * 4096)
        let found = unknown.judge([1500, zeros, 1501])
        #expect(found.unknown == 2 && found.compared == 1 && found.wrong == 1)
        #expect(found.first?.page == 2)
    }

    @Test func allAreCountedAndTheFirstIsTold() {
        let found = blocks.judge([1100, 1102, nil, zeros, 1201, nil, 1051, 1051])
        #expect(found.compared == 6 && found.wrong == 3)
        #expect(found.first?.page == 1 && found.first?.frame == 1102)
    }

    @Test(arguments: [(1100, 0), (1101, 1), (1201, 4), (1051, 7)] as [(FrameNumber, PageNumber)])
    func aFrameHasItsPage(_ frame: FrameNumber, _ page: PageNumber) {
        #expect(blocks.page(in: frame) == page)
    }

    @Test(arguments: [1099, 1102, 1052, 7] as [FrameNumber])
    func aFrameOfNobodyHasNone(_ frame: FrameNumber) { #expect(blocks.page(in: frame) == nil) }
}
