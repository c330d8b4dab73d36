/// As much of a 64-bit little-endian ELF file as the machine needs: its sections by name, its
/// interpreter, and what of it is loaded.
///
/// Every offset comes from the file and is checked before it is used.
struct ELF {
    private let bytes: [UInt8]

    /// nil if the bytes are no such file.
    init?(_ bytes: [UInt8]) {
        guard bytes.count >= 64, bytes[0..<6] == [0x7f, 0x45, 0x4c, 0x46, 2, 1] else { return nil }
        self.bytes = bytes
    }

    private func number<Number: FixedWidthInteger & UnsignedInteger>(
        _ type: Number.Type, at offset: Int
    ) -> Number? {
        guard let field = slice(at: offset, count: Number.bitWidth / 8) else { return nil }
        return Number(littleEndian: field)
    }

    private func slice(at offset: Int, count: Int) -> ArraySlice<UInt8>? {
        guard offset >= 0, count >= 0, offset <= bytes.count, count <= bytes.count - offset else {
            return nil
        }
        return bytes[offset..<offset + count]
    }

    private func offset(at place: Int) -> Int? {
        number(UInt64.self, at: place).flatMap { Int(exactly: $0) }
    }

    /// The headers of a table that the file header describes by offset, entry size and count.
    private func table(at offsetPlace: Int, size: Int, count: Int, least: Int) -> [Int] {
        guard let start = offset(at: offsetPlace), let size = number(UInt16.self, at: size),
            let count = number(UInt16.self, at: count), size >= least,
            slice(at: start, count: Int(size) * Int(count)) != nil
        else { return [] }
        return (0..<Int(count)).map { start + $0 * Int(size) }
    }

    private var sections: [Int] { table(at: 0x28, size: 0x3a, count: 0x3c, least: 64) }
    private var segments: [Int] { table(at: 0x20, size: 0x36, count: 0x38, least: 56) }

    private func content(ofSection header: Int) -> ArraySlice<UInt8>? {
        guard let start = offset(at: header + 0x18), let count = offset(at: header + 0x20) else {
            return nil
        }
        return slice(at: start, count: count)
    }

    /// The bytes of the first section of this name.
    func section(_ name: String) -> ArraySlice<UInt8>? {
        let sections = sections
        guard let index = number(UInt16.self, at: 0x3e), Int(index) < sections.count,
            let names = content(ofSection: sections[Int(index)])
        else { return nil }
        let wanted = Array(name.utf8) + [0]
        for header in sections {
            guard let at = number(UInt32.self, at: header),
                names.dropFirst(Int(at)).starts(with: wanted)
            else { continue }
            return content(ofSection: header)
        }
        return nil
    }

    /// The dynamic linker that the file asks for (PT_INTERP).
    var interpreter: String? {
        for segment in segments where number(UInt32.self, at: segment) == 3 {
            guard let start = offset(at: segment + 0x08), let count = offset(at: segment + 0x20),
                let text = slice(at: start, count: count)
            else { return nil }
            return String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
        }
        return nil
    }

    /// The content of the first note (PT_NOTE) of this owner and type.
    func note(_ owner: String, _ type: UInt32) -> ArraySlice<UInt8>? {
        let wanted = Array(owner.utf8) + [0]
        for segment in segments where number(UInt32.self, at: segment) == 4 {
            guard let start = offset(at: segment + 0x08), let count = offset(at: segment + 0x20),
                slice(at: start, count: count) != nil
            else { continue }
            var place = start
            while let nameSize = number(UInt32.self, at: place),
                let size = number(UInt32.self, at: place + 4),
                let kind = number(UInt32.self, at: place + 8), place < start + count
            {
                // Both are padded to four bytes.
                let content = place + 12 + (Int(nameSize) + 3) & ~3
                guard let name = slice(at: place + 12, count: Int(nameSize)),
                    let bytes = slice(at: content, count: Int(size))
                else { break }
                if kind == type && name.elementsEqual(wanted) { return bytes }
                place = content + (Int(size) + 3) & ~3
            }
        }
        return nil
    }

    /// The file without what is never loaded: symbols for debuggers and the section table, which
    /// in a debug build are most of it. All of it if that cannot be told.
    var loadedPart: [UInt8] {
        var end = 0
        for segment in segments {
            guard let start = offset(at: segment + 0x08), let count = offset(at: segment + 0x20),
                slice(at: start, count: count) != nil
            else { return bytes }
            end = max(end, start + count)
        }
        // The program headers stand right behind the file header; without any there is nothing
        // that is loaded, as in a kernel module.
        guard end > 64, let headers = segments.last, headers + 56 <= end else { return bytes }
        var part = Array(bytes[..<end])
        part.replaceSubrange(0x28..<0x30, with: repeatElement(0, count: 8))  // e_shoff
        part.replaceSubrange(0x3c..<0x40, with: repeatElement(0, count: 4))  // e_shnum, e_shstrndx
        return part
    }
}
