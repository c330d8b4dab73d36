import DaxModel
public import DaxOperations
public import DaxSystem
import Synchronization

/// What the actors of an epoch see of their controller: one flag, which they only read until the
/// epoch is over, and a counter each, which nobody else writes.
public final class Curtain: Sendable {
    private let down = Atomic(true)

    public init() {}

    /// Whether the epoch is over.
    public var isDown: Bool { down.load(ordering: .relaxed) }

    public func raise() { down.store(false, ordering: .relaxed) }

    /// Ends the epoch for all; an actor whose log is full does it too.
    public func lower() { down.store(true, ordering: .relaxed) }
}

/// An actor at work: its behaviour, its hand, and the epochs it plays.
public struct Player {
    public let hand: Hand
    var actor: any Actor
    let pause: UInt64

    public init(_ role: Role, _ settings: ActorSettings, hand: Hand) {
        self.hand = hand
        actor = role.makeActor(settings)
        pause = settings.pause
    }

    /// Plays until the curtain falls, or brings it down when the log is full.
    public mutating func play(_ curtain: Curtain, _ pulse: Pulse) {
        while !curtain.isDown {
            guard hand.log.hasRoom(values: Player.valuesOfStep), hand.trouble == nil else {
                curtain.lower()
                break
            }
            hand.prepareStep()
            actor.step(hand)
            pulse.beat()
            if pause > 0 { Clock.sleep(nanoseconds: hand.random.below(pause)) }
        }
    }

    /// The most words that one step reads.
    static let valuesOfStep = 512
}
