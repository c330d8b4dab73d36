import DaxSystem

@testable import DaxDevices

/// A made sysfs, procfs and /dev under /tmp, with regular files for devices; gone with the value.
struct MadeMachine: ~Copyable {
    let root: String
    /// The one device that there is: `pmem0`, 259:0, 4 MiB of zeros, which can be on DAX.
    static let number = DeviceNumber(major: 259, minor: 0)

    var roots: Roots { Roots(sys: "\(root)/sys", proc: "\(root)/proc", dev: "\(root)/dev") }
    var device: String { "\(root)/dev/pmem0" }

    init() throws {
        root = "/tmp/daxtorture-test-\(UInt64.random(in: 0...(.max)))"
        for directory in [
            "", "/dev", "/proc", "/proc/self", "/sys", "/sys/block", "/sys/bus", "/sys/bus/dax",
            "/sys/bus/dax/devices", "/sys/dev", "/sys/dev/block", "/sys/dev/block/259:0",
            "/sys/dev/block/259:0/holders", "/sys/dev/block/259:0/queue",
        ] {
            try Files.makeDirectory(root + directory)
        }
        try put("/dev/pmem0", [UInt8](repeating: 0, count: 4 << 20))
        try put("/sys/dev/block/259:0/queue/dax", "1\n")
        try put("/proc/self/mountinfo", "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n")
        try put("/proc/swaps", "Filename\tType\tSize\tUsed\tPriority\n")
    }

    deinit { MadeMachine.removeAll(root) }

    func put(_ path: String, _ text: String) throws { try put(path, Array(text.utf8)) }

    func put(_ path: String, _ bytes: [UInt8]) throws { try Files.write(bytes, to: root + path) }

    /// Writes `bytes` over the device from `offset` on.
    func sign(_ offset: Int, _ bytes: [UInt8]) throws {
        var content = try Files.read(device)
        content.replaceSubrange(offset..<offset + bytes.count, with: bytes)
        try Files.write(content, to: device)
    }

    /// A check that takes the regular file for block device 259:0.
    func check(
        opening open: @escaping @Sendable (String) throws(SystemError) -> HostFile =
            DeviceCheck.openExclusively
    ) -> DeviceCheck {
        let device = device
        return DeviceCheck(
            roots: roots, kind: { $0 == device ? .block(MadeMachine.number) : Files.kind($0) },
            open: open)
    }

    /// Why the device may not be formatted; nil if it may.
    func refusal(format: Bool) -> String? { check().complaint(device, format: format) }

    private static func removeAll(_ path: String) {
        if Files.kind(path) == .directory {
            for name in (try? Files.names(in: path)) ?? [] { removeAll("\(path)/\(name)") }
            try? Files.removeDirectory(path)
        } else {
            try? Files.remove(path)
        }
    }
}

extension DeviceCheck {
    /// Why a device may not be formatted; nil if it may.
    func complaint(_ path: String, format: Bool) -> String? {
        do {
            _ = try formattable(path, format: format)
            return nil
        } catch {
            return error.description
        }
    }
}
