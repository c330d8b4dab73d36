internal import CPMem2

/// The way to make stores into one existing mapping durable, chosen by libpmem2 for the store
/// granularity of what is mapped (pmem2_map_from_existing(3)).
///
/// For byte and cache-line granularity only. At page granularity msync(2) is what counts, and
/// libpmem2 1.12 calls it with length 0, for ever, on a mapping that it did not make itself
/// (it steps by the mapping's reserved length, which is 0 then).
///
/// Its calls touch the mapping unguarded: cache-line flushes fault as loads do, so they are for
/// ranges that nobody truncates or punches meanwhile. Where somebody may, ``StoreGranularity`` says
/// what a guarded flush has to do.
@safe
package struct Persistence: ~Copyable {
    package let granularity: StoreGranularity
    private let map: OpaquePointer
    private let range: Range<UInt>
    private let persistFunction: pmem2_persist_fn
    private let flushFunction: pmem2_flush_fn
    private let drainFunction: pmem2_drain_fn

    /// - Parameters:
    ///   - address: The mapping's first byte; it stays mapped for as long as the value lives.
    ///   - length: In bytes; no other Persistence covers any of it.
    ///   - descriptor: The mapped file; it may be closed afterwards.
    ///   - granularity: What libpmem2 found for that file (``StoreGranularity/ofFile(_:length:)``).
    /// - Throws: ``PMem2Error`` with libpmem2's reason, or for page granularity.
    @unsafe
    package init(
        of address: UnsafeMutableRawPointer, length: Int, file descriptor: Int32,
        granularity: StoreGranularity
    ) throws(PMem2Error) {
        guard granularity != .page else {
            throw PMem2Error(description: "page granularity: msync(2) makes stores durable")
        }
        var source: OpaquePointer?
        try check("pmem2_source_from_fd", unsafe pmem2_source_from_fd(&source, descriptor))
        defer { unsafe pmem2_source_delete(&source) }
        var map: OpaquePointer?
        try check(
            "pmem2_map_from_existing",
            unsafe pmem2_map_from_existing(&map, source, address, length, granularity.raw))
        unsafe self.map = map!
        self.granularity = granularity
        range = UInt(bitPattern: address)..<UInt(bitPattern: address) + UInt(length)
        unsafe persistFunction = pmem2_get_persist_fn(map)
        unsafe flushFunction = pmem2_get_flush_fn(map)
        unsafe drainFunction = pmem2_get_drain_fn(map)
    }

    /// libpmem2 forgets the mapping, which itself stays.
    deinit {
        var map: OpaquePointer? = unsafe map
        unsafe pmem2_map_delete(&map)
    }

    /// Makes the stores into a range durable before it returns (pmem2_get_persist_fn(3)).
    @unsafe
    package func persist(_ address: UnsafeRawPointer, _ length: Int) {
        unsafe checkRange(address, length)
        unsafe persistFunction(address, length)
    }

    /// Starts to make the stores into a range durable (pmem2_get_flush_fn(3)); ``drain()`` waits.
    @unsafe
    package func flush(_ address: UnsafeRawPointer, _ length: Int) {
        unsafe checkRange(address, length)
        unsafe flushFunction(address, length)
    }

    /// Waits for all that was flushed by this thread (pmem2_get_drain_fn(3)).
    package func drain() { drainFunction() }

    private func checkRange(_ address: UnsafeRawPointer, _ length: Int) {
        let start = UInt(bitPattern: address)
        precondition(
            length >= 0 && start >= range.lowerBound && start <= range.upperBound
                && UInt(length) <= range.upperBound - start,
            "a flush outside its mapping")
    }
}
