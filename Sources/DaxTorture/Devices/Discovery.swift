package import DaxSystem
internal import DaxText
internal import Glibc

extension Device {
    /// The physical addresses of the bytes of the pmem block device, or of the partition of one, that
    /// has this number.
    package static func memory(
        of number: DeviceNumber, _ roots: Roots = Roots()
    ) -> Answer<Range<UInt64>> {
        SysBlock(directory: "\(roots.sys)/dev/block/\(number)").memory
    }

    /// Every pmem block device, device-DAX node and DAX mount of this machine, in that order.
    ///
    /// libpmem2 is asked first. Where it has no answer, sysfs is; where that has none either, the
    /// answer is both reasons. Throws only if the table of mounts cannot be read.
    package static func all(_ roots: Roots = Roots()) throws(SystemError) -> [Device] {
        let blocks = names("\(roots.sys)/block", prefix: "pmem").map { fsdax($0, roots) }
        let nodes = names("\(roots.sys)/bus/dax/devices", prefix: "dax").map { devdax($0, roots) }
        let mounts = try Mount.all(roots).filter { $0.daxOption != nil }.map { mount($0, roots) }
        return blocks + nodes + mounts
    }

    private static func names(_ directory: String, prefix: String) -> [String] {
        ((try? Files.names(in: directory)) ?? []).filter { $0.hasPrefix(prefix) }
    }

    private static func fsdax(_ name: String, _ roots: Roots) -> Device {
        let path = "\(roots.dev)/\(name)"
        let use = DeviceCheck(roots: roots).state(of: path)
        var device = asked(path, .fsdax, use) { () throws(SystemError) in
            try HostFile(path, O_RDONLY)
        }
        device.complete(from: SysBlock(directory: "\(roots.sys)/block/\(name)"))
        return device
    }

    private static func devdax(_ name: String, _ roots: Roots) -> Device {
        let path = "\(roots.dev)/\(name)"
        return asked(path, .devdax, "mapped directly") { () throws(SystemError) in
            try HostFile(path, O_RDWR)
        }
    }

    /// A mount is asked through a file without a name (O_TMPFILE): libpmem2 knows no directories,
    /// and nothing that a user can see is made.
    private static func mount(_ mount: Mount, _ roots: Roots) -> Device {
        let use = "\(mount.type) on \(mount.source), \(mount.daxOption ?? "")"
        var device = asked(mount.directory, .mount, use) { () throws(SystemError) in
            // O_TMPFILE is a macro that Swift does not import.
            let tmpfile: Int32 = 0o20_000_000 | O_DIRECTORY
            let file = try HostFile(mount.directory, tmpfile | O_RDWR)
            if ftruncate(file.descriptor, Int(probeLength)) != 0 {
                throw .last("ftruncate", target: mount.directory)
            }
            return file
        }
        device.size = capacity(mount.directory)
        // The probe has no blocks and so no bad ones: those of the device are what is asked for.
        device.badBlocks = .absent("libpmem2 answers for single files only")
        device.complete(from: SysBlock(directory: "\(roots.sys)/dev/block/\(mount.device)"))
        return device
    }

    /// How much is mapped to learn the store granularity: a whole huge page, since device DAX
    /// maps no less.
    private static let probeLength: UInt64 = 2 << 20

    /// A device as libpmem2 describes the file that `open` gives.
    private static func asked(
        _ path: String, _ kind: Kind, _ use: String, open: () throws(SystemError) -> HostFile
    ) -> Device {
        let file: HostFile
        do {
            file = try open()
        } catch {
            return Device(path: path, kind: kind, use: use, unknown: error.description)
        }
        do {
            let source = try PMem2Source(file)
            var device = Device(path: path, kind: kind, use: use, unknown: "")
            device.size = source.size
            device.alignment = source.alignment
            device.numaNode = source.numaNode
            device.deviceID = source.deviceID
            device.unsafeShutdowns = source.unsafeShutdowns
            device.badBlocks = source.badBlocks
            let length = max(probeLength, device.alignment.value?.bytes ?? 0)
            device.granularity = source.storeGranularity(mapping: length)
            return device
        } catch {
            return Device(path: path, kind: kind, use: use, unknown: error.description)
        }
    }

    /// Takes from sysfs what is still missing.
    private mutating func complete(from block: SysBlock) {
        size = size.or(block.size)
        alignment = alignment.or(block.alignment)
        numaNode = numaNode.or(block.numaNode)
        badBlocks = badBlocks.or(block.badBlocks)
    }

    /// A filesystem's size (statvfs(3)).
    private static func capacity(_ directory: String) -> Answer<ByteSize> {
        var status = statvfs()
        guard unsafe statvfs(directory, &status) == 0 else {
            return .absent(SystemError.last("statvfs", target: directory).description)
        }
        return .known(ByteSize(bytes: UInt64(status.f_blocks) * UInt64(status.f_frsize)))
    }
}
