/// An XFS superblock of version 5, in its sector: enough of it to switch a feature on that mkfs.xfs
/// does not know yet.
///
/// The layout is that of struct xfs_dsb (Documentation of XFS's disk structures): big-endian, but for
/// the checksum, which is a CRC-32C over the sector with itself as 0.
package struct XFSSuperblock: Sendable {
    /// What a kernel must know to mount it (sb_features_incompat).
    package struct Incompatible: OptionSet, Sendable {
        package let rawValue: UInt32
        package init(rawValue: UInt32) { self.rawValue = rawValue }
        /// Files can exchange ranges (Linux 6.10). All it stands for on the medium are items of the
        /// log, which an unmounted filesystem has none of.
        package static let exchangeRange = Incompatible(rawValue: 1 << 6)
    }

    /// The whole sector.
    package private(set) var bytes: [UInt8]

    private static let (sectorSize, version, incompatible, checksum) = (102, 100, 216, 224)
    /// How much of a device to read: no sector is larger.
    package static let most = 32768

    /// The superblock at the beginning of `bytes`; nil where there is none, or one that is damaged.
    package init?(_ bytes: [UInt8]) {
        guard bytes.starts(with: Array("XFSB".utf8)), bytes.count >= 512 else { return nil }
        let size = Int(bytes[Self.sectorSize]) << 8 | Int(bytes[Self.sectorSize + 1])
        guard bytes[Self.version + 1] & 0xf == 5, size >= 512, size <= bytes.count else {
            return nil
        }
        self.bytes = Array(bytes[..<size])
        guard Array(self.bytes[Self.checksum..<Self.checksum + 4]) == computed else { return nil }
    }

    package var features: Incompatible {
        get {
            Incompatible(
                rawValue: bytes[Self.incompatible..<Self.incompatible + 4]
                    .reduce(0) { $0 << 8 | UInt32($1) })
        }
        set {
            for place in 0..<4 {
                bytes[Self.incompatible + place] =
                    UInt8(truncatingIfNeeded: newValue.rawValue >> (24 - 8 * UInt32(place)))
            }
            bytes.replaceSubrange(Self.checksum..<Self.checksum + 4, with: computed)
        }
    }

    /// The checksum as it should be, as it lies on the medium.
    private var computed: [UInt8] {
        var cleared = bytes
        cleared.replaceSubrange(Self.checksum..<Self.checksum + 4, with: [0, 0, 0, 0])
        let sum = Self.crc32c(cleared)
        return (0..<4).map { UInt8(truncatingIfNeeded: sum >> (8 * UInt32($0))) }
    }

    /// CRC-32C (Castagnoli), bit by bit: one sector now and then.
    static func crc32c(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(UInt32.max) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in
                sum >> 1 ^ (sum & 1 == 1 ? 0x82f6_3b78 : 0)
            }
        }
    }
}
