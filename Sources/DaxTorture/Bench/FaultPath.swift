/// What a measured page fault finds, and so which way through the kernel it takes.
package enum FaultPath: String, CaseIterable, Sendable {
    /// A load finds a hole: a zero page is mapped (dax_load_hole, dax_pmd_load_hole).
    case readHole = "read-hole"
    /// A load finds a written block.
    case readData = "read-data"
    /// A store finds a hole: a block is allocated, zeroed, and mapped.
    case writeHole = "write-hole"
    /// A store finds an unwritten block, which is converted.
    case writeUnwritten = "write-unwritten"
    /// A store finds a written block that is not mapped.
    case writeData = "write-data"
    /// A store finds a block that is mapped for reading (pfn_mkwrite, or a write fault on a PMD).
    case writeProtected = "write-protected"

    package var isStore: Bool { self != .readHole && self != .readData }
    /// Whether the file's range begins as a hole each time.
    var needsHole: Bool { self == .readHole || self == .writeHole || self == .writeUnwritten }
}

/// By what a file is mapped.
package enum MappingSize: String, CaseIterable, Sendable {
    /// 4 KiB; the mapping lies so that no PMD can map any of it.
    case pte
    /// 2 MiB.
    case pmd

    package var bytes: Int { self == .pte ? 4096 : 2 << 20 }
    /// Bytes of a file that one thread has: 4 MiB in small pages, 32 MiB in large ones.
    package var range: Int { self == .pte ? 4 << 20 : 32 << 20 }
    package var faults: Int { range / bytes }
}

/// Which threads share what.
package enum Sharing: String, CaseIterable, Sendable {
    /// A file of its own for each thread.
    case fileEach = "a file each"
    /// One file, and a range of its own for each thread.
    case disjoint = "one file, disjoint"
    /// One range of one file, and a mapping of its own for each thread.
    case same = "one file, same range"
}

/// Who changes the file meanwhile.
package enum Beside: String, CaseIterable, Sendable {
    case nobody
    /// Punches and allocates 64 KiB behind all ranges, again and again.
    case puncher = "punch, disjoint"
    /// Makes the file longer and cuts it again, behind all ranges.
    case truncater = "truncate, disjoint"
    /// Punches pages of the ranges themselves.
    case punchHere = "punch, same range"
}

/// One thing to measure.
package struct BenchPoint: Hashable, Sendable {
    package var path: FaultPath
    package var size: MappingSize
    package var threads: Int
    package var sharing: Sharing
    package var beside: Beside

    package init(
        _ path: FaultPath, _ size: MappingSize = .pte, threads: Int = 1,
        _ sharing: Sharing = .fileEach, beside: Beside = .nobody
    ) {
        (self.path, self.size, self.threads) = (path, size, threads)
        (self.sharing, self.beside) = (sharing, beside)
    }
}
