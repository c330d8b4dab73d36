import DaxModel
import DaxSystem
import DaxText
import TOMLKit
import Testing

@testable import DaxConfig

private let root = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }

/// Whatever a config's bytes are, it is read, or refused by one line.
///
/// Each is made from a seed: a shipped config with some damage, or a heap of what TOML is made of.
/// What is accepted is compared with what another reader of TOML makes of it.
@Suite struct FuzzTests {
    /// How many; ci/fuzz-configs asks for more.
    private static let count =
        Files.environment("DAXTORTURE_FUZZ").flatMap { UInt64($0) } ?? 1000

    private static let shipped: [[UInt8]] = ["configs", "configs/bugs"].flatMap { directory in
        ((try? Files.names(in: "\(root)/\(directory)")) ?? []).filter { $0.hasSuffix(".toml") }
            .compactMap { try? Files.read("\(root)/\(directory)/\($0)") }
    }

    private static let pieces: [[UInt8]] =
        [
            "[", "]", "[[", "]]", ".", "\"", "'", "\"\"\"", "'''", "=", " = ", "{", "}", ",", "\n",
            "\r\n", "\r", "#", "\\", "\\u", "\\u0000", "\\U0010ffff", "0", "-1", "+", "_", "0x",
            "1e9",
            "inf", "nan", "true", "false", "1979-05-27", "07:32:00", "run", "fs", "actor", "a",
            "duration", "role", "\"1s\"", " ", "\t", "\u{0}", "\u{7f}", "é", "\u{feff}", "\u{85}",
            "format = 1\n", "[run]\n", "[actor.a]\nrole = \"writer\"\n", "x.y.z = 1\n",
        ].map { Array($0.utf8) } + [[0xff], [0xc3], [0xed, 0xa0, 0x80]]

    private static func text(_ random: inout Random) -> [UInt8] {
        if random.chance(1, in: 3) {
            var text = random.chance(1, in: 2) ? Array("format = 1\n".utf8) : []
            for _ in 0..<random.below(40 as Int) { text += pieces[random.below(pieces.count)] }
            return text
        }
        var text = shipped[random.below(shipped.count)]
        for _ in 0...random.below(4 as Int) {
            let at = random.below(text.count + 1)
            let end = min(text.count, at + random.below(40 as Int))
            switch random.below(4 as Int) {
            case 0: text.insert(contentsOf: pieces[random.below(pieces.count)], at: at)
            case 1: text.removeSubrange(at..<end)
            case 2: text.insert(contentsOf: text[at..<end], at: random.below(text.count + 1))
            default: if at < text.count { text[at] = UInt8(random.below(256 as Int)) }
            }
        }
        return text
    }

    @Test func everyTextIsReadOrRefusedByALine() {
        #expect(!FuzzTests.shipped.isEmpty)
        var (read, refused) = (0, 0)
        for number in 0..<FuzzTests.count {
            var random = Random(seed: 0xf022, stream: number)
            let text = FuzzTests.text(&random)
            do {
                compare(try entries(of: text, name: "f.toml"), text, number)
                var resolver = Resolver()
                try resolver.read(text, name: "f.toml")
                _ = try resolver.resolved()
                read += 1
            } catch {
                refused += 1
                let line = "\(error)"
                #expect(line.utf8.count < 2000, "\(number): \(line)")
                #expect(
                    !line.unicodeScalars.contains { $0.properties.generalCategory == .control },
                    "\(number): \(line)")
            }
        }
        #expect(read > 0 && refused > read / 10, "\(read) read, \(refused) refused")
    }

    /// A text that is accepted is TOML, and means the same to TOMLKit, which knows no NUL.
    private func compare(_ entries: [Entry], _ text: [UInt8], _ number: UInt64) {
        let isComparable = entries.allSatisfy { entry in
            if entry.key.contains("\\u0000") { return false }
            return switch entry.value {
            case .other: false
            case .string(let value): !value.utf8.contains(0)
            case .strings(let values): values.allSatisfy { !$0.utf8.contains(0) }
            case .text, .integer, .boolean, .table: true
            }
        }
        guard isComparable else { return }
        do {
            let table = try TOMLTable(string: String(decoding: text, as: UTF8.self))
            let ours = entries.map { "\(spelled($0.path)) \($0.value)" }.sorted()
            #expect(ours == leaves(of: table, under: []), "\(number)")
        } catch {
            Issue.record("\(number): accepted, but TOMLKit says: \(error)")
        }
    }

    private func leaves(of table: TOMLTable, under path: [String]) -> [String] {
        // Not `for (key, value) in table`: TOMLKit's iterator starts over when it is done.
        table.keys.flatMap { key -> [String] in
            guard let value = table[key] else { return [] }
            let here = path + [key]
            func leaf(_ value: RawValue) -> String { "\(spelled(here)) \(value)" }
            return switch value.type {
            case .string: [leaf(.string(value.string ?? ""))]
            case .int: [leaf(.integer(Int64(value.int ?? 0)))]
            case .bool: [leaf(.boolean(value.bool ?? false))]
            case .table: [leaf(.table)] + leaves(of: value.table!, under: here)
            case .array:
                [leaf(.strings(value.array!.map { $0.string ?? "" }))]
            case .double, .date, .time, .dateTime: [leaf(.other("\(value.type)"))]
            }
        }.sorted()
    }
}
