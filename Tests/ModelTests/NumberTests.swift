import DaxModel
import TestSupport
import Testing

@Suite struct NumberTests {
    /// Millions of them lie in logs and histories.
    @Test func aNumberIsNoLargerThanWhatItHolds() {
        #expect(MemoryLayout<ActorNumber>.size == 1)
        #expect(MemoryLayout<FileNumber>.size == 2)
        #expect(MemoryLayout<PageNumber>.size == 8)
        #expect(MemoryLayout<FrameNumber>.size == 8)
    }

    @Test func actorsAreCountedFromOne() {
        #expect(ActorNumber(index: 0) == 1 && ActorNumber(index: 253) == 254)
        #expect((1...254).allSatisfy { ActorNumber(rawValue: $0).index == Int($0) - 1 })
        #expect(ActorNumber.harness < 1 && 254 < ActorNumber.canary)
    }

    /// Whatever a record can name is none of the files that only stamps know.
    @Test func noTwoKindsOfFilesHaveANumberInCommon() {
        let recorded = Set((0...255).map(FileNumber.init(byte:)))
        let own = Set((1...254).map { FileNumber.ownFiles(of: ActorNumber(rawValue: $0)) })
        let canaries = Set((0..<0x7fff).map(FileNumber.canary))
        #expect(recorded.count == 256 && own.count == 254 && canaries.count == 0x7fff)
        #expect(recorded.isDisjoint(with: own) && canaries.isDisjoint(with: recorded.union(own)))
        #expect(recorded.allSatisfy { FileNumber(byte: $0.byte) == $0 })
    }

    @Test(
        arguments: [(0, 0, 0), (1, 0, 1), (4095, 0, 1), (4096, 1, 1), (4097, 1, 2)]
            as [(UInt64, UInt64, UInt64)])
    func aPageHoldsAnOffset(_ offset: UInt64, _ page: UInt64, _ beyond: UInt64) {
        #expect(PageNumber(at: offset) == PageNumber(rawValue: page))
        #expect(PageNumber(beyond: offset) == PageNumber(rawValue: beyond))
        #expect(PageNumber(at: PageNumber(rawValue: page).offset) == PageNumber(rawValue: page))
    }

    @Test func pagesAndFramesAreCountedAlike() {
        let (page, frame): (PageNumber, FrameNumber) = (7, FrameNumber(at: 0x7123))
        #expect(page + 5 == 12 && page + 5 - page == 5 && Array(page..<page + 2) == [7, 8])
        #expect(frame == 7 && frame + 5 - frame == 5 && "\(frame + 9)" == "0x10")
    }
}
