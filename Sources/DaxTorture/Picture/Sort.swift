/// What operations are told apart by in a picture: colour, hatching and a name.
package enum Sort: String, CaseIterable, Hashable, Sendable {
    case store, load, write, read, copy, zeroing, size, sync, mapping, other

    /// The sort of a kind of operation by its name in reports; `other` for one of a later version.
    ///
    /// Names and not `OperationKind`s, since an episode is read from a file. A private store is a load,
    /// for the file: it copies a page of it.
    package init(kind: String) { self = Sort.kinds[kind] ?? .other }

    /// The kinds that have a sort of their own, `other` included.
    package static let kinds: [String: Sort] = [
        "store": .store, "fault write": .store, "store vectors": .store, "store string": .store,
        "child store": .store, "own store": .store,
        "load": .load, "fault": .load, "child load": .load, "private load": .load,
        "private store": .load, "splice pin": .load, "unmapped splice pin": .load,
        "private splice pin": .load, "own load": .load, "recycled pin": .load,
        "shifted load": .load, "load under punch": .load, "poisoned load": .load,
        "write": .write, "pwrite": .write, "direct write": .write, "sync write": .write,
        "fixed write": .write, "recycled write": .write, "poison rewrite": .write,
        "read": .read, "pread": .read, "direct read": .read, "fixed read": .read,
        "seek data": .read, "seek hole": .read, "recycled read": .read, "poisoned read": .read,
        "write from mapping": .copy, "read into mapping": .copy, "copy_file_range": .copy,
        "clone range": .copy, "dedupe range": .copy, "exchange range": .copy,
        "punch": .zeroing, "zero range": .zeroing, "poison punch": .zeroing,
        "truncate": .size, "allocate": .size, "allocate keep size": .size,
        "unshare range": .size, "collapse range": .size, "insert range": .size,
        "fsync": .sync, "msync": .sync, "sync_file_range": .sync, "syncfs": .sync,
        "persist": .sync,
        "madvise": .mapping, "mmap": .mapping, "mmap misaligned": .mapping, "mprotect": .mapping,
        "mremap": .mapping, "reopen": .mapping, "populate": .mapping, "populate write": .mapping,
        "create": .other, "rename": .other, "link": .other, "unlink": .other, "fill": .other,
        "drain": .other, "freeze": .other, "thaw": .other, "remount": .other,
        "drop caches": .other, "dax flag": .other, "memory failure": .other, "bad block": .other,
    ]

    /// What the legend says.
    var title: String {
        switch self {
        case .store: "store through a mapping"
        case .load: "load through a mapping"
        case .write: "write by a call"
        case .read: "read by a call"
        case .copy: "copy, clone, exchange"
        case .zeroing: "punch, zero range"
        case .size: "truncate, allocate, shift"
        case .sync: "writing back"
        case .mapping: "mapping, descriptor"
        case .other: "filesystem, other"
        }
    }
}
