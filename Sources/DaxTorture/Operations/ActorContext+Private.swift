import DaxModel
import DaxSystem

/// Accesses to an actor's private mapping (MAP_PRIVATE), whose copies live for one epoch.
extension ActorContext {
    /// Pages that an actor may copy in an epoch: they are ordinary memory.
    package static let copiesLimit = 2048

    /// Whether another private store is within the limit.
    package var mayCopy: Bool { copiesLeft > 1 }

    /// Stores stamps into `count` words (a page's at most) of the private copy of `file` from `word`
    /// on: the page is copied if it was not before. The stamps are never in the file itself.
    package func privateStore(_ file: FileUnderTest, word: UInt64, count: Int) {
        let sequence = stamp(word..<word + UInt64(count), of: file)
        copiesLeft -= 2
        announce(.privateStore, file.number, word: word, count: count)
        let (interval, result) = timed {
            file.copies.store(Int(word), count: count, from: buffer)
        }
        logAccess(.privateStore, file, interval, word, count, result, sequence)
    }

    /// Loads `count` words from `word` on through the private mapping of `file`.
    package func privateLoad(_ file: FileUnderTest, word: UInt64, count: Int) {
        announce(.privateLoad, file.number, word: word, count: count)
        let (interval, result) = timed {
            file.copies.load(Int(word), count: count, into: &buffer)
        }
        logLoad(.privateLoad, file, interval, word, count, result)
    }

    /// Throws all private copies away.
    package func dropCopies() {
        copiesLeft = ActorContext.copiesLimit
        do throws(SystemError) {
            for file in files { try file.copies.dontNeed(0..<file.copies.count) }
        } catch { trouble = error }
    }
}
