/// A relocatable object made by hand: as few sections as a patch can be tried on.
///
/// Sections: 0 none, 1 .text, 2 its relocations, 3 .text.unlikely, 4 its relocations, 5 symbols,
/// 6 strings.
struct TinyModule {
    static let text = 1
    static let unlikely = 3

    struct Symbol {
        var name: String
        /// 0 for one of elsewhere, 2 for a function, 3 for a section.
        var kind: UInt8
        var section: Int
        var value = 0
        var size = 0
    }

    struct Relocation {
        var offset: Int
        var type: UInt32 = 4
        /// An index into `symbols`, from 0.
        var symbol: Int
        var addend: Int64 = -4
    }

    var text: [UInt8]
    var unlikely: [UInt8] = []
    var symbols: [Symbol]
    var relocations: [Relocation]
    var unlikelyRelocations: [Relocation] = []

    /// Where a section's bytes lie in the file.
    func start(of section: Int) -> Int { 64 + contents.prefix(section).map(\.count).reduce(0, +) }

    /// The file.
    var bytes: [UInt8] {
        let contents = self.contents
        let table = start(of: contents.count)
        var file: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1] + Array(repeating: 0, count: 9)
        file += little(UInt16(1)) + little(UInt16(62)) + little(UInt32(1))
        file += little(UInt64(0)) + little(UInt64(0)) + little(UInt64(table)) + little(UInt32(0))
        file += [64, 0, 0, 64, contents.count, 6].flatMap { little(UInt16($0)) }
        file += contents.flatMap { $0 }
        let types: [UInt32] = [0, 1, 4, 1, 4, 2, 3]
        let links: [UInt32] = [0, 0, 5, 0, 5, 6, 0]
        let infos: [UInt32] = [0, 0, 1, 0, 3, 0, 0]
        for index in contents.indices {
            file += little(UInt32(0)) + little(types[index]) + little(UInt64(0))
            file += little(UInt64(0)) + little(UInt64(start(of: index)))
            file += little(UInt64(contents[index].count)) + little(links[index])
            file += little(infos[index]) + little(UInt64(1)) + little(UInt64(0))
        }
        return file
    }

    private var contents: [[UInt8]] {
        var strings: [UInt8] = [0]
        var table = Array(repeating: UInt8(0), count: 24)
        for symbol in symbols {
            table += little(UInt32(strings.count)) + [symbol.kind, 0]
            table += little(UInt16(symbol.section)) + little(UInt64(symbol.value))
            table += little(UInt64(symbol.size))
            strings += Array(symbol.name.utf8) + [0]
        }
        return [
            [], text, encoded(relocations), unlikely, encoded(unlikelyRelocations), table, strings,
        ]
    }

    private func encoded(_ relocations: [Relocation]) -> [UInt8] {
        relocations.flatMap {
            little(UInt64($0.offset)) + little(UInt64($0.symbol + 1) << 32 | UInt64($0.type))
                + little(UInt64(bitPattern: $0.addend))
        }
    }

    private func little<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
        (0..<T.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
}

extension TinyModule {
    /// `setattr` calls `unmap` at 2 and jumps to it at 8, and its cold part calls it; `other` calls
    /// it through the name of a section, and calls `external`.
    static let sample = TinyModule(
        text: [
            0x90, 0x90, 0xe8, 0, 0, 0, 0, 0x90, 0xe9, 0, 0, 0, 0,  // setattr
            0xe8, 0, 0, 0, 0, 0xe8, 0, 0, 0, 0, 0xc3,  // other
        ],
        unlikely: [0xc3, 0xe8, 0, 0, 0, 0],  // unmap, setattr.cold
        symbols: [
            Symbol(name: "setattr", kind: 2, section: text, value: 0, size: 13),
            Symbol(name: "other", kind: 2, section: text, value: 13, size: 11),
            Symbol(name: "unmap", kind: 2, section: unlikely, value: 0, size: 1),
            Symbol(name: "setattr.cold", kind: 2, section: unlikely, value: 1, size: 5),
            Symbol(name: "", kind: 3, section: unlikely),
            Symbol(name: "external", kind: 0, section: 0),
        ],
        relocations: [
            Relocation(offset: 3, symbol: 2), Relocation(offset: 9, type: 2, symbol: 2),
            Relocation(offset: 14, symbol: 4), Relocation(offset: 19, symbol: 5),
        ],
        unlikelyRelocations: [Relocation(offset: 2, symbol: 2)])
}
