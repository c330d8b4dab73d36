import DaxModel
import DaxSystem
import TestSupport
import Testing

@testable import DaxChecks
@testable import DaxOperations

/// statx(2) that tells the truth, and that does not.
@Suite struct StatusCheckTests {
    private func extent(_ pages: UInt64, _ flags: Extent.Flags = []) -> Extent {
        Extent(offset: 0, physical: 8192, length: pages * 4096, flags: flags)
    }

    /// Blocks of the extent tree count, too; what has no place yet does not.
    @Test func everyBlockIsCounted() {
        let extents = [extent(2), extent(1, .unwritten), extent(9, [.delayed, .unknown])]
        #expect(StatusCheck.finding(counted: 3 * 4096, extents: extents) == nil)
        #expect(StatusCheck.finding(counted: 4 * 4096, extents: extents) == nil)
        let finding = StatusCheck.finding(counted: 3 * 4096 - 512, extents: extents)
        #expect(finding?.rule == .size && finding?.observed == "11776 bytes")
    }

    @Test func aStoreChangesTheTime() {
        #expect(StatusCheck.finding(modified: 1_790_000_000, storedAt: 8) == nil)
        let finding = StatusCheck.finding(modified: StatusCheck.longAgo, storedAt: 8)
        #expect(finding?.rule == .size && finding?.offset == 8)
    }

    @Test func theTimeIsSetAndRead() throws {
        let scratch = try Scratch()
        let file = try File("\(scratch.path)/file", .create)
        try file.setTimes(seconds: StatusCheck.longAgo)
        let set = try file.status().modified
        var word = Buffer(words: 1)
        word[0] = 1
        _ = try file.write(at: 0, count: 1, from: word)
        let written = try file.status().modified
        #expect(set == StatusCheck.longAgo && written > set)
    }
}
