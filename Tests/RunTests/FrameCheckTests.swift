import DaxChecks
import DaxConfig
import DaxModel
import DaxOracle
import DaxReport
import DaxSystem
import TestSupport
import Testing

@testable import DaxTorture

/// How R12 is asked and told.
@Suite struct FrameCheckTests {
    private let device: Range<FrameNumber> = 0x1000..<0x2000

    @Test func extentsBecomeFrames() {
        let extents = [
            Extent(offset: 0, physical: 0x5000, length: 0x2000, flags: []),
            Extent(offset: 0x4000, physical: 0x9000, length: 0x1000, flags: [.unwritten, .shared]),
        ]
        #expect(
            FrameCheck.runs(extents, on: device) == [
                .init(pages: 0..<2, frame: 0x1005, state: .written),
                .init(pages: 4..<5, frame: 0x1009, state: .unwritten),
            ])
    }

    /// What is delayed, encoded or not in whole pages is nowhere that could be compared.
    @Test(arguments: [
        Extent(offset: 0, physical: 0, length: 0x2000, flags: [.delayed, .unknown, .last]),
        Extent(offset: 0, physical: 0x1000, length: 0x2000, flags: Extent.Flags(rawValue: 0x200)),
        Extent(offset: 0, physical: 0x1200, length: 0x2000, flags: []),
        Extent(offset: 0, physical: 0x1000, length: 0x1400, flags: []),
    ])
    func someExtentsAreNotJudged(_ extent: Extent) {
        let runs = FrameCheck.runs([extent], on: device)
        #expect(runs.map(\.state) == [.unknown] && runs.map(\.pages) == [0..<2])
    }

    private func told(_ first: FileBlocks.Misplaced, owner: String? = nil) throws
        -> Finding
    {
        var builder = ReportBuilder(Config(), seed: 7, ticksPerSecond: 1e9)
        var misplaced = MisplacedPages()
        misplaced.add(FileBlocks.Findings(compared: 5), mapping: "writer 1's mapping")
        for name in ["writer 2's mapping", "writer 3's mapping"] {
            misplaced.add(
                FileBlocks.Findings(compared: 9, unknown: 1, wrong: 4, first: first),
                mapping: name)
        }
        builder.add(
            misplaced, file: "file0", owner: { $0 == first.frame ? owner : nil },
            changes: { ["a punch of page \($0)"] })
        #expect(builder.pagesLocated == 23 && builder.pagesNotLocated == 2)
        #expect(builder.report.violationsTotal == 1)
        return try #require(builder.report.violations.first)
    }

    @Test func anothersBlockIsToldWithItsOwner() throws {
        let violation = try told(
            .init(page: 3, frame: 0x1234, isOnDevice: true, expected: 0x1100, isBeyondEnd: false),
            owner: "file1's at offset 8192")
        #expect(
            violation.rule == .physical && violation.file == "file0" && violation.offset == 12288)
        #expect(violation.expected == "frame 0x1100" && violation.observed == "frame 0x1234")
        #expect(
            violation.operations == [
                "writer 2's mapping: 4 pages, the first at offset 12288",
                "writer 3's mapping: 4 pages, the first at offset 12288", "a punch of page 3",
            ])
        #expect(
            violation.story
                == "at the quiet point writer 2's mapping reaches frame 0x1234, "
                + "where the file's block is frame 0x1100. It is file1's at offset 8192 now")
    }

    @Test func aBlockOfNobodyIsTold() throws {
        let hole = try told(
            .init(page: 3, frame: 0x1234, isOnDevice: true, expected: nil, isBeyondEnd: false))
        #expect(hole.expected == "no frame of the device")
        #expect(
            hole.story.hasSuffix(
                "where the file has no written block. It is no block of a file under test now"))
        let beyond = try told(
            .init(page: 3, frame: 7, isOnDevice: false, expected: nil, isBeyondEnd: true))
        #expect(beyond.expected == "nothing mapped")
        #expect(
            beyond.story.hasSuffix(
                "beyond the end of file. It is not the device's, as a page of zeros is not"))
    }

    @Test func zerosOverAWrittenBlockAreToldWithWhatTheyShow() throws {
        var builder = ReportBuilder(Config(), seed: 7, ticksPerSecond: 1e9)
        var misplaced = MisplacedPages()
        misplaced.add(
            FileBlocks.Findings(
                compared: 9, wrong: 4,
                first: .init(
                    page: 3, frame: 7, isOnDevice: false, expected: 0x1100, isBeyondEnd: false)),
            shows: false, mapping: "writer 2's mapping")
        builder.add(misplaced, file: "file0", owner: { _ in nil })
        let violation = try #require(builder.report.violations.first)
        #expect(violation.rule == .physical && violation.expected == "frame 0x1100")
        #expect(
            violation.story.hasSuffix(
                "where the file's block is frame 0x1100. It is not the device's, as a page of zeros "
                    + "is not; what write(2) puts there it does not show"))
    }

    /// A private copy of a page is as stale as a page of zeros.
    @Test func aStalePageDoesNotShowWhatIsWritten() throws {
        try Mapping.guardAccess()
        let scratch = try Scratch("probe\(Clock.ticks())")
        let file = try File("\(scratch.path)/file", .create)
        try file.truncate(to: 3 * 4096)
        var word = Buffer(words: 1)
        word[0] = 0x1234
        _ = try file.write(at: 8192, count: 1, from: word)
        let shared = try Mapping(file, offset: 0, bytes: 3 * 4096, sharing: .shared)
        let copied = try Mapping(file, offset: 0, bytes: 3 * 4096, sharing: .copied)
        word[0] = 0x55
        let stored = copied.store(1024, count: 1, from: word)
        let (fresh, stale) = (
            try FrameCheck.shows(shared, of: file, page: 2),
            try FrameCheck.shows(copied, of: file, page: 2)
        )
        _ = try file.read(at: 8192, count: 1, into: &word)
        let kept = word[0]
        #expect(stored.fault == nil && fresh && !stale && kept == 0x1234)
    }

    @Test func whatIsRightIsNoViolation() {
        var builder = ReportBuilder(Config(), seed: 7, ticksPerSecond: 1e9)
        var misplaced = MisplacedPages()
        misplaced.add(FileBlocks.Findings(compared: 5), mapping: "writer 1's mapping")
        builder.add(misplaced, file: "file0", owner: { _ in nil })
        #expect(builder.report.violationsTotal == 0 && builder.pagesLocated == 5)
    }
}
