internal import CPMem2
internal import DaxSystem
internal import DaxText

/// An open file or device-DAX node as libpmem2 sees it.
///
/// Every question is answered by libpmem2 alone; where it has no answer, its own message is the
/// reason. It knows regular files and device DAX, and nothing of a bare block device. Safe, since
/// the handle is made and deleted here, and nothing else holds it.
@safe
struct PMem2Source: ~Copyable {
    private let file: HostFile
    private let source: OpaquePointer

    /// pmem2_source_from_fd(3); the descriptor stays open as long as the value.
    init(_ file: consuming HostFile) throws(PMem2Error) {
        var source: OpaquePointer?
        try check("pmem2_source_from_fd", unsafe pmem2_source_from_fd(&source, file.descriptor))
        unsafe self.source = source!
        self.file = file
    }

    deinit {
        var source: OpaquePointer? = unsafe source
        unsafe pmem2_source_delete(&source)
    }

    /// pmem2_source_size(3).
    var size: Answer<ByteSize> {
        answer { () throws(PMem2Error) in
            var size = 0
            try check("pmem2_source_size", unsafe pmem2_source_size(source, &size))
            return ByteSize(bytes: UInt64(size))
        }
    }

    /// pmem2_source_alignment(3): what offsets and lengths of mappings are multiples of.
    var alignment: Answer<ByteSize> {
        answer { () throws(PMem2Error) in
            var alignment = 0
            try check("pmem2_source_alignment", unsafe pmem2_source_alignment(source, &alignment))
            return ByteSize(bytes: UInt64(alignment))
        }
    }

    /// pmem2_source_numa_node(3).
    var numaNode: Answer<Int> {
        answer { () throws(PMem2Error) in
            var node: Int32 = 0
            try check("pmem2_source_numa_node", unsafe pmem2_source_numa_node(source, &node))
            return Int(node)
        }
    }

    /// pmem2_source_device_id(3): the unique ids of the NVDIMM modules behind it.
    var deviceID: Answer<String> {
        answer { () throws(PMem2Error) in try moduleIDs() }
    }

    /// pmem2_source_device_usc(3): how often those modules lost power before their caches were
    /// written back.
    ///
    /// Of no module at all, as behind memmap=, libpmem2 gives the sum, 0. That would read as a
    /// clean record, so it is no answer here.
    var unsafeShutdowns: Answer<UInt64> {
        answer { () throws(PMem2Error) in
            _ = try moduleIDs()
            var count: UInt64 = 0
            try check("pmem2_source_device_usc", unsafe pmem2_source_device_usc(source, &count))
            return count
        }
    }

    private func moduleIDs() throws(PMem2Error) -> String {
        var length = 0
        try check("pmem2_source_device_id", unsafe pmem2_source_device_id(source, nil, &length))
        var id = [CChar](repeating: 0, count: max(length, 1))
        try check("pmem2_source_device_id", unsafe pmem2_source_device_id(source, &id, &length))
        let text = String(
            decoding: id.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        if text.isEmpty {
            throw PMem2Error(description: "pmem2_source_device_id: no NVDIMM module is behind it")
        }
        return text
    }

    /// pmem2_badblock_context_new(3), pmem2_badblock_next(3).
    var badBlocks: Answer<[BadBlock]> {
        answer { () throws(PMem2Error) in
            var context: OpaquePointer?
            try check(
                "pmem2_badblock_context_new", unsafe pmem2_badblock_context_new(&context, source))
            defer { unsafe pmem2_badblock_context_delete(&context) }
            var blocks: [BadBlock] = []
            var block = pmem2_badblock()
            while true {
                let result = unsafe pmem2_badblock_next(context, &block)
                if result == PMem2Error.noMoreBadBlocks { return blocks }
                try check("pmem2_badblock_next", result)
                blocks.append(
                    BadBlock(
                        offset: UInt64(block.offset), length: ByteSize(bytes: UInt64(block.length)))
                )
            }
        }
    }

    /// The store granularity of a mapping of the first `length` bytes, which is made for the
    /// question and taken away again (pmem2_map_new(3), pmem2_map_get_store_granularity(3)).
    func storeGranularity(mapping length: UInt64) -> Answer<StoreGranularity> {
        answer { () throws(PMem2Error) in
            var config: OpaquePointer?
            try check("pmem2_config_new", unsafe pmem2_config_new(&config))
            defer { unsafe pmem2_config_delete(&config) }
            // Page is the coarsest: with it required, whatever there is will do.
            try check(
                "pmem2_config_set_required_store_granularity",
                unsafe pmem2_config_set_required_store_granularity(
                    config, PMEM2_GRANULARITY_PAGE))
            try check(
                "pmem2_config_set_length", unsafe pmem2_config_set_length(config, Int(length)))
            var map: OpaquePointer?
            try check("pmem2_map_new", unsafe pmem2_map_new(&map, config, source))
            defer { unsafe pmem2_map_delete(&map) }
            return StoreGranularity(unsafe pmem2_map_get_store_granularity(map))
        }
    }
}

private func answer<Value>(_ question: () throws(PMem2Error) -> Value) -> Answer<Value> {
    do {
        return .known(try question())
    } catch {
        return .absent(error.description)
    }
}
