import DaxSystem
import Glibc

/// Counts what calls take as mappings, extents and pages of their file grow, on a machine whose clock counts
/// instructions.
package struct CurveBench {
    private let directory: String
    private let perInstruction: Double

    private let most: UInt64
    private let repeats: Int

    /// - Parameters:
    ///   - most: How large anything grows.
    ///   - repeats: How often each point is counted, of which the median is taken.
    package init(in directory: String, most: UInt64 = .max, repeats: Int = 5) {
        (self.directory, self.most, self.repeats) = (directory, most, repeats)
        perInstruction = Clock.ticksPerInstruction()
    }

    /// All curves; those of calls that the filesystem does not know are left out.
    package func run() throws -> [CostCurve] {
        let mappings: [UInt64] = [1, 2, 4, 8, 16, 32, 64]
        let extents: [UInt64] = [1, 4, 16, 64, 256, 1024]
        let pages: [UInt64] = [1, 4, 16, 64, 256, 1024, 4096]
        return [
            try curve("punch a mapped page", by: "mappings", mappings, punchMapped),
            try curve("punch a file", by: "pages", pages) { pages in
                let file = try written(pages)
                return try ticks { () throws(SystemError) in
                    try file.file.allocate(.punch, offset: 0, length: pages * 4096)
                }
            },
            try curve("truncate a file to nothing", by: "pages", pages) {
                try truncate(try written($0))
            },
            try curve("truncate a file to nothing", by: "extents", extents) {
                try truncate(try fragmented($0))
            },
            try curve("collapse its first page", by: "extents", extents) {
                try shift(.collapse, try fragmented($0))
            },
            try curve("insert a page in front", by: "extents", extents) {
                try shift(.insert, try fragmented($0))
            },
            try curve("clone a file", by: "extents", extents) { extents in
                let file = try fragmented(extents)
                let other = try BenchFile("\(directory)/other", bytes: 0, written: false, tail: 0)
                return try ticks { () throws(SystemError) in
                    try other.file.clone(
                        offset: 0, length: UInt64(file.bytes), from: file.file, at: 0)
                }
            },
        ].compactMap { $0 }
    }

    private func truncate(_ file: BenchFile) throws(SystemError) -> UInt64 {
        try ticks { () throws(SystemError) in try file.file.truncate(to: 0) }
    }

    private func shift(_ mode: SpaceMode, _ file: BenchFile) throws(SystemError) -> UInt64 {
        try ticks { () throws(SystemError) in
            try file.file.allocate(mode, offset: 0, length: 4096)
        }
    }

    /// A file of so many written pages, of as few extents as the filesystem makes of them.
    private func written(_ pages: UInt64) throws(SystemError) -> BenchFile {
        try BenchFile("\(directory)/counted", bytes: Int(pages) * 4096, written: true, tail: 0)
    }

    /// A file of so many extents of one page, with holes of a page between them and behind.
    private func fragmented(_ extents: UInt64) throws(SystemError) -> BenchFile {
        let file = try written(2 * extents)
        for extent in 0..<extents {
            try file.file.allocate(.punch, offset: (2 * extent + 1) * 4096, length: 4096)
        }
        return file
    }

    private func curve(
        _ call: String, by: String, _ counts: [UInt64], _ sample: (UInt64) throws -> UInt64
    ) throws -> CostCurve? {
        let own = try sampled { try ticks { () throws(SystemError) in } }
        do {
            return CostCurve(
                call, by: by,
                try counts.filter { $0 <= most }.map { count in
                    let taken = try sampled { try sample(count) }
                    return CostCurve.Point(
                        count, UInt64((Double(taken - min(taken, own)) / perInstruction).rounded()))
                })
        } catch let error as SystemError where error.code == EOPNOTSUPP {
            return nil
        }
    }

    private func sampled(_ sample: () throws -> UInt64) throws -> UInt64 {
        try (0..<repeats).map { _ in try sample() }.sorted()[repeats / 2]
    }

    private func ticks(_ call: () throws(SystemError) -> Void) throws(SystemError) -> UInt64 {
        let begin = Clock.ticks()
        try call()
        return Clock.ticks() - begin
    }

    /// A page that so many mappings of the file have in their tables is punched.
    private func punchMapped(_ count: UInt64) throws -> UInt64 {
        let file = try written(16)
        let holders = try (0..<count).map { _ in try Holder(file) }
        let taken = try ticks { () throws(SystemError) in
            try file.file.allocate(.punch, offset: Holder.page * 4096, length: 4096)
        }
        return withExtendedLifetime(holders) { taken }
    }

    /// A mapping that has one page in its table.
    private final class Holder {
        static let page: UInt64 = 1
        private let mapping: Mapping

        init(_ file: BenchFile) throws {
            mapping = try Mapping(file.file, offset: 0, bytes: file.bytes, sharing: .shared)
            var ticks = Buffer(words: 1)
            _ = mapping.touch(
                Int(Holder.page) * 512, count: 1, step: 512, storing: false, ticks: &ticks)
        }
    }
}
