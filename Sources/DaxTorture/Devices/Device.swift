public import DaxText

/// A range of a device that cannot be read.
public struct BadBlock: Hashable, Sendable {
    /// Bytes from the start of the device, or of the file on it.
    public var offset: UInt64
    public var length: ByteSize

    public init(offset: UInt64, length: ByteSize) {
        self.offset = offset
        self.length = length
    }
}

/// A pmem device or DAX mount, and what could be learnt of it.
public struct Device: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable {
        /// A block device that a filesystem can be put on with `-o dax`.
        case fsdax
        /// A character device that is mapped directly.
        case devdax
        /// A mounted filesystem with a dax option.
        case mount
    }

    /// `/dev/pmem0`, or the directory of a mount.
    public var path: String
    public var kind: Kind
    /// What it is busy with: `mounted on /mnt`, `partitioned`; or what a mount consists of.
    public var use: String
    public var size: Answer<ByteSize>
    public var alignment: Answer<ByteSize>
    public var numaNode: Answer<Int>
    public var deviceID: Answer<String>
    public var unsafeShutdowns: Answer<UInt64>
    public var badBlocks: Answer<[BadBlock]>
    public var granularity: Answer<StoreGranularity>

    /// A device of which nothing could be learnt, for one reason.
    public init(path: String, kind: Kind, use: String, unknown reason: String) {
        self.path = path
        self.kind = kind
        self.use = use
        size = .absent(reason)
        alignment = .absent(reason)
        numaNode = .absent(reason)
        deviceID = .absent(reason)
        unsafeShutdowns = .absent(reason)
        badBlocks = .absent(reason)
        granularity = .absent(reason)
    }
}
