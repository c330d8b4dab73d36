import DaxModel
import DaxSystem
import TestSupport
import Testing

@testable import DaxChecks
@testable import DaxOperations

/// The audit sees what somebody does behind its back (R5, R6, R8). It needs no DAX.
@Suite struct AuditorTests {
    private static let limit: UInt64 = 16 * 4096
    private static let size: UInt64 = 8 * 4096
    private let scratch: Scratch
    private let auditor: Auditor
    private var path: String { "\(scratch.path)/file0" }

    init() throws {
        try Mapping.guardAccess()
        scratch = try Scratch("auditor")
        let path = "\(scratch.path)/file0"
        let file = try File(path, [.create, .exclusive])
        var content = Buffer(words: Int(Self.size / 8))
        for word in 0..<content.count { content[word] = UInt64(word) + 1 }
        _ = try file.write(at: 0, count: content.count, from: content)
        auditor = try Auditor(
            path, file: FileUnderTest(path, number: 0, limit: Self.limit))
    }

    private func store(_ value: UInt64, at word: UInt64) throws {
        var one = Buffer(words: 1)
        one[0] = value
        _ = try File(path).write(at: word * 8, count: 1, from: one)
    }

    @Test func whatNobodyTouchedIsNoFinding() throws {
        #expect(try auditor.size() == Self.size)
        let (words, findings) = try auditor.read(size: Self.size)
        #expect(findings.isEmpty)
        #expect(words.count == Int(Self.limit / 8))
        #expect(Array(words.prefix(4096)) == Array(1...4096))
        #expect(words.dropFirst(4096).allSatisfy { $0 == 0 })
        #expect(try auditor.compare(size: Self.size).isEmpty)
        // O_DIRECT, io_uring, and two mappings.
        #expect(auditor.wordsCompared == 4 * Self.size / 8)
        #expect(auditor.compare(auditor.file.long, of: "writer 1", size: Self.size).isEmpty)
        #expect(auditor.wordsCompared == 5 * Self.size / 8)
    }

    /// As if each of the other paths found something else than read(2).
    @Test func everyOtherPathIsComparedWithTheRead() throws {
        _ = try auditor.read(size: Self.size)
        try store(77, at: 1000)
        try store(78, at: 4095)
        let findings = try auditor.compare(size: Self.size)
        #expect(findings.map(\.rule) == [.audit, .audit, .audit, .audit])
        #expect(findings.allSatisfy { $0.offset == 8000 })
        #expect(findings.allSatisfy { $0.expected == hex(1001) && $0.observed == hex(77) })
        let paths = [
            "an O_DIRECT read", "an io_uring read", "a fresh mapping", "the auditor's mapping",
        ]
        for (finding, path) in zip(findings, paths) {
            #expect(
                finding.story == "at the quiet point read(2) finds \(hex(1001)) at offset 8000, "
                    + "and \(path) finds \(hex(77))")
        }
    }

    @Test func theLastWordIsCompared() throws {
        _ = try auditor.read(size: Self.size)
        try store(78, at: 4095)
        #expect(try auditor.compare(size: Self.size).map(\.offset) == [32760, 32760, 32760, 32760])
    }

    @Test func anActorsMappingIsCompared() throws {
        _ = try auditor.read(size: Self.size)
        try store(77, at: 0)
        let findings = auditor.compare(auditor.file.long, of: "writer 1", size: Self.size)
        #expect(findings.map(\.rule) == [.audit])
        #expect(findings.first?.offset == 0 && findings.first?.observed == hex(77))
        #expect(findings.first?.story.contains("writer 1's mapping finds") == true)
    }

    /// As if a page beyond the end of file were still mapped, for each of the two that are.
    @Test func whatAMappingReachesBeyondTheEndIsAFinding() throws {
        let size = Self.size - 2 * 4096
        _ = try auditor.read(size: size)
        let findings = auditor.compare(auditor.file.long, of: "writer 1", size: size)
        #expect(findings.map(\.rule) == [.sigbus, .sigbus])
        #expect(findings.map(\.offset) == [size, size + 4096])
        #expect(findings.allSatisfy { $0.expected == "SIGBUS" })
        #expect(findings.first?.observed == "\(hex(3073)) and no SIGBUS")
        try File(path).truncate(to: size)
        #expect(auditor.compare(auditor.file.long, of: "writer 1", size: size).isEmpty)
    }

    @Test func aFileThatEndsBeforeItsSizeIsAFinding() throws {
        let size = Self.size + 4096
        let findings = try auditor.read(size: size).1
        #expect(findings.map(\.rule) == [.size])
        #expect(findings.first?.offset == Self.size)
        #expect(findings.first?.expected == "\(size) bytes")
        #expect(findings.first?.observed == "\(Self.size) bytes")
        let others = try auditor.compare(size: size)
        #expect(others.map(\.rule) == [.size, .size, .sigbus, .sigbus])
        #expect(others.allSatisfy { $0.offset == Self.size })
        #expect(others.last?.expected == "no SIGBUS")
    }

    @Test func aFileIsMadeWhole() throws {
        try File(path).truncate(to: 5000)
        let interval = try auditor.roundUp(to: 8192)
        #expect(interval.invoked <= interval.returned)
        #expect(try auditor.size() == 8192)
        let words = try auditor.read(size: 8192).words
        #expect(words[624] == 625 && words[625] == 0)
    }
}
