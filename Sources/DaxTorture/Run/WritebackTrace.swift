import DaxModel
import DaxOracle
import DaxSystem

/// Which pages of the files under test the kernel wrote back, and when (tracepoint
/// fs_dax:dax_writeback_one, which comes after the flush of each entry of a mapping).
struct WritebackTrace {
    private let instance: TraceInstance
    /// When each thread of the kernel's own wrote back last.
    private var last: [Substring: Timestamp] = [:]
    /// Inode number to the file's place among those under test.
    private let files: [UInt64: Int]

    /// What the kernel wrote back since the last call.
    struct Flushes {
        /// For each file, by its place.
        var byFile: [[Flush]]
        /// Some events were overwritten before they were read.
        var isIncomplete = false
    }

    /// One of them.
    struct Flush {
        var pages: Range<UInt64>
        var at: Timestamp
        /// Of a thread of the kernel's own, when it wrote something else back before, or the beginning
        /// of time; nil of all others.
        var since: Timestamp?
    }

    /// Traces the files with these inode numbers.
    init(inodes: [UInt64]) throws(SystemError) {
        files = Dictionary(inodes.enumerated().map { ($1, $0) }) { first, _ in first }
        instance = try TraceInstance(
            "daxtorture", event: "fs_dax/dax_writeback_one",
            filter: inodes.map { "ino == \($0)" }.joined(separator: " || "), kilobytes: 4096)
    }

    mutating func flushes() -> Flushes {
        var flushes = Flushes(byFile: Array(repeating: [], count: files.count))
        for line in instance.lines() {
            if let event = WritebackTrace.parse(line) {
                guard let file = files[event.inode] else { continue }
                var since: Timestamp?
                if let thread = event.kernelThread {
                    since = last[thread] ?? Timestamp(ticks: 0)
                    last[thread] = event.at
                }
                flushes.byFile[file].append(Flush(pages: event.pages, at: event.at, since: since))
            } else if line.hasPrefix("CPU:") {
                // "CPU:1 [LOST 12 EVENTS]"
                flushes.isIncomplete = true
            }
        }
        return flushes
    }

    struct Event {
        var inode: UInt64
        var pages: Range<UInt64>
        var at: Timestamp
        /// The name and number of the task if it is one of the kernel's own: of writeback, or of
        /// ext4's journal.
        var kernelThread: Substring?
    }

    /// One event:
    /// `task-123 [000] ..... 4567890: dax_writeback_one: dev 259:0 ino 0xc pgoff 0x3 pglen 0x1`.
    static func parse(_ line: Substring) -> Event? {
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
        let task = words[0]
        let isKernel = task.hasPrefix("kworker/") || task.hasPrefix("jbd2/")
        return Event(
            inode: inode, pages: first..<first + count, at: Timestamp(ticks: time),
            kernelThread: isKernel ? task : nil)
    }
}
