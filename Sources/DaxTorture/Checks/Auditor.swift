package import DaxModel
package import DaxOperations
package import DaxSystem

/// Reads a file whole at a quiet point through one path and others, and compares (R8).
///
/// At each quiet point that is every path of this auditor's own and one actor's mapping, since reading a file
/// whole costs as much as some hundred operations and the actors' mappings are many; all of them at
/// the run's last quiet point; and all but the actors' mappings, which are gone by then, after the
/// filesystem was mounted again.
package final class Auditor {
    private let path: String
    /// The auditor's own view of the file.
    package let file: FileUnderTest
    private var ring: Ring
    /// Whether the file is on DAX: holes, counted blocks and times are checked there alone.
    package var isOnDAX: Bool { file.isOnDAX }
    private let comparison: MappingComparison

    /// Words compared so far, once for each path beyond the first.
    package var wordsCompared: UInt64 { comparison.wordsCompared }

    /// An auditor of `file`, whose own long mapping is one of the paths. What it reads goes to
    /// `reference`.
    package init(_ path: String, file: FileUnderTest, reference: SharedBuffer? = nil)
        throws(SystemError)
    {
        self.path = path
        self.file = file
        ring = try Ring(depth: 1)
        comparison = MappingComparison(
            with: reference ?? SharedBuffer(words: Int(file.limit / 8)))
    }

    /// The file's size now.
    package func size() throws(SystemError) -> UInt64 { try file.file.status().size }

    /// Makes the file end with a whole page, as a truncate of the harness's own; gives its
    /// interval.
    package func roundUp(to size: UInt64) throws(SystemError) -> Interval {
        let from = Clock.ticks()
        try file.file.truncate(to: size)
        return Interval(Timestamp(ticks: from), Timestamp(ticks: Clock.ticks()))
    }

    /// Reads all `size` bytes (whole pages) by read(2): what every other path is compared with.
    ///
    /// There is a word for each up to the file's limit; those beyond `size` are zero.
    package func read(size: UInt64) throws(SystemError) -> (
        words: ContiguousArray<UInt64>, [Finding]
    ) {
        let count = Int(size / 8)
        let reference = comparison.reference
        let n = try file.file.read(at: 0, count: count, into: &reference.buffer)
        let room = reference.buffer.count
        if count < room { reference.buffer.fill(count..<room, with: 0) }
        var words = ContiguousArray<UInt64>()
        words.reserveCapacity(room)
        reference.buffer.append(0..<room, to: &words)
        return (words, n == Int(size) ? [] : [short("read(2)", n, size)])
    }

    /// Compares with the latest `read`, which was of `size` bytes: an O_DIRECT read, one through
    /// io_uring, a mapping made for it, and the auditor's own, which is as old as the run; and, on
    /// DAX, what lseek(2) and statx(2) say of the file.
    package func compare(size: UInt64) throws(SystemError) -> [Finding] {
        let count = Int(size / 8)
        var findings: [Finding] = []
        try directRead(count, &findings)
        try ringRead(count, &findings)
        let fresh = try Mapping(file.file, offset: 0, bytes: Int(file.limit), sharing: .shared)
        comparison.compare(fresh, "a fresh mapping", count, &findings)
        comparison.compare(file.long, "the auditor's mapping", count, &findings)
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
        let reference = comparison.reference
        comparison.other.fill(0..<count, with: 0)
        guard
            let word = comparison.other.firstDifference(from: reference.buffer, in: 0..<count)
        else { return nil }
        comparison.other[0] = reference.buffer[word]
        try file.file.setTimes(seconds: StatusCheck.longAgo)
        // A shared block may have to be copied, and there may be no space.
        guard fresh.store(word, count: 1, from: comparison.other).fault == nil else { return nil }
        return StatusCheck.finding(
            modified: try file.file.status().modified, storedAt: UInt64(word) * 8)
    }

    /// Whether what lseek(2) says of holes and the end fits what the latest `read` found.
    private func checkHoles(_ size: UInt64) throws(SystemError) -> Finding? {
        comparison.other.fill(0..<Int(size / 8), with: 0)
        return try HoleCheck.finding(size: size) { words in
            comparison.other.firstDifference(from: comparison.reference.buffer, in: words)
        } seek: { (target, offset) throws(SystemError) in
            try file.file.seek(target, from: offset)
        }
    }

    /// Compares an actor's long mapping with the latest `read`, and looks beyond the end of file.
    package func compare(_ mapping: borrowing Mapping, of owner: String, size: UInt64) -> [Finding]
    {
        comparison.compare(mapping, of: owner, size: size)
    }

    /// Counts words that another process compared with the latest `read`.
    package func add(words: UInt64) { comparison.wordsCompared += words }

    private func directRead(_ count: Int, _ findings: inout [Finding]) throws(SystemError) {
        let direct = try File(path, .direct, readOnly: true)
        let n = try direct.read(at: 0, count: count, into: &comparison.other)
        if n != count * 8 { findings.append(short("an O_DIRECT read", n, UInt64(count) * 8)) }
        comparison.compare("an O_DIRECT read", n / 8, &findings)
    }

    private func ringRead(_ count: Int, _ findings: inout [Finding]) throws(SystemError) {
        guard count > 0 else { return }
        comparison.other.fill(0..<count, with: ~0)
        try ring.run(
            [.read(offset: 0, count: count, at: 0)], on: file.file, buffer: &comparison.other)
        if let error = ring.results[0].error { throw error }
        let n = Int(ring.results[0].value)
        if n != count * 8 { findings.append(short("an io_uring read", n, UInt64(count) * 8)) }
        comparison.compare("an io_uring read", n / 8, &findings)
    }

    private func short(_ name: String, _ n: Int, _ size: UInt64) -> Finding {
        Finding(
            rule: .size, file: "", offset: UInt64(max(n, 0)), expected: "\(size) bytes",
            observed: "\(n) bytes",
            story: "at the quiet point \(name) of a file of \(size) bytes returns \(n)",
            signature: Signature(
                rule: .size, seen: "a short read", relation: "\(name) at a quiet point"))
    }
}
