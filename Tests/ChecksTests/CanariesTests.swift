import DaxChecks
import DaxModel
import DaxOperations
import DaxSystem
import TestSupport
import Testing

/// A canary that somebody wrote into is found, and whoever can be named is.
@Suite struct CanariesTests {
    private let key = StampKey(seed: 7)
    private let scratch: Scratch
    private let canaries: Canaries
    /// The size of a canary, in words.
    private let words: UInt64

    init() throws {
        scratch = try Scratch("canaries\(Clock.ticks())")
        canaries = Canaries(directory: scratch.path, key: key, files: 2, words: 1 << 16)
        for _ in 0..<3 { try canaries.plant() }
        words = canaries.words / 3
    }

    /// Puts `value` where a store through a mapping that should be gone would put it.
    private func store(_ value: UInt64, at word: UInt64, of canary: String) throws {
        var one = Buffer(words: 1)
        one[0] = value
        _ = try File("\(scratch.path)/\(canary)").write(at: word * 8, count: 1, from: one)
    }

    @Test func whatNobodyTouchedIsNoFinding() throws {
        #expect(try canaries.check().isEmpty)
        #expect(words > 0)
        // More than are kept: the oldest went, and that is no finding either.
        for _ in 0..<12 { try canaries.plant() }
        #expect(try canaries.check().isEmpty)
    }

    @Test func aStampOfAFileUnderTestNamesItsWriter() throws {
        let stamp = key.stamp(actor: 3, sequence: 9, file: 1, word: 4711)
        try store(stamp.rawValue, at: 100, of: "canary2")
        let findings = try canaries.check()
        let finding = try #require(findings.first)
        #expect(findings.count == 1)
        #expect(finding.file == "canary2" && finding.offset == 800)
        #expect(finding.observed == stamp.rawValue && finding.expected != stamp.rawValue)
        let stampOwner = try #require(finding.stampOwner)
        #expect(stampOwner == (3, 9, 1, 4711))
    }

    @Test func garbageHasNoCulprit() throws {
        // Zero is what a punch or a truncate of the wrong block leaves; a stamp of another run
        // fails its check.
        let foreign = StampKey(seed: 8).stamp(actor: 3, sequence: 9, file: 0, word: 0).rawValue
        try store(0, at: 0, of: "canary1")
        try store(foreign ^ 1, at: words - 1, of: "canary3")
        let findings = try canaries.check()
        #expect(findings.map(\.file) == ["canary1", "canary3"])
        #expect(findings.map(\.offset) == [0, (words - 1) * 8])
        #expect(findings.map(\.observed) == [0, foreign ^ 1])
        #expect(findings.allSatisfy { $0.stampOwner == nil })
    }

    @Test func aCanaryThatBecameShorterIsAFinding() throws {
        try File("\(scratch.path)/canary3").truncate(to: 4096)
        let findings = try canaries.check()
        #expect(findings.map(\.file) == ["canary3"])
        #expect(findings.first?.offset == 4096)
        #expect(findings.first?.stampOwner == nil)
    }
}
