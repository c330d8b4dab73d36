package import DaxSystem

/// One line of /proc/self/mountinfo (proc(5)).
package struct Mount: Hashable, Sendable {
    package var device: DeviceNumber
    /// Where it is mounted.
    package var directory: String
    /// `ext4`, `xfs`, ...
    package var type: String
    /// What was mounted, usually the path of a device.
    package var source: String
    /// The options of the mount, then those of the filesystem, as the kernel prints them.
    package var options: [String]

    /// `dax`, `dax=always`, `dax=inode`, ...: the option that puts files on DAX; nil where there is
    /// none, and for `dax=never`.
    package var daxOption: String? {
        options.first { $0 == "dax" || $0.hasPrefix("dax=") && $0 != "dax=never" }
    }

    /// From a line of mountinfo; nil for a line that is not one.
    package init?(_ line: Substring) {
        let fields = line.split(separator: " ", omittingEmptySubsequences: true)
        // 36 35 98:0 /root /mount/point rw,noatime shared:1 - ext4 /dev/pmem0 rw,dax=always
        guard fields.count >= 10, let device = DeviceNumber(fields[2]),
            let dash = fields[6...].firstIndex(of: "-"), fields.count > dash + 3
        else { return nil }
        self.device = device
        directory = Mount.unescaped(fields[4])
        type = Mount.unescaped(fields[dash + 1])
        source = Mount.unescaped(fields[dash + 2])
        options = (fields[5].split(separator: ",") + fields[dash + 3].split(separator: ","))
            .map { Mount.unescaped($0) }
    }

    /// All mounts that this process sees, in the order in which they were made.
    package static func all(_ roots: Roots = Roots()) throws(SystemError) -> [Mount] {
        try Files.text("\(roots.proc)/self/mountinfo").split(separator: "\n").compactMap {
            Mount($0)
        }
    }

    /// The kernel writes blank, tab, newline and backslash as three octal digits.
    static func unescaped(_ field: Substring) -> String {
        var bytes: [UInt8] = []
        let escaped = Array(field.utf8)
        var at = 0
        while at < escaped.count {
            if escaped[at] == UInt8(ascii: "\\"), at + 3 < escaped.count,
                let byte = UInt8(
                    String(decoding: escaped[at + 1...at + 3], as: UTF8.self), radix: 8)
            {
                bytes.append(byte)
                at += 4
            } else {
                bytes.append(escaped[at])
                at += 1
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
