package import DaxText

/// A range of a device that cannot be read.
package struct BadBlock: Hashable, Sendable {
    /// Bytes from the start of the device, or of the file on it.
    package var offset: UInt64
    package var length: ByteSize

    package init(offset: UInt64, length: ByteSize) {
        self.offset = offset
        self.length = length
    }
}

/// A pmem device or DAX mount, and what could be learnt of it.
package struct Device: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        /// A block device that a filesystem can be put on with `-o dax`.
        case fsdax
        /// A character device that is mapped directly.
        case devdax
        /// A mounted filesystem with a dax option.
        case mount
    }

    /// `/dev/pmem0`, or the directory of a mount.
    package var path: String
    package var kind: Kind
    /// What it is busy with: `mounted on /mnt`, `partitioned`; or what a mount consists of.
    package var use: String
    package var size: Answer<ByteSize>
    package var alignment: Answer<ByteSize>
    package var numaNode: Answer<Int>
    package var deviceID: Answer<String>
    package var unsafeShutdowns: Answer<UInt64>
    package var badBlocks: Answer<[BadBlock]>
    package var granularity: Answer<StoreGranularity>

    /// A device of which nothing could be learnt, for one reason.
    package init(path: String, kind: Kind, use: String, unknown reason: String) {
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
