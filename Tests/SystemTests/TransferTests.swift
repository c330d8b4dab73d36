import DaxSystem
import Testing

/// Transfers that end half way, and pages that lie in a pipe.
@Suite struct TransferTests {
    @Test func aCallComesAsFarAsTheCliff() throws {
        let file = try scratchFile(bytes: 8192)
        var guardPage = try Buffer(pagesBeforeGuard: 1)
        guardPage.fill(0..<512, with: 7)
        let written = try file.write(at: 0, count: 200, from: guardPage, at: 412)
        #expect(written <= 800)
        #expect(throws: SystemError.self) {
            try file.read(at: 0, count: 8, into: &guardPage, at: 512)
        }
    }

    @Test func aPipeShowsWhatThePageHoldsWhenItIsRead() throws {
        let file = try scratchFile(bytes: 4096)
        let mapping = try Mapping(file, offset: 0, bytes: 4096, sharing: .shared)
        let pipe = try Pipe()
        var buffer = Buffer(words: 8)
        #expect(try pipe.pin(mapping, 0, count: 8) == 64)
        buffer.fill(0..<8, with: 5)
        #expect(mapping.store(0, count: 8, from: buffer).fault == nil)
        buffer.fill(0..<8, with: 0)
        #expect(try pipe.drain(8, into: &buffer) == 64)
        #expect(buffer[0] == 5 && buffer[7] == 5)
    }
}
