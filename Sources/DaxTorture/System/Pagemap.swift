import Glibc

/// What this process's mappings reach, page by page (/proc/self/pagemap).
///
/// Without CAP_SYS_ADMIN the kernel gives 0 for each page frame.
package final class Pagemap: Sendable {
    private static let path = "/proc/self/pagemap"
    private let file: Int32

    /// Throws open(2)'s errno.
    package init() throws(SystemError) {
        file = try checkedErrno(
            unsafe open(Pagemap.path, O_RDONLY | O_CLOEXEC), "open", Pagemap.path)
    }

    deinit { close(file) }

    /// The page frame behind each page of `mapping`; nil for one that no page-table entry maps.
    package func frames(of mapping: borrowing Mapping) throws(SystemError) -> [UInt64?] {
        let pages = mapping.count / 512
        let first = unsafe Int(bitPattern: mapping.base) / 4096
        var entries = [UInt64](repeating: 0, count: pages)
        var done = 0
        while done < pages {
            let bytes = (pages - done) * 8
            let count = unsafe entries.withUnsafeMutableBytes {
                unsafe pread(file, $0.baseAddress! + done * 8, bytes, (first + done) * 8)
            }
            if count < 0 && errno == EINTR { continue }
            try checkedErrno(count, "pread", Pagemap.path)
            guard count > 0 else {
                throw SystemError("pread", code: EFAULT, target: Pagemap.path)
            }
            done += count / 8
        }
        return entries.map(Pagemap.frame)
    }

    /// The frame in an entry: bits 0 to 54, if bit 63 says that the page is present.
    static func frame(_ entry: UInt64) -> UInt64? {
        entry >> 63 == 0 ? nil : entry & (1 << 55 - 1)
    }
}
