public import DaxModel
import DaxOracle
public import DaxSystem

/// Reads a file whole at a quiet point through one path and others, and compares (R8).
///
/// At each quiet point that is every path of this auditor's own and one actor's mapping, since reading a file
/// whole costs as much as some hundred operations and the actors' mappings are many; all of them at
/// the run's last quiet point; and all but the actors' mappings, which are gone by then, after the
/// filesystem was mounted again.
public final class Auditor {
    /// Two paths that disagree on a word, or a path that did not come through.
    public struct Finding: Hashable, Sendable {
        /// R8 for disagreement; R5 for a SIGBUS within the file, or none beyond its end.
        public var rule: String
        /// In bytes.
        public var offset: UInt64
        public var expected: String
        public var observed: String
        public var sentence: String
    }

    private let path: String
    /// Its own view of the file.
    public let file: FileUnderTest
    private var ring: Ring
    /// lseek(2) is asked on DAX alone.
    public var isOnDAX: Bool { file.isOnDAX }
    private var reference: Buffer
    private var other: Buffer
    /// Words compared so far, once for each path beyond the first.
    public private(set) var wordsCompared: UInt64 = 0

    /// An auditor of `file`, whose own long mapping is one of the paths.
    public init(_ path: String, file: FileUnderTest) throws(SystemError) {
        self.path = path
        self.file = file
        ring = try Ring(depth: 1)
        reference = Buffer(words: Int(file.limit / 8))
        other = Buffer(words: Int(file.limit / 8))
    }

    /// The file's size now.
    public func size() throws(SystemError) -> UInt64 { try file.file.status().size }

    /// Makes the file end with a whole page, as a truncate of the harness's own; the interval.
    public func roundUp(to size: UInt64) throws(SystemError) -> Interval {
        let from = Clock.ticks()
        try file.file.truncate(to: size)
        return Interval(Timestamp(ticks: from), Timestamp(ticks: Clock.ticks()))
    }

    /// Reads all `size` bytes (whole pages) by read(2): what every other path is compared with.
    ///
    /// There is a word for each up to the file's limit; those beyond `size` are zero.
    public func read(size: UInt64) throws(SystemError) -> (
        words: ContiguousArray<UInt64>, [Finding]
    ) {
        let count = Int(size / 8)
        let n = try file.file.read(at: 0, count: count, into: &reference)
        if count < reference.count { reference.fill(count..<reference.count, with: 0) }
        var words = ContiguousArray<UInt64>()
        words.reserveCapacity(reference.count)
        reference.append(0..<reference.count, to: &words)
        return (words, n == Int(size) ? [] : [short("read(2)", n, size)])
    }

    /// Compares with the latest `read`, which was of `size` bytes: an O_DIRECT read, one through
    /// io_uring, a mapping made for it, and the auditor's own, which is as old as the run; and what
    /// lseek(2) and statx(2) say of it.
    public func compare(size: UInt64) throws(SystemError) -> [Finding] {
        let count = Int(size / 8)
        var findings: [Finding] = []
        try directRead(count, &findings)
        try ringRead(count, &findings)
        let fresh = try Mapping(file.file, offset: 0, bytes: Int(file.limit), sharing: .shared)
        compare(fresh, "a fresh mapping", count, &findings)
        compare(file.long, "the auditor's mapping", count, &findings)
        if isOnDAX {
            try findings += [checkHoles(size), checkBlocks(), checkTime(fresh, count)]
                .compactMap(\.self)
        }
        return findings
    }

    /// Whether all blocks that the file has are counted.
    private func checkBlocks() throws(SystemError) -> Finding? {
        let counted = try file.file.status().blocks * 512
        return StatusCheck.finding(counted: counted, extents: try file.file.extents())
    }

    /// Whether a store through `fresh`, which nobody has stored through, changes the time of
    /// modification. It stores what is there, where there is something, and so a block.
    private func checkTime(_ fresh: borrowing Mapping, _ count: Int) throws(SystemError) -> Finding?
    {
        other.fill(0..<count, with: 0)
        guard let word = other.firstDifference(from: reference, in: 0..<count) else { return nil }
        other[0] = reference[word]
        try file.file.setTimes(seconds: StatusCheck.longAgo)
        // A shared block may have to be copied, and there may be no space.
        guard fresh.store(word, count: 1, from: other).fault == nil else { return nil }
        return StatusCheck.finding(
            modified: try file.file.status().modified, storedAt: UInt64(word) * 8)
    }

    /// Whether what lseek(2) says of holes and the end fits what the latest `read` found.
    private func checkHoles(_ size: UInt64) throws(SystemError) -> Finding? {
        other.fill(0..<Int(size / 8), with: 0)
        return try HoleCheck.finding(size: size) { words in
            other.firstDifference(from: reference, in: words)
        } seek: { (target, offset) throws(SystemError) in
            try file.file.seek(target, from: offset)
        }
    }

    /// Compares an actor's long mapping with the latest `read`, and looks beyond the end of file.
    public func compare(_ mapping: borrowing Mapping, of owner: String, size: UInt64) -> [Finding] {
        var findings: [Finding] = []
        compare(mapping, "\(owner)'s mapping", Int(size / 8), &findings)
        for word in stride(from: Int(size / 8), to: mapping.count, by: Page.words) {
            let result = mapping.load(word, count: 1, into: &other)
            if result.fault != nil { continue }
            findings.append(
                Finding(
                    rule: "R5", offset: UInt64(word) * 8, expected: "SIGBUS",
                    observed: "\(hex(other[0])) and no SIGBUS",
                    sentence:
                        "at the quiet point \(owner)'s mapping still reaches a page at offset "
                        + "\(word * 8), beyond the end of file at \(size)"))
        }
        return findings
    }

    private func directRead(_ count: Int, _ findings: inout [Finding]) throws(SystemError) {
        let direct = try File(path, .direct, readOnly: true)
        let n = try direct.read(at: 0, count: count, into: &other)
        if n != count * 8 { findings.append(short("an O_DIRECT read", n, UInt64(count) * 8)) }
        compare("an O_DIRECT read", n / 8, &findings)
    }

    private func ringRead(_ count: Int, _ findings: inout [Finding]) throws(SystemError) {
        guard count > 0 else { return }
        other.fill(0..<count, with: ~0)
        try ring.run(
            [.read(offset: 0, count: count, at: 0)], on: file.file, buffer: &other)
        if let error = ring.results[0].error { throw error }
        let n = Int(ring.results[0].value)
        if n != count * 8 { findings.append(short("an io_uring read", n, UInt64(count) * 8)) }
        compare("an io_uring read", n / 8, &findings)
    }

    private func compare(
        _ mapping: borrowing Mapping, _ name: String, _ count: Int, _ findings: inout [Finding]
    ) {
        let result = mapping.load(0, count: count, into: &other)
        if let fault = result.fault {
            findings.append(
                Finding(
                    rule: "R5", offset: UInt64(result.done) * 8, expected: "no SIGBUS",
                    observed: "signal \(fault.signal), si_code \(fault.code)",
                    sentence:
                        "at the quiet point \(name) takes a signal at offset \(result.done * 8), "
                        + "within the file of \(count * 8) bytes"))
        }
        compare(name, result.done, &findings)
    }

    private func compare(_ name: String, _ count: Int, _ findings: inout [Finding]) {
        wordsCompared += UInt64(count)
        guard let word = other.firstDifference(from: reference, in: 0..<count) else { return }
        findings.append(
            Finding(
                rule: "R8", offset: UInt64(word) * 8, expected: hex(reference[word]),
                observed: hex(other[word]),
                sentence:
                    "at the quiet point read(2) finds \(hex(reference[word])) at offset "
                    + "\(word * 8), and \(name) finds \(hex(other[word]))"))
    }

    private func short(_ name: String, _ n: Int, _ size: UInt64) -> Finding {
        Finding(
            rule: "R6", offset: UInt64(max(n, 0)), expected: "\(size) bytes",
            observed: "\(n) bytes",
            sentence: "at the quiet point \(name) of a file of \(size) bytes returns \(n)")
    }
}

/// A word as reports print it.
public func hex(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return "0x" + String(repeating: "0", count: 16 - digits.count) + digits
}
