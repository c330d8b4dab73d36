import DaxHost
import DaxModel
import DaxOracle
import DaxSystem

/// Which pages of the files under test the kernel wrote back, and when (tracepoint
/// fs_dax:dax_writeback_one, which comes after the flush of each entry of a mapping).
struct WritebackTrace {
    private let instance: TraceInstance
    /// When each thread of the kernel's own wrote back last.
    private var last: [[UInt8]: Timestamp] = [:]
    /// Inode number to the file's place among those under test.
    private let files: [UInt64: Int]

    /// What the kernel wrote back since the last call.
    struct Flushes {
        /// The flushes of each file, by its place among those under test.
        var byFile: [[Flush]]
        /// Some events were overwritten before they were read.
        var isIncomplete = false
    }

    /// One writeback of pages of a file.
    struct Flush {
        var pages: Range<PageNumber>
        var at: Timestamp
        /// When the thread of the kernel's own that did it had written something else back before,
        /// or the beginning of time; nil if another task did it.
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
        for line in instance.text().split(separator: UInt8(ascii: "\n")) {
            if let event = WritebackTrace.parse(line) {
                guard let file = files[event.inode] else { continue }
                var since: Timestamp?
                if let thread = event.kernelThread.map(Array.init) {
                    since = last[thread] ?? Timestamp(ticks: 0)
                    last[thread] = event.at
                }
                flushes.byFile[file].append(Flush(pages: event.pages, at: event.at, since: since))
            } else if line.starts(with: "CPU:".utf8) {
                // "CPU:1 [LOST 12 EVENTS]"
                flushes.isIncomplete = true
            }
        }
        return flushes
    }

    struct Event {
        var inode: UInt64
        var pages: Range<PageNumber>
        var at: Timestamp
        /// The name and number of the task if it is one of the kernel's own: of writeback, or of
        /// ext4's journal.
        var kernelThread: ArraySlice<UInt8>?
    }

    /// One event:
    /// `task-123 [000] ..... 4567890: dax_writeback_one: dev 259:0 ino 0xc pgoff 0x3 pglen 0x1`.
    ///
    /// An epoch has tens of thousands, and the guest's instructions are the actors' time: bytes are
    /// compared in place, where a String for each word took a tenth of them.
    static func parse(_ line: ArraySlice<UInt8>) -> Event? {
        var words = TraceWords(rest: line)
        guard let task = words.next() else { return nil }
        var time: ArraySlice<UInt8> = []
        while let word = words.next(), !word.elementsEqual("dax_writeback_one:".utf8) {
            time = word
        }
        guard time.last == UInt8(ascii: ":"), let ticks = TraceWords.number(time.dropLast()),
            let inode = words.number(after: "ino"),
            let first = words.number(after: "pgoff").map(PageNumber.init(rawValue:)),
            let count = words.number(after: "pglen")
        else { return nil }
        let isKernel = task.starts(with: "kworker/".utf8) || task.starts(with: "jbd2/".utf8)
        return Event(
            inode: inode, pages: first..<first + count, at: Timestamp(ticks: ticks),
            kernelThread: isKernel ? task : nil)
    }
}

/// The words of one line of a trace, from left to right.
private struct TraceWords {
    var rest: ArraySlice<UInt8>

    mutating func next() -> ArraySlice<UInt8>? {
        rest = rest.drop { $0 == UInt8(ascii: " ") }
        let word = rest.prefix { $0 != UInt8(ascii: " ") }
        rest = rest[word.endIndex...]
        return word.isEmpty ? nil : word
    }

    /// The number in the word that follows the next word `key`.
    mutating func number(after key: String) -> UInt64? {
        while let word = next() {
            if word.elementsEqual(key.utf8) { return next().flatMap(TraceWords.number) }
        }
        return nil
    }

    /// A number as the kernel prints it: decimal, or hexadecimal behind 0x.
    static func number(_ word: ArraySlice<UInt8>) -> UInt64? {
        let isHexadecimal = word.starts(with: "0x".utf8)
        let digits = isHexadecimal ? word.dropFirst(2) : word
        guard !digits.isEmpty, digits.count <= 20 else { return nil }
        var value: UInt64 = 0
        for digit in digits {
            let decimal = digit &- UInt8(ascii: "0")
            let letter = (digit | 0x20) &- UInt8(ascii: "a")
            let figure: UInt8
            if decimal < 10 {
                figure = decimal
            } else if isHexadecimal && letter < 6 {
                figure = letter + 10
            } else {
                return nil
            }
            let (product, overflows) = value.multipliedReportingOverflow(
                by: isHexadecimal ? 16 : 10)
            let (sum, carries) = product.addingReportingOverflow(UInt64(figure))
            if overflows || carries { return nil }
            value = sum
        }
        return value
    }
}
