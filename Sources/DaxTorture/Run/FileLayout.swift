import DaxConfig
import DaxModel
import DaxSystem

/// Gives a file under test the extents that it begins with.
///
/// The actors change extents all the time; what they begin with decides which paths of the kernel
/// the first epochs take: PMD or PTE faults, holes to fill, unwritten extents to convert.
struct FileLayout {
    let kind: ExtentLayout
    /// In bytes, a multiple of `piece`.
    let size: UInt64

    /// What a mixed layout draws for at a time: what one PMD maps.
    private static let piece = UInt64(Page.pmdBytes)

    /// Lays out an empty file, whose size becomes `size`.
    func make(_ file: borrowing File, _ random: inout Random) throws(SystemError) {
        switch kind {
        case .aligned: try file.allocate(.allocate, offset: 0, length: size)
        case .hole: try file.truncate(to: size)
        case .broken:
            try scatter(file, 0..<size)
            try file.truncate(to: size)
        case .mixed:
            for offset in stride(from: 0, to: size, by: Int(FileLayout.piece)) {
                switch random.below(3) {
                case 0:
                    try file.allocate(
                        .allocateKeepSize, offset: offset, length: FileLayout.piece)
                case 1: try scatter(file, offset..<offset + FileLayout.piece)
                default: break
                }
            }
            try file.truncate(to: size)
        }
    }

    /// Blocks one by one, each second one first, so that neighbours in the file are none on the
    /// device.
    private func scatter(_ file: borrowing File, _ bytes: Range<UInt64>) throws(SystemError) {
        let page = Page.bytes
        for start in [bytes.lowerBound, bytes.lowerBound + UInt64(page)] {
            for offset in stride(from: start, to: bytes.upperBound, by: 2 * page) {
                try file.allocate(.allocateKeepSize, offset: offset, length: UInt64(page))
            }
        }
    }
}
