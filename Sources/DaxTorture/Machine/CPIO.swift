/// A "newc" archive as the kernel unpacks it (Documentation/driver-api/early-userspace/
/// buffer-format.rst), whose bytes depend on nothing but the entries.
///
/// Owner, times and inode numbers are made up: always the same, in the order of the names.
struct CPIO {
    enum Entry: Equatable {
        case directory
        case file([UInt8], executable: Bool)
        case characterDevice(major: UInt32, minor: UInt32)
        case link(to: String)
    }

    private var entries: [String: Entry] = [:]

    /// Puts an entry at an absolute path, in place of any that stood there, and the directories
    /// above it.
    mutating func add(_ path: String, _ entry: Entry) {
        let parts = path.split(separator: "/")
        precondition(path.hasPrefix("/") && !parts.isEmpty, "\(path) is not absolute")
        for count in 1..<max(parts.count, 1) {
            entries[parts.prefix(count).joined(separator: "/")] = .directory
        }
        entries[parts.joined(separator: "/")] = entry
    }

    /// Whether an entry stands at an absolute path.
    func contains(_ path: String) -> Bool {
        entries[path.split(separator: "/").joined(separator: "/")] != nil
    }

    /// The archive, a multiple of 512 bytes long, so that another may follow it.
    func archive() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size)
        // Sorted names put each directory before what is in it.
        for (index, (name, entry)) in entries.sorted(by: { $0.key < $1.key }).enumerated() {
            CPIO.append(name, entry, inode: UInt32(index + 1), to: &bytes)
        }
        CPIO.append("TRAILER!!!", nil, inode: 0, to: &bytes)
        bytes += repeatElement(0, count: -bytes.count & 511)
        return bytes
    }

    /// Not less than the bytes of the archive.
    var size: Int {
        entries.reduce(1024) { sum, entry in
            let content =
                switch entry.value {
                case .file(let content, _): content.count
                case .link(let target): target.utf8.count
                case .directory, .characterDevice: 0
                }
            return sum + content + entry.key.utf8.count + 128
        }
    }

    private static func append(
        _ name: String, _ entry: Entry?, inode: UInt32, to bytes: inout [UInt8]
    ) {
        var mode: UInt32 = 0
        var content: [UInt8] = []
        var device: (UInt32, UInt32) = (0, 0)
        switch entry {
        case .directory: mode = 0o040755
        case .file(let data, let executable):
            mode = executable ? 0o100755 : 0o100644
            content = data
        case .characterDevice(let major, let minor):
            mode = 0o020600
            device = (major, minor)
        case .link(let target):
            mode = 0o120777
            content = Array(target.utf8)
        case nil: break
        }
        let fields: [UInt32] = [
            inode, mode, 0, 0, 1, 0, UInt32(content.count), 0, 0, device.0, device.1,
            UInt32(name.utf8.count + 1), 0,
        ]
        bytes += Array("070701".utf8)
        for field in fields { bytes += hexadecimal(field) }
        bytes += Array(name.utf8) + [0]
        bytes += repeatElement(0, count: -bytes.count & 3)
        bytes += content
        bytes += repeatElement(0, count: -bytes.count & 3)
    }

    private static func hexadecimal(_ value: UInt32) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        return stride(from: 28, through: 0, by: -4).map { digits[Int(value >> UInt32($0)) & 15] }
    }
}
