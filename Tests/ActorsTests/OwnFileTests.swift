import DaxModel
import DaxSystem
import TestSupport
import Testing

@testable import DaxActors
@testable import DaxOperations

/// What an actor finds in a file of its own is what it stored there, or a finding. It needs no DAX.
@Suite struct OwnFileTests {
    private let lone: LoneContext
    private let own: OwnFiles
    private var context: ActorContext { lone.context }
    private var key: StampKey { lone.key }

    init() throws {
        lone = try LoneContext("own", words: 4096)
        own = OwnFiles(lone.context)
    }

    private func made() throws -> OwnFile { try #require(own.make(pages: 4, allocated: true)) }

    /// Puts `value` where a store through a mapping that should be gone would put it.
    private func store(_ value: UInt64, at word: Int, of file: OwnFile) throws {
        var one = Buffer(words: 1)
        one[0] = value
        _ = try file.file.write(at: UInt64(word) * 8, count: 1, from: one)
    }

    @Test func whatItStoredIsNoFinding() throws {
        let (file, other) = (try made(), try made())
        own.store(file, word: 100, count: 600, nontemporal: false)
        own.rename(file, over: other, .exchange)
        own.rename(file, over: other, .keep)
        own.link(file)
        own.rename(file, over: other, .replace)
        #expect(other.paths.isEmpty && file.paths.count == 2)
        for name in file.paths { #expect(Files.exists(name)) }
        own.store(other, word: 0, count: 2048, nontemporal: true)
        for _ in 0..<2 { own.unlink(file) }
        #expect(file.paths.isEmpty)
        own.store(file, word: 300, count: 600, nontemporal: true)
        for file in [file, other] {
            own.load(file, word: 0, count: file.words)
            own.read(file, word: 0, count: file.words)
        }
        #expect(context.takeFindings().isEmpty && context.trouble == nil)
        #expect(!context.log.records.contains { $0.file != Record.noFile })
    }

    @Test func afterTruncationAllIsZero() throws {
        let file = try made()
        own.store(file, word: 0, count: 2048, nontemporal: false)
        #expect(own.empty(file))
        own.load(file, word: 0, count: file.words)
        #expect(context.takeFindings().isEmpty)
    }

    @Test func aStampOfAFileUnderTestNamesItsWriter() throws {
        let file = try made()
        own.store(file, word: 0, count: 2048, nontemporal: false)
        let stamp = key.stamp(actor: 1, sequence: 9, file: 0, word: 4711).rawValue
        try store(stamp, at: 77, of: file)
        own.load(file, word: 0, count: file.words)
        let finding = try #require(context.takeFindings().first)
        #expect(finding.rule == .provenance && finding.file == file.name && finding.offset == 616)
        #expect(finding.observed == hex(stamp))
        #expect(try #require(finding.stampOwner) == (1, 9, 0, 4711))
        // It is told once.
        own.load(file, word: 0, count: file.words)
        #expect(context.takeFindings().isEmpty)
    }

    @Test func whatItHeldBeforeIsStale() throws {
        let file = try made()
        own.store(file, word: 5, count: 1, nontemporal: false)
        let old = file.expected[5]
        own.store(file, word: 5, count: 1, nontemporal: false)
        for value in [old, 0] {
            try store(value, at: 5, of: file)
            own.read(file, word: 0, count: 8)
            let findings = context.takeFindings()
            #expect(findings.map(\.rule) == [.freshness] && findings.first?.stampOwner == nil)
            // The store that is lost, the one that is back if there is one, and the read.
            let events = try #require(findings.first?.events)
            #expect(events.last?.name == "read(2)" && events.last?.effect == "found \(hex(value))")
            #expect(events.count == 3 && events.contains { $0.record.kind == .ownStore })
            try store(file.expected[5], at: 5, of: file)
            own.store(file, word: 5, count: 1, nontemporal: false)
        }
        // The same stamp a word further was never there.
        try store(old, at: 6, of: file)
        own.load(file, word: 6, count: 1)
        #expect(context.takeFindings().map(\.rule) == [.provenance])
    }

    @Test func aFileThatBecameShorterIsAFinding() throws {
        let file = try made()
        try file.file.truncate(to: 4096)
        own.read(file, word: 0, count: file.words)
        #expect(context.takeFindings().first?.offset == 4096)
    }

    /// Two actors' own files have nothing in common, whatever their offsets.
    @Test func ownFilesOverlapNothing() throws {
        let file = try made()
        own.load(file, word: 0, count: 8)
        context.load(context.files[0], word: 0, count: 8)
        // Nor does what concerns an inode and no page of it.
        context.flag(context.files[0], dax: true)
        var overlaps = Overlaps()
        let records = context.log.records
        overlaps.add([(0, 0, records), (1, 0, records)])
        #expect(Array(overlaps.counts.values.map(\.sum)) == [1])
    }
}
