import DaxModel
import DaxSystem

/// Fills a device with what names it, before a filesystem is made on it.
///
/// A device that starts blank hides the worst leak there is: a block that is mapped before it was
/// zeroed looks like one that was. On one that is filled such a word is no zero, and no stamp: R1, by
/// a story that says which block of the device it came from.
struct DeviceFill {
    /// Bytes that were filled, from the device's beginning on.
    let bytes: UInt64
    /// How long that took, by the clock of the kernel under test.
    let nanoseconds: UInt64

    /// As much as an emulated machine fills in a second or so; a host that is busy with others takes
    /// several. Both filesystems give the first files blocks from there: ext4 from its first block
    /// groups on, XFS from its first allocation group.
    static let most: UInt64 = 256 << 20
    private static let piece: UInt64 = 1 << 20

    /// Fills the first `most` bytes of `device`, or all of it, around the page cache (O_DIRECT).
    init(_ device: String) throws(SystemError) {
        let begin = Clock.monotonicNanoseconds()
        let file = try File(device, .direct)
        let size = try file.deviceSize()
        let end = min(size, DeviceFill.most)
        var buffer = Buffer(words: Int(DeviceFill.piece / 8))
        var offset: UInt64 = 0
        while offset < end {
            buffer.countUp(from: DevicePattern.word(at: offset), by: DevicePattern.step)
            let length = min(DeviceFill.piece, end - offset)
            let done = try file.write(at: offset, count: Int(length / 8), from: buffer)
            if done == 0 { break }
            offset += UInt64(done)
        }
        bytes = offset
        nanoseconds = Clock.monotonicNanoseconds() - begin
    }
}
