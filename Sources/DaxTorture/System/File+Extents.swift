import CSystem
import Glibc

/// A stretch of a file that lies in one piece on its device (struct fiemap_extent). All in bytes.
package struct Extent: Hashable, Sendable {
    /// Where in the file the extent begins.
    package var offset: UInt64
    /// Where the extent begins on the block device that the filesystem was mounted from.
    package var physical: UInt64
    package var length: UInt64
    package var flags: Flags

    /// FIEMAP_EXTENT_*.
    package struct Flags: OptionSet, Hashable, Sendable {
        package let rawValue: UInt32
        package init(rawValue: UInt32) { self.rawValue = rawValue }
        /// The file has no more extents.
        package static let last = Flags(rawValue: 0x1)
        /// There is no knowing where the extent is.
        package static let unknown = Flags(rawValue: 0x2)
        /// Blocks are yet to be found for the extent.
        package static let delayed = Flags(rawValue: 0x4)
        /// What lies there is not the file's bytes as they are, in whole blocks: compressed,
        /// encrypted, in the inode, in the tail of another file's block.
        package static let encoded = Flags(rawValue: 0x8 | 0x80 | 0x100 | 0x200 | 0x400)
        /// The extent has blocks, and reads as zero.
        package static let unwritten = Flags(rawValue: 0x800)
        /// Other files have the same blocks.
        package static let shared = Flags(rawValue: 0x2000)
    }

    package init(offset: UInt64, physical: UInt64, length: UInt64, flags: Flags) {
        self.offset = offset
        self.physical = physical
        self.length = length
        self.flags = flags
    }
}

extension File {
    /// Where the file lies on its device, in ascending order, without its holes; the file is not
    /// written back before (FS_IOC_FIEMAP without FIEMAP_FLAG_SYNC).
    package func extents() throws(SystemError) -> [Extent] {
        var extents: [Extent] = []
        while extents.last?.flags.contains(.last) != true {
            let from = extents.last.map { $0.offset + $0.length } ?? 0
            var request = Extent.request(from: from)
            try checkedErrno(
                unsafe csystem_map_extents(descriptor, &request), "FS_IOC_FIEMAP", path)
            let found = Extent.parse(request)
            if found.isEmpty { break }
            extents += found
        }
        return extents
    }
}

extension Extent {
    /// How many one call may give.
    private static let perCall = 512
    /// The words of struct fiemap, and of each struct fiemap_extent behind it.
    private static let (headWords, words) = (4, 7)

    /// A struct fiemap that asks for what lies at `offset` and behind, with room for the answer.
    static func request(from offset: UInt64) -> [UInt64] {
        var request = [UInt64](repeating: 0, count: headWords + words * perCall)
        request[0] = offset
        request[1] = .max - offset
        // fm_extent_count is the lower half of this word, fm_mapped_extents the upper of the one
        // before, whose lower half are the flags.
        request[3] = UInt64(perCall)
        return request
    }

    /// The extents in a struct fiemap that the kernel has filled.
    static func parse(_ reply: [UInt64]) -> [Extent] {
        let count = Int(reply[2] >> 32)
        return (0..<count).map { index in
            let at = headWords + words * index
            return Extent(
                offset: reply[at], physical: reply[at + 1], length: reply[at + 2],
                flags: Flags(rawValue: UInt32(truncatingIfNeeded: reply[at + 5])))
        }
    }
}
