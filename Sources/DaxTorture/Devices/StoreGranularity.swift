internal import CPMem2
internal import DaxSystem
internal import Glibc

/// How much of the memory around a store has to be flushed before the store outlives a power
/// failure (libpmem2(7), "granularity").
package enum StoreGranularity: String, CaseIterable, Hashable, Sendable {
    /// Caches are written back by the platform (eADR): a fence is enough.
    case byte
    /// Cache lines have to be flushed.
    case cacheLine = "cache line"
    /// The page cache or the filesystem is in between: msync(2).
    case page

    /// The store granularity of a file on this machine, by a mapping of its first `length` bytes
    /// that is made for the question; the file is at least that long and may be read and written. A
    /// reason where libpmem2 has no answer.
    package static func ofFile(_ path: String, length: UInt64) -> Answer<StoreGranularity> {
        do {
            let source = try PMem2Source(HostFile(path, O_RDWR))
            return source.storeGranularity(mapping: length)
        } catch {
            return .absent("\(error)")
        }
    }

    init(_ granularity: pmem2_granularity) {
        switch granularity {
        case PMEM2_GRANULARITY_BYTE: self = .byte
        case PMEM2_GRANULARITY_CACHE_LINE: self = .cacheLine
        default: self = .page
        }
    }

    var raw: pmem2_granularity {
        switch self {
        case .byte: PMEM2_GRANULARITY_BYTE
        case .cacheLine: PMEM2_GRANULARITY_CACHE_LINE
        case .page: PMEM2_GRANULARITY_PAGE
        }
    }
}
