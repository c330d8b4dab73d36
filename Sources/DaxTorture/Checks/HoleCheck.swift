import DaxModel
import DaxSystem
import Glibc

/// What lseek(2) says of a whole file at a quiet point, compared with what the file holds (R6).
enum HoleCheck {
    /// What is wrong first with the holes of a file of `size` bytes.
    ///
    /// - Parameters:
    ///   - stamped: the first word among those that is not zero.
    ///   - seek: lseek(2), which may throw ENXIO.
    static func finding(
        size: UInt64, stamped: (Range<Int>) -> Int?,
        seek: (SeekTarget, UInt64) throws(SystemError) -> UInt64
    ) throws(SystemError) -> Finding? {
        var at: UInt64 = 0
        while at < size {
            let data = try found(.data, at, seek) ?? size
            if data < at || data > size { return outside("SEEK_DATA", at, data, size) }
            if let word = stamped(Int(at / 8)..<Int(data / 8)) { return hole(at, data, word) }
            if data == size { break }
            guard let end = try found(.hole, data, seek) else {
                return outside("SEEK_HOLE", data, nil, size)
            }
            if end <= data || end > size { return outside("SEEK_HOLE", data, end, size) }
            at = end
        }
        guard let beyond = try found(.hole, size, seek) else { return nil }
        return outside("SEEK_HOLE", size, beyond, size)
    }

    /// Nil for ENXIO.
    private static func found(
        _ target: SeekTarget, _ offset: UInt64,
        _ seek: (SeekTarget, UInt64) throws(SystemError) -> UInt64
    ) throws(SystemError) -> UInt64? {
        do throws(SystemError) {
            return try seek(target, offset)
        } catch {
            guard error.code == ENXIO else { throw error }
            return nil
        }
    }

    private static func hole(_ from: UInt64, _ to: UInt64, _ word: Int) -> Finding {
        Finding(
            rule: .size, file: "", offset: UInt64(word) * 8, expected: "zero, or data",
            observed: "a hole",
            story:
                "at the quiet point lseek(2) reports a hole from offset \(from) to \(to), and "
                + "read(2) finds a word there that is not zero, at offset \(word * 8)")
    }

    private static func outside(
        _ call: String, _ from: UInt64, _ found: UInt64?, _ size: UInt64
    ) -> Finding {
        let told = found.map { "offset \($0)" } ?? "ENXIO"
        return Finding(
            rule: .size, file: "", offset: from,
            expected: from < size ? "an offset behind \(from), \(size) at most" : "ENXIO",
            observed: told,
            story:
                "at the quiet point lseek(2) with \(call) from offset \(from) on gives \(told), "
                + "in a file of \(size) bytes",
            signature: Signature(
                rule: .size, seen: found == nil ? "ENXIO" : "a wrong offset", observer: call))
    }
}
