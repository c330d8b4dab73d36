import DaxModel
import DaxSystem

/// Accesses to an actor's private mapping (MAP_PRIVATE), whose copies live for one epoch.
extension Hand {
    /// Pages that an actor may copy in an epoch: they are ordinary memory.
    public static let copiesLimit = 2048

    /// Whether another private store is within the limit.
    public var mayCopy: Bool { copiesLeft > 1 }

    /// Stores stamps into `count` words (a page's at most) of the private copy of `file` from `word`
    /// on: the page is copied if it was not before. The stamps are never in the file itself.
    public func privateStore(_ file: FileUnderTest, word: UInt64, count: Int) {
        let sequence = stamp(word..<word + UInt64(count), of: file)
        copiesLeft -= 2
        announce(.privateStore, file.number, word: word, count: count)
        let from = Clock.ticks()
        let result = file.copies.store(Int(word), count: count, from: buffer)
        let to = Clock.ticks()
        noteAccess(.privateStore, file, from, to, word, count, result, sequence)
    }

    /// Loads `count` words from `word` on through the private mapping of `file`.
    public func privateLoad(_ file: FileUnderTest, word: UInt64, count: Int) {
        announce(.privateLoad, file.number, word: word, count: count)
        let from = Clock.ticks()
        let result = file.copies.load(Int(word), count: count, into: &buffer)
        let to = Clock.ticks()
        noteLoad(.privateLoad, file, from, to, word, count, result)
    }

    /// Throws all private copies away.
    package func dropCopies() {
        copiesLeft = Hand.copiesLimit
        do throws(SystemError) {
            for file in files { try file.copies.forget(0..<file.copies.count) }
        } catch { trouble = error }
    }
}
