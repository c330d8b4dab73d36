package import DaxModel
package import DaxOperations
package import DaxSystem
import Glibc

/// Files that nobody touches after they were written (R9).
///
/// They are made at quiet points, so that they lie in blocks which punches and truncates freed
/// just before. A store through a mapping that should have been taken away lands in one of them:
/// then it no longer holds the stamps that it was given, but somebody else's.
package final class Canaries {
    /// A canary that changed.
    package struct Change: Sendable {
        package var file: String
        /// Where in the canary file, in bytes.
        package var offset: UInt64
        package var expected: UInt64
        package var observed: UInt64
        /// The owner of the stamp that was found, with the word of the file under test that it was
        /// made for, where that can be told.
        package var stampOwner: StampOwner?
    }

    private struct Canary {
        let name: String
        let number: FileNumber
    }

    private let directory: String
    private let key: StampKey
    private let filesUnderTest: Int
    private let wordsUnderTest: UInt64
    private var alive: [Canary] = []
    private var planted: UInt32 = 0
    private var written: Buffer
    private var found: Buffer

    /// How many canaries are kept; the oldest makes room for the next.
    private static let kept = 8
    /// Words of each canary: 256 KiB, many small extents if the free space is in pieces.
    private static let words = 32768

    /// Canaries in `directory`, beside `files` files under test of at most `words` words each.
    package init(directory: String, key: StampKey, files: Int, words: UInt64) {
        self.directory = directory
        self.key = key
        filesUnderTest = files
        wordsUnderTest = words
        written = Buffer(words: Canaries.words)
        found = Buffer(words: Canaries.words)
    }

    /// Words that one `check` reads.
    package var words: UInt64 { UInt64(alive.count * Canaries.words) }

    /// Makes one more canary, on the medium when this returns; none where there is no space.
    package func plant() throws(SystemError) {
        if alive.count == Canaries.kept { try Files.remove(path(alive.removeFirst())) }
        planted += 1
        // Numbers beyond those of files under test: the same stamp fits no word of theirs.
        let canary = Canary(
            name: "canary\(planted)", number: .canary(planted))
        fill(canary)
        do throws(SystemError) {
            let file = try File(path(canary), [.create, .exclusive])
            alive.append(canary)
            let n = try file.write(at: 0, count: Canaries.words, from: written)
            // A write ends short where the space does.
            guard n == Canaries.words * 8 else {
                throw SystemError("pwrite", code: ENOSPC, target: path(canary))
            }
            try file.sync()
        } catch {
            guard error.code == ENOSPC else { throw error }
            if alive.last?.number == canary.number { try Files.remove(path(alive.removeLast())) }
        }
    }

    /// Reads all canaries, and gives the first word of each that is not as it was written.
    ///
    /// - Parameter place: another directory in which they are, too.
    package func check(in place: String? = nil) throws(SystemError) -> [Change] {
        var changes: [Change] = []
        for canary in alive {
            fill(canary)
            found.fill(0..<Canaries.words, with: 0)
            let file = try File("\(place ?? directory)/\(canary.name)", readOnly: true)
            _ = try file.read(at: 0, count: Canaries.words, into: &found)
            guard let word = found.firstDifference(from: written, in: 0..<Canaries.words) else {
                continue
            }
            changes.append(
                Change(
                    file: canary.name, offset: UInt64(word) * 8, expected: written[word],
                    observed: found[word],
                    stampOwner: key.stampOwner(
                        of: found[word], files: filesUnderTest, words: wordsUnderTest)))
        }
        return changes
    }

    /// Removes all canaries.
    package func clear() {
        for canary in alive { try? Files.remove(path(canary)) }
        alive = []
    }

    private func path(_ canary: Canary) -> String { "\(directory)/\(canary.name)" }

    private func fill(_ canary: Canary) {
        for word in 0..<Canaries.words {
            written[word] =
                key.stamp(
                    actor: .canary, sequence: 1, file: canary.number, word: UInt64(word)
                ).rawValue
        }
    }
}
