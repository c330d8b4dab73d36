/// A kernel module as a file: an ELF64 relocatable object for x86-64, little-endian.
///
/// Only what a patch needs is read: sections, symbols, and relocations with addend. Every offset
/// that the file gives is checked before it is followed. (System V ABI, "Object files".)
struct ModuleObject {
    var bytes: [UInt8]
    private(set) var sections: [Section] = []
    private(set) var symbols: [Symbol] = []
    private var functions: [Start: String] = [:]

    struct Section {
        var type: UInt32
        var bytes: Range<Int>
        var link: Int
        var info: Int
    }

    struct Symbol {
        var name: String
        var isFunction: Bool
        var isSection: Bool
        /// The index of the section it is defined in; 0 when it is another module's or the kernel's.
        var section: Int
        var value: UInt64
        var size: UInt64

        var end: UInt64 { value + size }
    }

    /// Where a function starts.
    private struct Start: Hashable {
        var section: Int
        var value: UInt64
    }

    struct Relocation {
        /// Where the relocation itself lies in the file: its 24 bytes are r_offset, r_info, r_addend.
        var position: Int
        /// What it changes, as an offset in the section it belongs to.
        var offset: UInt64
        var type: UInt32
        var symbol: Int
        var addend: Int64
    }

    /// The relocation types of the x86-64 psABI that are met here.
    enum RelocationType {
        static let none: UInt32 = 0
        static let pc32: UInt32 = 2
        static let plt32: UInt32 = 4
    }

    private enum SectionType {
        static let symbols: UInt32 = 2
        static let relocations: UInt32 = 4
        static let noBits: UInt32 = 8
    }

    init(_ bytes: [UInt8]) throws(PatchError) {
        self.bytes = bytes
        let magic: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, 2, 1]  // ELF, 64-bit, little-endian
        guard bytes.starts(with: magic) else { throw .malformed("ELF header") }
        guard try read(16, UInt16.self) == 1, try read(18, UInt16.self) == 62 else {
            throw .malformed("ELF header")  // ET_REL, EM_X86_64
        }
        try readSections()
        try readSymbols()
        for symbol in symbols where symbol.isFunction {
            functions[Start(section: symbol.section, value: symbol.value)] = symbol.name
        }
    }

    /// The integer at a place in the file.
    func read<T: FixedWidthInteger>(_ position: Int, _: T.Type) throws(PatchError) -> T {
        let size = T.bitWidth / 8
        guard position >= 0, position <= bytes.count - size else {
            throw .malformed("end of file at \(position)")
        }
        var value: T = 0
        for index in 0..<size {
            value |= T(truncatingIfNeeded: bytes[position + index]) << (index * 8)
        }
        return value
    }

    private mutating func readSections() throws(PatchError) {
        let table = try place(40)
        let count = Int(try read(60, UInt16.self))
        guard try read(58, UInt16.self) == 64, count > 0 else { throw .malformed("section table") }
        for index in 0..<count {
            let header = table + index * 64
            let type = try read(header + 4, UInt32.self)
            let start = try place(header + 24)
            let size = type == SectionType.noBits ? 0 : try place(header + 32)
            guard size <= bytes.count - start else { throw .malformed("section \(index)") }
            sections.append(
                Section(
                    type: type, bytes: start..<start + size,
                    link: Int(try read(header + 40, UInt32.self)),
                    info: Int(try read(header + 44, UInt32.self))))
        }
    }

    private mutating func readSymbols() throws(PatchError) {
        guard let table = sections.first(where: { $0.type == SectionType.symbols }),
            table.bytes.count.isMultiple(of: 24), sections.indices.contains(table.link)
        else { throw .malformed("symbol table") }
        let names = sections[table.link].bytes
        for entry in stride(from: table.bytes.lowerBound, to: table.bytes.upperBound, by: 24) {
            let name = names.lowerBound + Int(try read(entry, UInt32.self))
            guard name < names.upperBound,
                let end = bytes[name..<names.upperBound].firstIndex(of: 0)
            else { throw .malformed("symbol name") }
            let kind = try read(entry + 4, UInt8.self) & 0xf
            let value = try read(entry + 8, UInt64.self)
            let size = try read(entry + 16, UInt64.self)
            guard !value.addingReportingOverflow(size).overflow else {
                throw .malformed("symbol size")
            }
            symbols.append(
                Symbol(
                    name: String(decoding: bytes[name..<end], as: UTF8.self),
                    isFunction: kind == 2, isSection: kind == 3,
                    section: Int(try read(entry + 6, UInt16.self)), value: value, size: size))
        }
    }

    /// The relocations that change bytes of a section at these offsets, in the file's order.
    func relocations(
        of section: Int, in offsets: Range<UInt64> = 0..<UInt64.max
    ) throws(PatchError) -> [Relocation] {
        var relocations: [Relocation] = []
        for table in sections where table.type == SectionType.relocations && table.info == section {
            guard table.bytes.count.isMultiple(of: 24) else { throw .malformed("relocations") }
            for entry in stride(from: table.bytes.lowerBound, to: table.bytes.upperBound, by: 24) {
                let offset = try read(entry, UInt64.self)
                guard offsets.contains(offset) else { continue }
                let info = try read(entry + 8, UInt64.self)
                let symbol = Int(info >> 32)
                guard symbols.indices.contains(symbol) else { throw .malformed("relocation") }
                relocations.append(
                    Relocation(
                        position: entry, offset: offset, type: UInt32(truncatingIfNeeded: info),
                        symbol: symbol, addend: try read(entry + 16, Int64.self)))
            }
        }
        return relocations
    }

    /// The name of the function whose start a 4-byte PC-relative relocation leads to; nil if it
    /// leads elsewhere. A function of another section may be named by that section and an addend.
    func target(of relocation: Relocation) -> String? {
        let symbol = symbols[relocation.symbol]
        // The displacement counts from the end of the field, 4 bytes on: hence an addend of -4.
        guard symbol.isSection else { return relocation.addend == -4 ? symbol.name : nil }
        let (sum, overflow) = relocation.addend.addingReportingOverflow(4)
        guard !overflow, sum >= 0 else { return nil }
        return functions[Start(section: symbol.section, value: UInt64(sum))]
    }

    /// A 64-bit offset or size in the file that lies within it.
    private func place(_ position: Int) throws(PatchError) -> Int {
        let value = try read(position, UInt64.self)
        guard value <= UInt64(bytes.count) else { throw .malformed("offset beyond the end") }
        return Int(value)
    }
}
