import DaxModel
import DaxReport
import Testing

/// R9: what was freed comes back.
@Suite struct SpaceTests {
    private let baseline: UInt64 = 1_000_000_000

    @Test func aLeakedExtentIsAViolation() throws {
        let facts = SpaceFacts(baseline: baseline, after: baseline - (2 << 20))
        let violation = try #require(facts.violation)
        #expect(violation.rule == .bystanders && violation.file.isEmpty)
        #expect(
            violation.story
                == "with every file removed 997,902,848 bytes are free, but 1,000,000,000 were when "
                + "the filesystem was new: 2,097,152 are lost")
    }

    @Test func whatIsFreeTwiceIsAViolation() throws {
        let facts = SpaceFacts(baseline: baseline, after: baseline + (2 << 20))
        #expect(try #require(facts.violation).story.hasSuffix(": 2,097,152 too many"))
    }

    @Test func aFewBlocksOfMetadataAreNone() {
        for difference in [0, 4096, SpaceFacts.tolerance] {
            #expect(SpaceFacts(baseline: baseline, after: baseline - difference).violation == nil)
            #expect(SpaceFacts(baseline: baseline, after: baseline + difference).violation == nil)
        }
        let beyond = SpaceFacts(baseline: baseline, after: baseline - SpaceFacts.tolerance - 1)
        #expect(beyond.violation != nil)
    }
}
