import DaxModel
import DaxOracle
import DaxSystem

/// Which pages of the files under test the kernel wrote back, and when (tracepoint
/// fs_dax:dax_writeback_one, which comes after the flush of each entry of a mapping).
struct WritebackTrace {
    private let instance: TraceInstance
    /// Inode number to the file's place among those under test.
    private let files: [UInt64: Int]

    /// What the kernel wrote back since the last call.
    struct Flushes {
        /// For each file, by its place.
        var byFile: [[(pages: Range<UInt64>, at: Timestamp)]]
        /// Some events were overwritten before they were read.
        var isIncomplete = false
    }

    /// Traces the files with these inode numbers.
    init(inodes: [UInt64]) throws(SystemError) {
        files = Dictionary(inodes.enumerated().map { ($1, $0) }) { first, _ in first }
        instance = try TraceInstance(
            "daxtorture", event: "fs_dax/dax_writeback_one",
            filter: inodes.map { "ino == \($0)" }.joined(separator: " || "), kilobytes: 4096)
    }

    func flushes() -> Flushes {
        var flushes = Flushes(byFile: Array(repeating: [], count: files.count))
        for line in instance.lines() {
            if let event = WritebackTrace.parse(line) {
                guard let file = files[event.inode] else { continue }
                flushes.byFile[file].append((event.pages, event.at))
            } else if line.hasPrefix("CPU:") {
                // "CPU:1 [LOST 12 EVENTS]"
                flushes.isIncomplete = true
            }
        }
        return flushes
    }

    /// One event:
    /// `task-123 [000] ..... 4567890: dax_writeback_one: dev 259:0 ino 0xc pgoff 0x3 pglen 0x1`.
    static func parse(_ line: Substring) -> (inode: UInt64, pages: Range<UInt64>, at: Timestamp)? {
        let words = line.split(separator: " ")
        guard let name = words.firstIndex(of: "dax_writeback_one:"), name > 0,
            let time = UInt64(words[name - 1].dropLast())
        else { return nil }
        func number(after key: Substring) -> UInt64? {
            guard let at = words[name...].firstIndex(of: key), at + 1 < words.count else {
                return nil
            }
            let digits = words[at + 1]
            return digits.hasPrefix("0x")
                ? UInt64(digits.dropFirst(2), radix: 16) : UInt64(digits)
        }
        guard let inode = number(after: "ino"), let first = number(after: "pgoff"),
            let count = number(after: "pglen")
        else { return nil }
        return (inode, first..<first + count, Timestamp(ticks: time))
    }
}
