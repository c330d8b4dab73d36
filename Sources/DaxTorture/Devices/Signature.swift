/// What a device holds, by the magic numbers that blkid(8) would look for.
enum Contents: Hashable, Sendable {
    case blank
    /// A known format, by its name.
    case signature(String)
    /// Bytes that are not zero and not known.
    case unknownData
}

extension Contents {
    /// How much of a device's start and end is looked at: beyond every magic number below.
    static let headLength = 1 << 20
    static let tailLength = 1 << 16

    /// - Parameters:
    ///   - head: The first `headLength` bytes, or all there are.
    ///   - tail: The last `tailLength` bytes, or all there are: some formats sign at the end.
    init(head: [UInt8], tail: [UInt8]) {
        if let name = Contents.extName(head) ?? Contents.magicName(head) ?? Contents.raidName(tail)
        {
            self = .signature(name)
        } else if Contents.hasPartitionTable(head) {
            self = .signature("a partition table")
        } else {
            self = head.contains { $0 != 0 } || tail.contains { $0 != 0 } ? .unknownData : .blank
        }
    }

    private struct Magic {
        let name: String
        let offset: Int
        let bytes: [UInt8]

        init(_ name: String, _ offset: Int, _ text: String, _ more: UInt8...) {
            self.name = name
            self.offset = offset
            bytes = Array(text.utf8) + more
        }

        func matches(_ head: [UInt8]) -> Bool {
            head.count >= offset + bytes.count && head[offset...].starts(with: bytes)
        }
    }

    private static let magics = [
        Magic("xfs", 0, "XFSB"),
        Magic("btrfs", 0x10040, "_BHRfS_M"),
        Magic("LUKS", 0, "LUKS", 0xba, 0xbe),
        Magic("an LVM physical volume", 0x218, "LVM2 001"),
        Magic("a RAID member", 0x1000, "", 0xfc, 0x4e, 0x2b, 0xa9),
        Magic("a RAID member", 0, "", 0xfc, 0x4e, 0x2b, 0xa9),
        // The swap header ends with the first page, whose size is the architecture's.
        Magic("swap", 0x1000 - 10, "SWAPSPACE2"),
        Magic("swap", 0x1_0000 - 10, "SWAPSPACE2"),
        Magic("vfat", 82, "FAT32   "),
        Magic("vfat", 54, "FAT16   "),
        Magic("vfat", 54, "FAT12   "),
        Magic("ntfs", 3, "NTFS    "),
        Magic("exfat", 3, "EXFAT   "),
        Magic("a GPT partition table", 0x200, "EFI PART"),
    ]

    private static func magicName(_ head: [UInt8]) -> String? {
        magics.first { $0.matches(head) }?.name
    }

    /// ext2, ext3 or ext4: one magic for all, told apart by their features.
    private static func extName(_ head: [UInt8]) -> String? {
        let superblock = 1024
        guard head.count >= superblock + 1024, head[superblock + 56] == 0x53,
            head[superblock + 57] == 0xef
        else { return nil }
        let hasJournal = head[superblock + 92] & 0x4 != 0
        // Extents and 64bit in the first byte, flex_bg in the second: none of them is ext3's.
        let isExt4 = head[superblock + 96] & 0xc0 != 0 || head[superblock + 97] & 0x2 != 0
        return isExt4 ? "ext4" : hasJournal ? "ext3" : "ext2"
    }

    /// A version 1.0 RAID superblock lies 8 KiB before the end, rounded down to 4 KiB.
    private static func raidName(_ tail: [UInt8]) -> String? {
        let magic: [UInt8] = [0xfc, 0x4e, 0x2b, 0xa9]
        for offset in stride(from: 0, to: tail.count - 3, by: 4096)
        where tail[offset...].starts(with: magic) {
            return "a RAID member"
        }
        return nil
    }

    /// An MBR: its mark, and an entry that is in use.
    private static func hasPartitionTable(_ head: [UInt8]) -> Bool {
        guard head.count >= 512, head[510] == 0x55, head[511] == 0xaa else { return false }
        return (0..<4).contains { head[446 + 16 * $0 + 4] != 0 }
    }
}
