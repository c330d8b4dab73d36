internal import DaxSystem
internal import DaxText

/// What sysfs says of one block device: the answers that libpmem2 has not.
struct SysBlock {
    /// The device's sysfs directory: `/sys/block/pmem0` or `/sys/dev/block/259:0`.
    let directory: String

    /// Capacity (`size`, which counts 512 bytes whatever the sector size).
    var size: Answer<ByteSize> {
        attribute("size") { UInt64($0).map { ByteSize(bytes: $0 * 512) } }
    }

    /// The namespace's alignment (`device/align`).
    var alignment: Answer<ByteSize> {
        attribute("device/align") { text in
            UInt64(text).flatMap { $0 > 0 ? ByteSize(bytes: $0) : nil }
        }
    }

    /// The node that the memory belongs to (`device/numa_node`); the kernel writes -1 for none.
    var numaNode: Answer<Int> {
        attribute("device/numa_node") { text in Int(text).flatMap { $0 >= 0 ? $0 : nil } }
    }

    /// What the kernel knows to be unreadable (`badblocks`: sector and count, a line each).
    var badBlocks: Answer<[BadBlock]> {
        attribute("badblocks") { text in
            var blocks: [BadBlock] = []
            for line in text.split(separator: "\n") {
                let fields = line.split(separator: " ").compactMap { UInt64($0) }
                guard fields.count == 2 else { return nil }
                blocks.append(
                    BadBlock(offset: fields[0] * 512, length: ByteSize(bytes: fields[1] * 512)))
            }
            return blocks
        }
    }

    /// Whether a filesystem on the device can be on DAX (`queue/dax`; a partition has its disk's).
    var isDAX: Answer<Bool> {
        attribute(isPartition ? "../queue/dax" : "queue/dax") { text in
            ["0": false, "1": true][text]
        }
    }

    private var isPartition: Bool { Files.exists("\(directory)/partition") }

    /// The physical addresses of the device's bytes: `device/resource`, which is where the data of
    /// a namespace begin, behind its superblock and its page map if it has them there. Root alone
    /// reads it.
    ///
    /// A partition's are those of its disk from `start` on, which counts 512 bytes.
    var memory: Answer<Range<UInt64>> {
        let base = attribute(isPartition ? "../device/resource" : "device/resource") { text in
            text.hasPrefix("0x") ? UInt64(text.dropFirst(2), radix: 16) : nil
        }
        let start = isPartition ? attribute("start") { UInt64($0) } : .known(0)
        switch (base, start, size) {
        case (.known(let base), .known(let start), .known(let size)):
            guard base > 0 else { return .absent("\(directory) does not say where its memory is") }
            return .known(base + start * 512..<base + start * 512 + size.bytes)
        case (.absent(let reason), _, _), (_, .absent(let reason), _), (_, _, .absent(let reason)):
            return .absent(reason)
        }
    }

    /// The names of the device's partitions: subdirectories that have a `partition`.
    var partitions: [String] {
        entries("").filter { Files.exists("\(directory)/\($0)/partition") }
    }

    /// The devices that are built on this one (`holders`): `dm-0`, `md127`, ...
    var holders: [String] { entries("/holders") }

    private func entries(_ inner: String) -> [String] {
        (try? Files.names(in: directory + inner)) ?? []
    }

    private func attribute<Value>(_ name: String, _ parse: (String) -> Value?) -> Answer<Value> {
        let path = "\(directory)/\(name)"
        do {
            var text = try Files.text(path)
            while text.last?.isWhitespace == true { text.removeLast() }
            return parse(text).map { .known($0) }
                ?? .absent("\(path) says \"\(Layout.oneLine(text))\"")
        } catch {
            return .absent(error.description)
        }
    }
}
