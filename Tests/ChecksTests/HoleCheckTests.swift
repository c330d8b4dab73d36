import DaxModel
import DaxSystem
import Glibc
import Testing

@testable import DaxChecks
@testable import DaxOperations

/// A filesystem's word on holes, true and false.
@Suite struct HoleCheckTests {
    /// A file of six pages with data in pages 1, 2 and 4, and a stamp in each of them.
    private static let size: UInt64 = 6 * 4096
    private static let stamps = [512, 1500, 2048]

    private func finding(
        _ answer: @escaping (SeekTarget, UInt64) -> UInt64?
    ) throws(SystemError) -> Finding? {
        try HoleCheck.finding(size: HoleCheckTests.size) { words in
            HoleCheckTests.stamps.first { words.contains($0) }
        } seek: { (target, offset) throws(SystemError) in
            guard let found = answer(target, offset) else {
                throw SystemError("lseek", code: ENXIO)
            }
            return found
        }
    }

    /// As a sound filesystem answers.
    private static func right(_ target: SeekTarget, _ offset: UInt64) -> UInt64? {
        if offset >= size { return nil }
        let data: [Range<UInt64>] = [4096..<12288, 16384..<20480]
        switch target {
        case .data:
            return data.first { offset < $0.upperBound }.map { max(offset, $0.lowerBound) }
        case .hole:
            return data.first { $0.contains(offset) }?.upperBound ?? offset
        }
    }

    @Test func theTruthIsNoFinding() throws {
        #expect(try finding(HoleCheckTests.right) == nil)
    }

    @Test func aStampInAHoleIsTold() throws {
        let found = try finding { target, offset in
            target == .data && offset == 12288 ? nil : HoleCheckTests.right(target, offset)
        }
        #expect(found?.rule == .size && found?.offset == 16384)
    }

    @Test(arguments: [(.hole, 4096), (.data, 0), (.hole, 24576)] as [(SeekTarget, UInt64)])
    func anAnswerOutsideOfTheFileIsTold(_ target: SeekTarget, _ at: UInt64) throws {
        let found = try finding { asked, offset in
            asked == target && offset == at ? 28672 : HoleCheckTests.right(asked, offset)
        }
        #expect(found?.rule == .size && found?.offset == at)
    }

    /// Data are followed by the end of file, which is a hole.
    @Test func dataWithoutAnEndAreTold() throws {
        let found = try finding { target, offset in
            target == .hole ? nil : HoleCheckTests.right(target, offset)
        }
        #expect(found?.observed == "ENXIO")
    }

    @Test func aSearchThatStandsStillIsTold() throws {
        let found = try finding { target, offset in
            target == .hole && offset < HoleCheckTests.size
                ? offset : HoleCheckTests.right(target, offset)
        }
        #expect(found?.rule == .size && found?.offset == 4096)
    }
}
