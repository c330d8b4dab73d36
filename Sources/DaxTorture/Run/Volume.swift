import DaxConfig
import DaxDevices
import DaxHost
import DaxMachine
import DaxReport
import DaxSystem
import Glibc

/// The filesystem under test on its device.
struct Volume {
    let config: FilesystemConfig
    let device: String
    let mountPoint: String

    /// Fills the device with what names it (`DeviceFill`), and makes the filesystem (mkfs) on `free`,
    /// which is its device and is given up right before. Neither tool discards blocks, nor leaves
    /// metadata to be zeroed when it is mounted: what is not of the filesystem stays filled.
    ///
    /// Both tools are told of 2 MiB stripes, as the kernel's documentation of DAX advises: only
    /// an extent that is aligned so can be mapped by a PMD.
    /// - Parameter fills: whether the device is filled first; nil is given where it is not.
    @discardableResult
    func make(on free: consuming FormattableDevice, fills: Bool = true) throws -> DeviceFill? {
        precondition(free.path == device, "what was found free is another device")
        guard let tool = ChildProcess.find(arguments[0]) else {
            throw RunError.untested("\(arguments[0]) is not installed")
        }
        try free.release()
        let fill = fills ? try DeviceFill(device) : nil
        let result = try ChildProcess.run([tool] + arguments.dropFirst(), seconds: 120)
        guard result.exit == .exited(0) else {
            throw RunError.untested("\(arguments[0]) failed: \(result.error)")
        }
        if config.exchange { try setExchange(true) }
        return fill
    }

    private var arguments: [String] {
        var options = MkfsOptions()
        let command: [String]
        switch config.type {
        case .ext4:
            command = ["mke2fs", "-q", "-F", "-t", "ext4"]
            options.add("b", ["4096"])
            options.add(
                "E",
                [
                    "stride=512", "stripe_width=512", "nodiscard", "lazy_itable_init=0",
                    "lazy_journal_init=0",
                ])
        case .xfs:
            command = ["mkfs.xfs", "-q", "-f", "-K"]
            options.add("m", ["reflink=\(config.reflink ? 1 : 0)"])
            options.add("d", ["su=2m", "sw=1", "extszinherit=512"])
            if isSmall { options.add("d", ["agcount=2"]) }
        }
        for option in config.mkfsOptions.options { options.add(option.letter, option.values) }
        return command + options.arguments + [device]
    }

    /// Whether a quarter of the device, as mkfs.xfs makes groups of, has no room for the least log (64 MiB)
    /// beside what else is in it.
    private var isSmall: Bool {
        let size = try? HostFile.reading(device).size()
        return size.map { $0 < 576 << 20 } ?? false
    }

    /// What a report says of it. Both tools tell their version, one on stderr.
    var facts: VolumeFacts {
        let version = ChildProcess.find(arguments[0]).flatMap {
            try? ChildProcess.run([$0, "-V"], seconds: 10)
        }.map { String(decoding: $0.output, as: UTF8.self) + $0.error }
        let line = version?.split(separator: "\n").first.map(String.init)
        return VolumeFacts(
            mkfs: arguments.joined(separator: " "), tool: line ?? "",
            mount: "-t \(type) -o \(options)")
    }

    private var type: String { config.type == .ext4 ? "ext4" : "xfs" }
    private var options: String {
        (["dax=\(config.dax.rawValue)"] + config.mountOptions).joined(separator: ",")
    }

    /// Mounts it with the DAX mode of the config; a kernel that cannot do DAX refuses `always`.
    ///
    /// A kernel that does not know how to exchange ranges refuses a filesystem that is made for it, and
    /// gets one that is not.
    func mount() throws {
        do { try mountAsIs() } catch  where config.exchange {
            try setExchange(false)
            try mountAsIs()
        }
        if config.type == .ext4 && !config.zeroout { try keepUnwritten() }
    }

    /// Has ext4 make written what is written to, and none of its neighbours.
    private func keepUnwritten() throws {
        let name = (try? Files.canonical(device)).flatMap { $0.split(separator: "/").last } ?? ""
        let path = "/sys/fs/ext4/\(name)/extent_max_zeroout_kb"
        do { try Files.write(Array("0".utf8), to: path) } catch {
            throw RunError.untested("\(error); fs.zeroout = true does without")
        }
    }

    private func mountAsIs() throws {
        do {
            try Filesystem.mount(device, on: mountPoint, type: type, options: options)
        } catch {
            throw RunError.untested("cannot mount \(device) with -o \(options): \(error)")
        }
    }

    /// What the checker in its reading mode (e2fsck -fn, xfs_repair -n) finds wrong with the
    /// unmounted filesystem; nil if nothing.
    ///
    /// Throws where the checker itself could not do its work: that says nothing of the filesystem.
    func complaint() throws -> String? {
        // xfs_repair 6.1 refuses what it does not know, and nothing on the medium needs it now.
        if config.exchange { try setExchange(false) }
        // The status by which each says "errors": e2fsck(8) 4, xfs_repair(8) 1.
        let (arguments, errors): ([String], Int32) =
            switch config.type {
            case .ext4: (["e2fsck", "-f", "-n", device], 4)
            case .xfs: (["xfs_repair", "-n", device], 1)
            }
        guard let tool = ChildProcess.find(arguments[0]) else {
            throw RunError.untested("\(arguments[0]) is not installed")
        }
        let result = try ChildProcess.run([tool] + arguments.dropFirst(), seconds: 300)
        switch result.exit {
        case .exited(0): return nil
        case .exited(errors): return String(decoding: result.output, as: UTF8.self) + result.error
        case let exit:
            throw RunError.untested(
                "\(arguments[0]) ended with \(exit.map { "\($0)" } ?? "no answer in 300 s")")
        }
    }

    /// Makes the unmounted filesystem one whose files can exchange ranges, or cannot: mkfs.xfs knows
    /// how only since xfsprogs 6.10.
    private func setExchange(_ isOn: Bool) throws {
        do throws(SystemError) {
            let file = try HostFile.updating(device)
            guard var superblock = XFSSuperblock(try file.read(limit: XFSSuperblock.most)) else {
                throw SystemError("superblock", code: EUCLEAN, target: device)
            }
            if isOn {
                superblock.features.insert(.exchangeRange)
            } else {
                superblock.features.remove(.exchangeRange)
            }
            try file.write(superblock.bytes.span)
            try file.sync()
        } catch {
            throw RunError.untested("\(device) cannot be set up for exchange range: \(error)")
        }
    }

    /// Bytes that are free on the mounted filesystem.
    func freeBytes() throws -> UInt64 { try Filesystem.freeBytes(mountPoint) }

    /// `lazily` as in ``Filesystem/unmount(_:lazily:)``.
    func unmount(lazily: Bool = false) throws {
        try Filesystem.unmount(mountPoint, lazily: lazily)
    }
}
