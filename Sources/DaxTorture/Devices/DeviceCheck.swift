internal import DaxHost
internal import DaxSystem
internal import DaxText
internal import Glibc

/// Whether a block device may be formatted.
package struct DeviceCheck: Sendable {
    private let roots: Roots
    private let kind: @Sendable (String) -> FileKind?
    private let open: @Sendable (String) throws(SystemError) -> HostFile

    package init(roots: Roots = Roots()) {
        self.init(roots: roots, kind: { Files.kind($0) }, open: DeviceCheck.openExclusively)
    }

    /// For tests: `kind` says what a path names, `open` opens it as ``openExclusively(_:)`` does.
    init(
        roots: Roots, kind: @escaping @Sendable (String) -> FileKind?,
        open: @escaping @Sendable (String) throws(SystemError) -> HostFile
    ) {
        self.roots = roots
        self.kind = kind
        self.open = open
    }

    /// The device at `path`, if it may be formatted, and held exclusively until it is. It is only read.
    ///
    /// It must be one that can be on DAX and that nothing uses, and every byte of it must be zero, which
    /// takes reading all of it; `progress` gets a line now and then. `format` is the user's word that
    /// what it holds may be destroyed: it stands for the blankness, and for nothing else.
    package func formattable(
        _ path: String, format: Bool, progress: (String) -> Void = { _ in }
    ) throws(DeviceRefusal) -> FormattableDevice {
        let number = try idle(path)
        let file = try opened(path)
        if !format {
            try refuseContents(of: file)
            try refuseData(of: file, progress)
        }
        return FormattableDevice(path, number, file, self, format: format)
    }

    /// What the device at `path` is doing, in a few words for a table. Only its ends are read.
    package func state(of path: String) -> String {
        do throws(DeviceRefusal) {
            _ = try idle(path)
            let file = try opened(path)
            try refuseContents(of: file)
            return "free, looks blank at both ends"
        } catch {
            return error.reason.description
        }
    }

    /// The number of a device that can be on DAX and that nothing uses, though somebody may have it open.
    func idle(_ path: String) throws(DeviceRefusal) -> DeviceNumber {
        guard let kind = kind(path) else { throw DeviceRefusal(path, .absent) }
        guard case .block(let number) = kind else { throw DeviceRefusal(path, .notBlock) }
        switch SysBlock(directory: "\(roots.sys)/dev/block/\(number)").isDAX {
        case .known(true): break
        case .known(false): throw DeviceRefusal(path, .notDAX)
        case .absent(let reason): throw DeviceRefusal(path, .unknownDAX(reason))
        }
        let found: DeviceRefusal.Reason?
        do throws(SystemError) { found = try use(of: path, number) } catch {
            throw DeviceRefusal(path, error)
        }
        if let found { throw DeviceRefusal(path, found) }
        return number
    }

    private func opened(_ path: String) throws(DeviceRefusal) -> HostFile {
        do throws(SystemError) { return try open(path) } catch { throw DeviceRefusal(path, error) }
    }

    /// Looks at both ends, where every format that has a name signs.
    func refuseContents(of file: borrowing HostFile) throws(DeviceRefusal) {
        let found: Contents
        do throws(SystemError) { found = try contents(of: file) } catch {
            throw DeviceRefusal(file.name, error)
        }
        if found != .blank { throw DeviceRefusal(file.name, .holds(found.description)) }
    }

    /// Reads all of it.
    private func refuseData(
        of file: borrowing HostFile, _ progress: (String) -> Void
    ) throws(DeviceRefusal) {
        let path = file.name
        let found: UInt64?
        do throws(SystemError) {
            found = try file.firstNonzero { done, size in
                let (done, size) = (ByteSize(bytes: done), ByteSize(bytes: size))
                progress("\(path): \(done) of \(size) read, blank so far")
            }
        } catch { throw DeviceRefusal(path, error) }
        if let found { throw DeviceRefusal(path, .holds("unknown data at byte \(found)")) }
    }

    /// What uses the device, though nobody may have it open.
    private func use(
        of path: String, _ number: DeviceNumber
    ) throws(SystemError) -> DeviceRefusal.Reason? {
        let block = SysBlock(directory: "\(roots.sys)/dev/block/\(number)")
        if let mount = try Mount.all(roots).first(where: {
            $0.device == number || isSame($0.source, path)
        }) {
            return .mounted(mount.directory)
        }
        if !block.partitions.isEmpty { return .partitioned(block.partitions) }
        if !block.holders.isEmpty { return .held(block.holders) }
        if try swaps().contains(where: { isSame($0, path) || kind($0) == .block(number) }) {
            return .swap
        }
        return nil
    }

    /// The files and devices that are swapped to (/proc/swaps, after its header).
    private func swaps() throws(SystemError) -> [String] {
        let path = "\(roots.proc)/swaps"
        // A kernel without swap has no such file.
        guard Files.exists(path) else { return [] }
        return try Files.text(path).split(separator: "\n").dropFirst().compactMap {
            $0.split(separator: " ").first.map { Mount.unescaped($0) }
        }
    }

    /// Whether two paths lead to one file; btrfs, for one, shows a device number of its own.
    private func isSame(_ a: String, _ b: String) -> Bool {
        if a == b { return true }
        guard a.hasPrefix("/"), let a = try? Files.canonical(a), let b = try? Files.canonical(b)
        else { return false }
        return a == b
    }

    private func contents(of file: borrowing HostFile) throws(SystemError) -> Contents {
        let size = UInt64(try file.size())
        let tail = min(size, UInt64(Contents.tailLength))
        return Contents(
            head: try file.read(at: 0, limit: Int(min(size, UInt64(Contents.headLength)))),
            tail: try file.read(at: Int(size - tail), limit: Int(tail)))
    }

    /// open(2) with O_EXCL, which on a block device fails with EBUSY while a mount, a swap, a
    /// stacked device or another careful opener holds it. Nothing is written.
    @Sendable
    static func openExclusively(_ path: String) throws(SystemError) -> HostFile {
        try HostFile(path, O_RDONLY | O_EXCL)
    }
}

extension Contents: CustomStringConvertible {
    var description: String {
        switch self {
        case .blank: "nothing"
        case .signature(let name): name
        case .unknownData: "unknown data"
        }
    }
}
