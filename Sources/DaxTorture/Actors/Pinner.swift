import DaxModel
public import DaxOperations
import DaxSystem

/// placeholder
public struct Pinner: Actor {
    let settings: ActorSettings

    public init(_ settings: ActorSettings) { self.settings = settings }

    public mutating func step(_ hand: Hand) {
        let file = hand.anyFile()
        Self.pin(hand, file, hand.words(hand.range(settings, in: file)).lowerBound)
    }

    /// The longest that a page is held, in nanoseconds: truncates and punches of the file wait.
    private static let longest: UInt64 = 4_000_000

    /// Pins up to 64 words from `word` on, within its page, for a while.
    static func pin(_ hand: Hand, _ file: FileUnderTest, _ word: UInt64) {
        let edge = (word / UInt64(Page.words) + 1) * UInt64(Page.words)
        let words = word..<min(edge, word + hand.random.within(1...64))
        hand.pin(
            file, words, for: hand.random.below(longest), unmap: hand.random.chance(1, in: 3))
    }
}
