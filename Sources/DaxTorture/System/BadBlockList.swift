import Glibc

/// What the driver of a persistent-memory device holds to be unreadable (sysfs, `badblocks`), to
/// which more can be added: what lies there is then refused to everybody, though the memory is sound.
///
/// Sectors are of 512 bytes, from where the device's data begin.
package struct BadBlockList: Sendable {
    /// `/sys/devices/.../block/pmem0/badblocks`
    private let path: String
    /// Whether a write clears what it overwrites: the driver of memory that firmware or the kernel's
    /// command line calls persistent takes that for granted, any other asks the DIMM.
    package let canClear: Bool

    /// The list of the block device that has this number.
    ///
    /// Throws ENODEV where that is not the whole of a device of the driver pmem: nobody else's blocks
    /// are to be called bad.
    package init(of device: DeviceNumber) throws(SystemError) {
        let directory = try Files.canonical("/sys/dev/block/\(device)")
        let name = directory.split(separator: "/").last ?? ""
        guard name.hasPrefix("pmem"), !Files.exists("\(directory)/partition") else {
            throw SystemError("badblocks", code: ENODEV, target: directory)
        }
        path = "\(directory)/badblocks"
        // Of the namespace's region's bus.
        let provider = try Files.text("\(Files.canonical("\(directory)/device"))/../../provider")
        canClear = provider == "e820\n"
    }

    /// Adds sectors. Throws ENOSPC where the list, which is a page, is full.
    package func add(_ sectors: Range<UInt64>) throws(SystemError) {
        try Files.write(Array("\(sectors.lowerBound) \(sectors.count)\n".utf8), to: path)
    }

    /// Whether any of `sectors` is on it.
    package func contains(anyOf sectors: Range<UInt64>) throws(SystemError) -> Bool {
        BadBlockList.parse(try Files.text(path)).contains { $0.overlaps(sectors) }
    }

    /// Sector and count, a line each; a line that is anything else is left out.
    static func parse(_ text: String) -> [Range<UInt64>] {
        text.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ").compactMap { UInt64($0) }
            return fields.count == 2 ? fields[0]..<fields[0] + fields[1] : nil
        }
    }
}
