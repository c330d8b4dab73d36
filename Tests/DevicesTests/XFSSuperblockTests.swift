import Testing

@testable import DaxDevices

@Suite struct XFSSuperblockTests {
    /// A sector of 512 bytes as mkfs.xfs would leave it, as far as it matters, in a larger read.
    private var device: [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 4096)
        bytes.replaceSubrange(0..<4, with: Array("XFSB".utf8))
        (bytes[100], bytes[101], bytes[102]) = (0xb4, 0xa5, 2)
        bytes[219] = 0x0b
        let sum = XFSSuperblock.crc32c(Array(bytes[..<512]))
        for place in 0..<4 { bytes[224 + place] = UInt8(sum >> (8 * UInt32(place)) & 0xff) }
        return bytes
    }

    @Test func checksumIsCastagnolis() {
        // The check value of the catalogue of CRCs.
        #expect(XFSSuperblock.crc32c(Array("123456789".utf8)) == 0xe306_9283)
    }

    @Test func aFeatureComesAndGoes() throws {
        var superblock = try #require(XFSSuperblock(device))
        #expect(superblock.features.rawValue == 0x0b)
        superblock.features.insert(.exchangeRange)
        #expect(superblock.bytes.count == 512 && superblock.bytes[216..<220] == [0, 0, 0, 0x4b])
        // It reads its own checksum as right.
        var again = try #require(XFSSuperblock(superblock.bytes))
        again.features.remove(.exchangeRange)
        #expect(again.bytes == Array(device[..<512]))
    }

    @Test func whatIsDamagedOrNoneIsLeftAlone() {
        for place in [0, 101, 102, 224, 300] {
            var bytes = device
            bytes[place] ^= 1
            #expect(XFSSuperblock(bytes) == nil, "byte \(place)")
        }
        #expect(XFSSuperblock([]) == nil)
        #expect(XFSSuperblock([UInt8](repeating: 0, count: 4096)) == nil)
        // The sector is larger than what was read.
        #expect(XFSSuperblock(Array(device[..<256])) == nil)
    }
}
