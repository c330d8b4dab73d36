import Glibc

/// What lseek(2) looks for.
package enum SeekTarget: Sendable {
    /// SEEK_DATA: what is not in a hole.
    case data
    /// SEEK_HOLE: a hole, or the end of file.
    case hole
}

extension File {
    /// The first offset at or behind `offset`, in bytes, at which that is (lseek(2)).
    ///
    /// Throws ENXIO where `offset` is at the end of file or beyond, or where no data follow. It moves
    /// the descriptor's own position, which nothing else here uses.
    package func seek(_ target: SeekTarget, from offset: UInt64) throws(SystemError) -> UInt64 {
        let found = lseek(descriptor, Int(offset), target == .data ? SEEK_DATA : SEEK_HOLE)
        if found < 0 { throw .last("lseek", target: path) }
        return UInt64(found)
    }
}
