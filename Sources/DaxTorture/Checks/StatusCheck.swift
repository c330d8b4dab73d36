import DaxModel
import DaxSystem

/// What statx(2) says of a file at a quiet point, beside its size, compared with what was done to it (R6).
enum StatusCheck {
    /// Seconds since 1970 that no clock shows.
    static let longAgo: Int64 = 1

    /// Fewer blocks than FIEMAP names: `counted` are bytes, asked for before the extents, since a
    /// filesystem may give some back by itself.
    static func finding(counted: UInt64, extents: [Extent]) -> Finding? {
        let mapped = extents.filter {
            $0.flags.isDisjoint(with: [.unknown, .delayed, .encoded])
        }.reduce(0) { $0 + $1.length }
        guard mapped > counted else { return nil }
        return Finding(
            rule: .size, file: "", offset: 0, expected: "\(mapped) bytes of blocks or more",
            observed: "\(counted) bytes",
            story: "at the quiet point statx(2) counts blocks of \(counted) bytes, and "
                + "FS_IOC_FIEMAP names extents of \(mapped)",
            signature: Signature(rule: .size, seen: "fewer blocks than extents"))
    }

    /// A file whose time of modification, in seconds, is still the one that was set before a store
    /// through a mapping, at byte `offset`, had to fault.
    static func finding(modified: Int64, storedAt offset: UInt64) -> Finding? {
        guard modified == longAgo else { return nil }
        return Finding(
            rule: .size, file: "", offset: offset, expected: "a time of modification of now",
            observed: "\(modified) s after 1970",
            story:
                "at the quiet point a store through a fresh mapping at offset \(offset) leaves "
                + "the time of modification as utimensat(2) had set it",
            signature: Signature(rule: .size, seen: "an old time of modification"))
    }
}
