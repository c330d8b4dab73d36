package import DaxModel
package import DaxSystem

/// One actor's own view of a file under test: a descriptor and mappings that nobody else has.
///
/// The long mapping is made once and outlives every shrink and punch of the run: through it a
/// stale page shows. The short one is thrown away and made anew, and so faults from nothing.
package final class FileUnderTest {
    package let number: FileNumber
    package private(set) var file: File
    /// The largest size the run gives the file, in bytes; what the mappings cover.
    package let limit: UInt64
    package let long: Mapping
    /// How what is stored is made durable without a system call.
    package let flush: Flush
    package private(set) var short: Mapping
    /// A private mapping: stores to it copy the page, and stay here.
    package let copies: Mapping
    /// Whether the short mapping is a MAP_SYNC one.
    package private(set) var isSynchronous = false
    /// Whether the file was on DAX when it was opened first.
    package let isOnDAX: Bool
    /// Whether the file can be mapped by MAP_SYNC, and may: the page cache has none, and plain
    /// mappings stand in.
    private let allowsMapSync: Bool

    /// Opens and maps `path`, whose size will not exceed `limit` bytes. PMDs can map the long
    /// mapping, which is a MAP_SYNC one if `synchronous` and the file is on DAX. Without `mapSync` no
    /// mapping is ever one.
    package init(
        _ path: String, number: FileNumber, limit: UInt64, synchronous: Bool = false,
        mapSync: Bool = true, flush: Flush = .ofLines
    ) throws(SystemError) {
        self.number = number
        self.limit = limit
        self.flush = flush
        file = try File(path)
        isOnDAX = try file.status().isDAX
        allowsMapSync = mapSync && isOnDAX
        long = try Mapping(
            file, offset: 0, bytes: Int(limit),
            sharing: synchronous && allowsMapSync ? .synchronous : .shared,
            placement: .shifted(pages: 0))
        short = try Mapping(file, offset: 0, bytes: Int(limit), sharing: .shared)
        copies = try Mapping(file, offset: 0, bytes: Int(limit), sharing: .copied)
    }

    /// Maps the file anew, with MAP_SYNC if `synchronous` and that is allowed, and unmaps the short
    /// mapping that was.
    package func remap(synchronous: Bool, placement: Placement) throws(SystemError) {
        let waits = synchronous && allowsMapSync
        short = try Mapping(
            file, offset: 0, bytes: Int(limit), sharing: waits ? .synchronous : .shared,
            placement: placement)
        isSynchronous = waits
    }

    /// Opens the file anew and closes the descriptor that was. A mapping keeps the one that it was made
    /// by: what release does, happens when the short mapping has been made anew, too.
    package func reopen() throws(SystemError) { file = try File(file.path) }

    /// Moves the short mapping to another address, page-table entries and all.
    package func moveShort(to placement: Placement) throws(SystemError) {
        try short.move(to: placement)
    }

    /// Cuts the last `words` words off the short mapping and maps them again.
    package func regrowShort(by words: Int) throws(SystemError) { try short.regrow(by: words) }

    /// The largest size in pages.
    package var pages: UInt64 { limit / UInt64(Page.bytes) }
}
