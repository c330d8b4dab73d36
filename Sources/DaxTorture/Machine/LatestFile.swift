internal import DaxHost
internal import DaxSystem

/// The latest of something that the guest tells again and again, such as its report so far: one place
/// in the shared memory, so that the thousandth takes no more room than the first.
///
/// Two halves, written by turns, so that a guest that dies while it writes leaves the one before. Each
/// begins with three words: its number (from 1, stored last; 0 while the half is being written), the
/// count of its bytes, and a checksum of both and of the bytes. The host reads when the machine is gone,
/// and believes nothing else: a broken guest may write anything here.
struct LatestFile {
    /// Where the first half begins in the shared memory.
    let start: Int
    /// The bytes of one half, its three words included: a multiple of 8.
    let half: Int

    /// The last sixteenth of an outbox of `size` bytes.
    init(inOutbox size: Int) {
        half = size / 32
        start = size - 2 * half
    }

    private static let headerSize = 24

    /// The most bytes that can be kept.
    var room: Int { half - LatestFile.headerSize }

    private func offset(ofNumber number: UInt64) -> Int { start + Int(number % 2) * half }

    /// Writes the one of that number, in place of the last but one. At most `room` bytes.
    func write(_ bytes: [UInt8], number: UInt64, to memory: borrowing SharedFile) {
        precondition(number > 0 && bytes.count <= room, "no room for so much")
        let offset = offset(ofNumber: number)
        memory.publish(0, at: offset)
        memory.store(bytes.span, at: offset + LatestFile.headerSize)
        memory.publish(UInt64(bytes.count), at: offset + 8)
        memory.publish(LatestFile.checksum(bytes, number: number), at: offset + 16)
        memory.publish(number, at: offset)
    }

    /// The latest that is whole; nil if none is.
    func read(from memory: borrowing SharedFile) -> [UInt8]? {
        var latest: (number: UInt64, bytes: [UInt8])?
        for index: UInt64 in 0...1 {
            let offset = offset(ofNumber: index)
            let (number, count) = (memory.word(at: offset), memory.word(at: offset + 8))
            guard number > latest?.number ?? 0, number % 2 == index, count <= UInt64(room) else {
                continue
            }
            let bytes = offset + LatestFile.headerSize
            let found = memory.load(bytes..<bytes + Int(count))
            guard memory.word(at: offset + 16) == LatestFile.checksum(found, number: number) else {
                continue
            }
            latest = (number, found)
        }
        return latest?.bytes
    }

    /// FNV-1a of 64 bits, over the number, the count and the bytes.
    static func checksum(_ bytes: [UInt8], number: UInt64) -> UInt64 {
        var sum: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in littleEndian(number) + littleEndian(UInt64(bytes.count)) + bytes {
            sum = (sum ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        return sum
    }
}
