internal import DaxSystem
internal import Glibc

/// Whether a block device may be formatted.
public struct DeviceCheck: Sendable {
    private let roots: Roots
    private let kind: @Sendable (String) -> FileKind?
    private let open: @Sendable (String) throws(SystemError) -> ByteFile

    public init(roots: Roots = Roots()) {
        self.init(roots: roots, kind: { Files.kind($0) }, open: DeviceCheck.openExclusively)
    }

    /// For tests: `kind` says what a path names, `open` opens it as ``openExclusively(_:)`` does.
    init(
        roots: Roots, kind: @escaping @Sendable (String) -> FileKind?,
        open: @escaping @Sendable (String) throws(SystemError) -> ByteFile
    ) {
        self.roots = roots
        self.kind = kind
        self.open = open
    }

    /// Why `path` may not be formatted; nil when it may.
    ///
    /// `format` is the user's word that what it holds may be destroyed. It does not count for a
    /// device that anything uses.
    public func refusal(of path: String, format: Bool) -> DeviceRefusal? {
        guard let kind = kind(path) else { return DeviceRefusal(path, .absent) }
        guard case .block(let number) = kind else { return DeviceRefusal(path, .notBlock) }
        do {
            if let use = try use(of: path, number) { return DeviceRefusal(path, use) }
            let contents = try contents(of: path)
            if format || contents == .blank { return nil }
            return DeviceRefusal(path, .holds(contents.description))
        } catch {
            let isBusy = error.code == EBUSY
            return DeviceRefusal(path, isBusy ? .busy : .unreadable(error.description))
        }
    }

    /// What the device at `path` is doing, in a few words for a table.
    public func state(of path: String) -> String {
        refusal(of: path, format: false)?.reason.description ?? "free"
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

    private func contents(of path: String) throws(SystemError) -> Contents {
        let file = try open(path)
        let size = try file.size()
        let tail = min(size, UInt64(Contents.tailLength))
        return Contents(
            head: try file.read(count: Int(min(size, UInt64(Contents.headLength))), at: 0),
            tail: try file.read(count: Int(tail), at: size - tail))
    }

    /// open(2) with O_EXCL, which on a block device fails with EBUSY while a mount, a swap, a
    /// stacked device or another careful opener holds it. Nothing is written.
    @Sendable
    static func openExclusively(_ path: String) throws(SystemError) -> ByteFile {
        try ByteFile(path, O_RDONLY | O_EXCL)
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

/// Why a device may not be formatted.
public struct DeviceRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Reason: Hashable, Sendable, CustomStringConvertible {
        case absent
        case notBlock
        /// On that directory.
        case mounted(String)
        /// Into those.
        case partitioned([String])
        /// By those devices.
        case held([String])
        case swap
        /// Somebody has it open exclusively.
        case busy
        /// A filesystem or other data; the user's word for formatting lifts this one alone.
        case holds(String)
        case unreadable(String)

        public var description: String {
            switch self {
            case .absent: "absent"
            case .notBlock: "not a block device"
            case .mounted(let directory): "mounted on \(directory)"
            case .partitioned(let names): "partitioned (\(names.joined(separator: ", ")))"
            case .held(let names): "held by \(names.joined(separator: ", "))"
            case .swap: "used as swap"
            case .busy: "opened exclusively by someone else"
            case .holds(let contents): "holds \(contents)"
            case .unreadable(let reason): "not readable (\(reason))"
            }
        }
    }

    public var path: String
    public var reason: Reason

    init(_ path: String, _ reason: Reason) {
        self.path = path
        self.reason = reason
    }

    /// One line for the user.
    public var description: String {
        guard case .holds = reason else { return "device \(path): \(reason)" }
        return "device \(path): \(reason); --format says that it may be destroyed"
    }
}
