import DaxModel
package import DaxOperations
package import DaxSystem

/// One actor as its thread runs it: its behaviour and what it works with.
package struct ActorRunner {
    package let context: ActorContext
    package var actor: any Actor
    private let role: Role
    let pause: UInt64

    /// Throws where the kernel has not what the role needs: no descriptor, no ring.
    package init(_ role: Role, _ settings: ActorSettings, context: ActorContext) throws(SystemError)
    {
        self.context = context
        self.role = role
        actor = try role.makeActor(settings, context)
        pause = settings.pause
    }

    /// Makes steps until the stop flag is set; sets it when the log is full.
    package mutating func run(_ stopFlag: StopFlag, _ progress: ProgressCounter) {
        if context.epochKind == .keepsMappings && role.unmapsPages {
            return sitOut(stopFlag, progress)
        }
        actor.begin(stopFlag)
        let pause = pauseOfEpoch()
        let reopens = role.sharesPages && context.random.chance(1, in: 2)
        while !stopFlag.isSet {
            guard context.log.hasRoom(values: ActorRunner.valuesOfStep), context.trouble == nil
            else {
                stopFlag.set()
                break
            }
            context.prepareStep()
            if reopens && context.random.chance(1, in: ActorRunner.stepsOfDescriptor) {
                context.reopen(context.anyFile())
            } else {
                actor.step(context)
            }
            progress.countStep()
            if pause > 0 { rest(context.random.below(pause), stopFlag) }
        }
    }

    /// Takes no part in an epoch in which mappings are to grow old. What was cut off before it began
    /// is there again, as a hole: pages of zeros are to grow old, too.
    private func sitOut(_ stopFlag: StopFlag, _ progress: ProgressCounter) {
        if role == .truncater {
            for file in context.files where context.log.hasRoom(values: 0) && context.trouble == nil
            {
                context.prepareStep()
                context.extents(file, [.truncate(to: file.limit)], linked: false)
                progress.countStep()
            }
        }
        rest(.max, stopFlag)
    }

    /// The longest pause between two steps of this epoch. A truncater takes all pages of the file out of
    /// all mappings, wherever it cuts, so that how long it pauses is how old mappings become: each
    /// epoch that is free draws that anew. Races with it are what most epochs are for: there it pauses
    /// for the shortest time, and not at all where it duels.
    func pauseOfEpoch() -> UInt64 {
        guard role == .truncater, context.duel == nil else { return role == .truncater ? 0 : pause }
        return pause >> (context.epochKind == .free ? 3 * context.random.below(3) : 6)
    }

    /// Pauses, but not beyond the end of the epoch: everybody else would wait for it.
    private func rest(_ nanoseconds: UInt64, _ stopFlag: StopFlag) {
        var left = nanoseconds
        while left > 0 && !stopFlag.isSet {
            let slice = min(left, ActorRunner.slice)
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
