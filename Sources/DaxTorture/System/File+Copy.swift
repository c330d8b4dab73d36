import CSystem
import Glibc

/// Copies between files. Offsets and lengths are bytes.
extension File {
    /// Shares `length` bytes of `source` from `from` on with this file, at `offset`
    /// (FICLONERANGE): EOPNOTSUPP where the filesystem cannot.
    public func clone(
        offset: UInt64, length: UInt64, from source: borrowing File, at from: UInt64
    ) throws(SystemError) {
        if csystem_clone_range(descriptor, source.descriptor, from, length, offset) != 0 {
            throw .last("FICLONERANGE", target: path)
        }
    }

    /// Copies up to `length` bytes of `source` from `from` on (copy_file_range(2)); how many were.
    public func copy(
        offset: UInt64, length: UInt64, from source: borrowing File, at from: UInt64
    ) throws(SystemError) -> Int {
        let n = csystem_copy_range(descriptor, source.descriptor, from, length, offset)
        if n < 0 { throw .last("copy_file_range", target: path) }
        return Int(n)
    }

    /// Shares `length` bytes with `source` from `from` on if both hold the same (FIDEDUPERANGE);
    /// how many are shared now, 0 where they differ.
    public func dedupe(
        offset: UInt64, length: UInt64, with source: borrowing File, at from: UInt64
    ) throws(SystemError) -> Int {
        let n = csystem_dedupe_range(descriptor, source.descriptor, from, length, offset)
        if n < 0 { throw .last("FIDEDUPERANGE", target: path) }
        return Int(n)
    }
}
