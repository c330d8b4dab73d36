import DaxModel
package import DaxOperations
package import DaxSystem

/// What the actors of an epoch see of their controller: one flag, which they only read until the
/// epoch is over, whatever process they are in, and a counter each, which nobody else writes.
package final class Curtain: Sendable {
    private let raised = SharedWords(1)

    package init() {}

    /// Whether the epoch is over.
    package var isDown: Bool { raised.load(0) == 0 }

    package func raise() { raised.store(1, at: 0) }

    /// Ends the epoch for all; an actor whose log is full does it too.
    package func lower() { raised.store(0, at: 0) }
}

/// An actor at work: its behaviour, its hand, and the epochs it plays.
package struct Player {
    package let hand: Hand
    package var actor: any Actor
    private let role: Role
    let pause: UInt64

    /// Throws where the kernel has not what the role needs: no descriptor, no ring.
    package init(_ role: Role, _ settings: ActorSettings, hand: Hand) throws(SystemError) {
        self.hand = hand
        self.role = role
        actor = try role.makeActor(settings, hand)
        pause = settings.pause
    }

    /// Plays until the curtain falls, or brings it down when the log is full.
    package mutating func play(_ curtain: Curtain, _ pulse: Pulse) {
        if hand.epochKind == .keepsMappings && role.unmapsPages { return sitOut(curtain, pulse) }
        let pause = pauseOfEpoch()
        let reopens = role.sharesPages && hand.random.chance(1, in: 2)
        while !curtain.isDown {
            guard hand.log.hasRoom(values: Player.valuesOfStep), hand.trouble == nil else {
                curtain.lower()
                break
            }
            hand.prepareStep()
            if reopens && hand.random.chance(1, in: Player.stepsOfDescriptor) {
                hand.reopen(hand.anyFile())
            } else {
                actor.step(hand)
            }
            pulse.beat()
            if pause > 0 { rest(hand.random.below(pause), curtain) }
        }
    }

    /// Takes no part in an epoch in which mappings are to grow old. What was cut off before it began
    /// is there again, as a hole: pages of zeros are to grow old, too.
    private func sitOut(_ curtain: Curtain, _ pulse: Pulse) {
        if role == .truncater {
            for file in hand.files where hand.log.hasRoom(values: 0) && hand.trouble == nil {
                hand.prepareStep()
                hand.extents(file, [.truncate(to: file.limit)], linked: false)
                pulse.beat()
            }
        }
        rest(.max, curtain)
    }

    /// The longest pause between two steps of this epoch. A truncater takes all pages of the file out of
    /// all mappings, wherever it cuts, so that how long it pauses is how old mappings become: each
    /// epoch that is free draws that anew. Races with it are what most epochs are for: there it pauses
    /// for the shortest time, and not at all where it duels.
    func pauseOfEpoch() -> UInt64 {
        guard role == .truncater, hand.duel == nil else { return role == .truncater ? 0 : pause }
        return pause >> (hand.epochKind == .free ? 3 * hand.random.below(3) : 6)
    }

    /// Pauses, but not beyond the end of the epoch: everybody else would wait for it.
    private func rest(_ nanoseconds: UInt64, _ curtain: Curtain) {
        var left = nanoseconds
        while left > 0 && !curtain.isDown {
            let slice = min(left, Player.slice)
            Clock.sleep(nanoseconds: slice)
            left -= slice
        }
    }

    /// How many steps an actor takes by one descriptor, in an epoch in which it closes any.
    static let stepsOfDescriptor: UInt64 = 64

    /// How late an epoch may end for a pause, in nanoseconds.
    private static let slice: UInt64 = 5_000_000

    /// The most words that one step reads.
    static let valuesOfStep = 512
}
