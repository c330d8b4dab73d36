import Testing

@testable import DaxMachine

@Suite struct CPIOTests {
    /// Reads an archive back by the format's description, not by the writer's code.
    private func entries(_ archive: [UInt8]) throws -> [(
        name: String, fields: [Int], data: [UInt8]
    )] {
        var entries: [(String, [Int], [UInt8])] = []
        var at = 0
        while true {
            #expect(String(decoding: archive[at..<at + 6], as: UTF8.self) == "070701")
            let fields = try (0..<13).map { index in
                let start = at + 6 + 8 * index
                return try #require(
                    Int(String(decoding: archive[start..<start + 8], as: UTF8.self), radix: 16))
            }
            let nameEnd = at + 110 + fields[11]
            let name = String(decoding: archive[at + 110..<nameEnd - 1], as: UTF8.self)
            #expect(archive[nameEnd - 1] == 0)
            let dataStart = (nameEnd + 3) & ~3
            let data = Array(archive[dataStart..<dataStart + fields[6]])
            if name == "TRAILER!!!" { return entries }
            entries.append((name, fields, data))
            at = (dataStart + fields[6] + 3) & ~3
        }
    }

    @Test func holdsWhatWasPutIn() throws {
        var cpio = CPIO()
        cpio.add("/init", .file([1, 2, 3, 4, 5], executable: true))
        cpio.add("/dev/console", .characterDevice(major: 5, minor: 1))
        cpio.add("/a/b/c", .file([], executable: false))
        cpio.add("/sh", .link(to: "/init"))
        #expect(cpio.contains("/sh") && !cpio.contains("/a/c"))
        let archive = cpio.archive()
        #expect(archive.count % 512 == 0)
        let found = try entries(archive)
        #expect(found.map(\.name) == ["a", "a/b", "a/b/c", "dev", "dev/console", "init", "sh"])
        #expect(
            found.map { $0.fields[1] } == [
                0o40755, 0o40755, 0o100644, 0o40755, 0o20600, 0o100755, 0o120777,
            ])
        #expect(found[4].fields[9...10] == [5, 1])
        #expect(found[5].data == [1, 2, 3, 4, 5])
        #expect(found[6].data == Array("/init".utf8))
        #expect(cpio.size >= archive.count)
        // Owner, group and time are nobody's and no time's.
        #expect(found.allSatisfy { $0.fields[2] == 0 && $0.fields[3] == 0 && $0.fields[5] == 0 })
        #expect(Set(found.map { $0.fields[0] }).count == found.count)
    }

    @Test func doesNotDependOnTheOrder() {
        var one = CPIO()
        var other = CPIO()
        let paths = (0..<50).map { "/d\($0 % 7)/f\($0)" }
        for path in paths { one.add(path, .file(Array(path.utf8), executable: false)) }
        for path in paths.reversed() { other.add(path, .file(Array(path.utf8), executable: false)) }
        #expect(one.archive() == other.archive())
    }

    @Test func replacesAnEntry() throws {
        var cpio = CPIO()
        cpio.add("/x", .file([1], executable: false))
        cpio.add("/x", .file([2], executable: false))
        #expect(try entries(cpio.archive()).map(\.data) == [[2]])
    }
}
