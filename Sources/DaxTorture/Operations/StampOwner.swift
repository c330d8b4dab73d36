package import DaxModel

/// The owner of a stamp that was found where it does not belong: the actor, its operation, and the
/// word of a file under test that the stamp was made for.
package typealias StampOwner = (
    actor: ActorNumber, sequence: UInt32, file: FileNumber, word: UInt64
)

extension StampKey {
    /// The owner of the stamp `value`, if it was made for one of the first `words` words of one of
    /// `files` files under test; nil where that cannot be told. Of a large file a few other words
    /// fit by chance: the first that fits is named.
    package func stampOwner(of value: UInt64, files: Int, words: UInt64) -> StampOwner? {
        let stamp = Stamp(rawValue: value)
        guard stamp.actor != .harness, stamp.actor != .canary else { return nil }
        for file in (0..<files).map(FileNumber.init(index:)) {
            for word in 0..<words where verify(stamp, file: file, word: word) {
                return (stamp.actor, stamp.sequence, file, word)
            }
        }
        return nil
    }
}
