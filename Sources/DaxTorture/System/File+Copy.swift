import CSystem
import Glibc

/// Copies between files. Offsets and lengths are bytes.
extension File {
    /// Shares `length` bytes of `source` from `from` on with this file, at `offset`
    /// (FICLONERANGE): EOPNOTSUPP where the filesystem cannot.
    package func clone(
        offset: UInt64, length: UInt64, from source: borrowing File, at from: UInt64
    ) throws(SystemError) {
        if csystem_clone_range(descriptor, source.descriptor, from, length, offset) != 0 {
            throw .last("FICLONERANGE", target: path)
        }
    }

    /// Copies up to `length` bytes of `source` from `from` on (copy_file_range(2)); how many were.
    package func copy(
        offset: UInt64, length: UInt64, from source: borrowing File, at from: UInt64
    ) throws(SystemError) -> Int {
        let n = csystem_copy_range(descriptor, source.descriptor, from, length, offset)
        if n < 0 { throw .last("copy_file_range", target: path) }
        return Int(n)
    }

    /// Shares `length` bytes with `source` from `from` on if both hold the same (FIDEDUPERANGE);
    /// how many are shared now, 0 where they differ.
    package func dedupe(
        offset: UInt64, length: UInt64, with source: borrowing File, at from: UInt64
    ) throws(SystemError) -> Int {
        let n = csystem_dedupe_range(descriptor, source.descriptor, from, length, offset)
        if n < 0 { throw .last("FIDEDUPERANGE", target: path) }
        return Int(n)
    }
}

/// Exchanging ranges. Offsets and lengths are bytes.
extension File {
    /// Exchanges `length` bytes from `offset` on with as many of `other` from `start` on, all or
    /// nothing (XFS_IOC_EXCHANGE_RANGE).
    ///
    /// EINVAL where they are not whole blocks, reach beyond the end of either file or overlap; ENOTTY
    /// where the kernel does not know the call (before Linux 6.10), EOPNOTSUPP where the filesystem
    /// was not made for it.
    package func exchange(
        offset: UInt64, length: UInt64, with other: borrowing File, at start: UInt64,
        _ flags: ExchangeFlags = []
    ) throws(SystemError) {
        try checkedErrno(
            csystem_exchange_range(
                descriptor, other.descriptor, offset, length, start, flags.rawValue),
            "XFS_IOC_EXCHANGE_RANGE", path)
    }
}

/// Flags of XFS_IOC_EXCHANGE_RANGE.
package struct ExchangeFlags: OptionSet, Sendable {
    package let rawValue: UInt64
    package init(rawValue: UInt64) { self.rawValue = rawValue }
    /// The exchange is on the medium when the call returns (XFS_EXCHANGE_RANGE_DSYNC).
    package static let durable = ExchangeFlags(rawValue: 1 << 1)
    /// All but the exchange itself (XFS_EXCHANGE_RANGE_DRY_RUN).
    package static let dryRun = ExchangeFlags(rawValue: 1 << 2)
}
